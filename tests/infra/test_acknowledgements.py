"""`acknowledge`, `AcknowledgementText`, `resource_finding`, `RULES`: only what the gate can judge is written."""

from __future__ import annotations

import importlib.util
import re
import sys
import tarfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Fn, Stage
from aws_cdk import aws_s3 as s3
from bench import BenchStack

from govml_constructs.validation import source_line
from govml_constructs.validation.acknowledgement import acknowledge
from govml_constructs.validation.acknowledgement_text import AcknowledgementText
from govml_constructs.validation.nag_canary import CANARY_RULES
from govml_constructs.validation.nag_findings import resource_finding
from govml_constructs.validation.nag_rules import RULES

REPOSITORY = Path(__file__).resolve().parents[2]
GOOD = {"reason": "Long enough to be a real reason.", "owner": "platform-security", "expires": "2027-11-20"}


def written(construct: s3.CfnBucket) -> dict[str, str]:
    (entry,) = [each for each in construct.node.metadata if each.type == "aws:cdk:acknowledged-rules"]
    return dict(entry.data)


@pytest.fixture
def bucket(scratch: BenchStack) -> s3.CfnBucket:
    return s3.CfnBucket(scratch, "Bucket")


@pytest.mark.parametrize(
    ("rule", "qualified"),
    [
        ("AwsSolutions-S1", "AwsSolutions::AwsSolutions-S1"),
        ("AwsSolutions::AwsSolutions-S1", "AwsSolutions::AwsSolutions-S1"),
        ("NIST.800.53.R5-S3BucketLoggingEnabled", "NIST.800.53.R5::NIST.800.53.R5-S3BucketLoggingEnabled"),
        ("CloudFormation-Validate::W3010", "CloudFormation-Validate::W3010"),
    ],
)
def test_the_pack_stands_before_the_rule(bucket: s3.CfnBucket, rule: str, qualified: str) -> None:
    acknowledge(bucket, rule, **GOOD)
    assert set(written(bucket)) == {qualified}


def test_a_detail_stands_behind_the_rule(bucket: s3.CfnBucket) -> None:
    acknowledge(bucket, "AwsSolutions-IAM5", finding="Resource::*", **GOOD)
    assert set(written(bucket)) == {"AwsSolutions::AwsSolutions-IAM5[Resource::*]"}


def test_reason_owner_and_expiry_can_be_read_back(bucket: s3.CfnBucket) -> None:
    acknowledge(bucket, "AwsSolutions-S1", **GOOD)
    (text,) = written(bucket).values()
    said = AcknowledgementText.parse(text)
    assert (said.reason, said.owner, said.expires) == (GOOD["reason"], GOOD["owner"], date(2027, 11, 20))


def test_the_line_of_the_call_is_recorded_relative_to_the_repository(bucket: s3.CfnBucket) -> None:
    line = 1 + sys._getframe().f_lineno
    acknowledge(
        bucket,
        "AwsSolutions-S1",
        **GOOD,
    )
    (text,) = written(bucket).values()
    assert AcknowledgementText.parse(text).source == f"tests/infra/test_acknowledgements.py:{line}"


@pytest.mark.parametrize(
    ("filename", "module", "named"),
    [
        ("/srv/venv/lib/site-packages/their_package/data.py", "their_package.data", "their_package/data.py"),
        ("/home/somebody/their_app/app.py", "__main__", "app.py"),
        (str(REPOSITORY / ".venv/lib/site-packages/stacks/data/data.py"), "stacks.data.data", "stacks/data/data.py"),
        (str(REPOSITORY / "stacks/data/data.py"), "stacks.data.data", "stacks/data/data.py"),
    ],
)
def test_code_elsewhere_is_named_by_its_module(filename: str, module: str, named: str) -> None:
    assert source_line._named(filename, module) == named


def test_a_text_without_a_source_can_still_be_read() -> None:
    text = f"{GOOD['reason']} [owner=a team; expires=2027-06-30]"
    assert AcknowledgementText.parse(text) == AcknowledgementText(GOOD["reason"], "a team", date(2027, 6, 30))


@pytest.mark.parametrize("source", ["/home/somebody/app.py:3", "../app.py:3", "app.py", "app.py:0", "a;b.py:1"])
def test_a_source_that_names_a_machine_or_no_line_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match="relative path and a line"):
        AcknowledgementText(GOOD["reason"], GOOD["owner"], date(2027, 6, 30), source)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"reason": "too short"}, "shorter than 20"),
        ({"reason": "A long reason with [owner= inside it."}, "must not contain"),
        ({"owner": ""}, "name of a role or a team"),
        ({"owner": "a;b"}, "name of a role or a team"),
        ({"expires": "20.11.2027"}, "YYYY-MM-DD"),
        ({"expires": "2027-13-01"}, "month"),
    ],
)
def test_a_text_that_a_reviewer_could_not_use_is_refused(
    bucket: s3.CfnBucket, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        acknowledge(bucket, "AwsSolutions-S1", **{**GOOD, **change})


@pytest.mark.parametrize("rule", ["AwsSolutions-S99", "S1", "AwsSolutions-IAM5[Resource::*]", "HIPAA.Security-X", ""])
def test_an_unknown_rule_is_refused(bucket: s3.CfnBucket, rule: str) -> None:
    with pytest.raises(ValueError, match="unknown rule"):
        acknowledge(bucket, rule, **GOOD)


def test_no_rule_at_all_is_refused(bucket: s3.CfnBucket) -> None:
    with pytest.raises(ValueError, match="at least one rule"):
        acknowledge(bucket, **GOOD)


def test_a_whole_stack_or_stage_is_refused(scratch: BenchStack) -> None:
    for whole in (scratch, Stage(App(), "Stage")):
        with pytest.raises(ValueError, match="not for a whole stack"):
            acknowledge(whole, "AwsSolutions-S1", **GOOD)


def test_the_detail_of_a_resource_is_written_as_nag_writes_it(scratch: BenchStack) -> None:
    bucket = s3.Bucket(scratch, "Bucket")
    name = scratch.get_logical_id(bucket.node.default_child)  # type: ignore[arg-type]  # the L1 below the L2
    assert resource_finding(scratch, "*") == "Resource::*"
    assert resource_finding(scratch, bucket.arn_for_objects("*")) == f"Resource::<{name}.Arn>/*"
    assert resource_finding(scratch, f"{bucket.bucket_name}/${{aws:PrincipalTag/x}}") == (
        f"Resource::<{name}>/<aws:PrincipalTag/x>"
    )


def test_a_resource_that_nag_would_write_otherwise_is_refused(scratch: BenchStack) -> None:
    with pytest.raises(ValueError, match="no rule for writing"):
        resource_finding(scratch, Fn.select(0, ["a", Fn.ref("AWS::StackName")]) + Fn.import_value("x"))


def installed_rules() -> dict[str, set[str]]:
    spec = importlib.util.find_spec("cdk_nag")
    assert spec is not None
    assert spec.origin is not None
    (bundle,) = (Path(spec.origin).parent / "_jsii").glob("cdk-nag@*.jsii.tgz")
    with tarfile.open(bundle) as archive:
        sources = {
            name: archive.extractfile(f"package/lib/packs/{name}.js").read().decode()  # type: ignore[union-attr]
            for name in ("aws-solutions", "nist-800-53-r5")
        }
    solutions = re.findall(r"ruleSuffixOverride: '(\w+)'", sources["aws-solutions"])
    nist = re.findall(r"rule: \w+\.(\w+)", sources["nist-800-53-r5"])
    return {
        "AwsSolutions": {f"AwsSolutions-{name}" for name in solutions},
        "NIST.800.53.R5": {f"NIST.800.53.R5-{name}" for name in nist},
    }


def test_the_known_rules_are_those_of_the_installed_packs() -> None:
    installed = installed_rules()
    for pack, rules in RULES.items():
        assert rules == installed[pack]
        assert CANARY_RULES[pack] in rules
