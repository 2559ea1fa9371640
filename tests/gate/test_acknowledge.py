"""`acknowledge` refuses at synth what the gate could only refuse afterwards."""

import gzip
import json
import re
import tarfile
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3
from hypothesis import given, settings
from hypothesis import strategies as st

from govml_constructs.validation.acknowledgement import acknowledge
from govml_constructs.validation.acknowledgement_text import AcknowledgementText
from govml_constructs.validation.nag_rules import RULES

GOOD: dict[str, Any] = {
    "reason": "Open data, replaced every night from its source.",
    "owner": "data-team",
    "expires": "2027-06-30",
}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> cdk.Stack:
    return cdk.Stack(cdk.App(outdir=str(tmp_path_factory.mktemp("out"))), "Stack")


@pytest.fixture
def bucket(stack: cdk.Stack, request: pytest.FixtureRequest) -> s3.CfnBucket:
    return s3.CfnBucket(stack, re.sub(r"\W", "", request.node.name))


def written(bucket: s3.CfnBucket) -> dict[str, str]:
    """Return qualified id -> text of what was recorded on a construct."""
    entries = [entry.data for entry in bucket.node.metadata if entry.type == "aws:cdk:acknowledged-rules"]
    return {key: value for entry in entries for key, value in dict(entry).items()}


def test_the_pack_comes_first_and_the_text_can_be_read_back(bucket: s3.CfnBucket) -> None:
    acknowledge(bucket, "AwsSolutions-S1", "NIST.800.53.R5-S3BucketLoggingEnabled", **GOOD)
    assert set(written(bucket)) == {
        "AwsSolutions::AwsSolutions-S1",
        "NIST.800.53.R5::NIST.800.53.R5-S3BucketLoggingEnabled",
    }
    for text in written(bucket).values():
        said = AcknowledgementText.parse(text)
        assert (said.reason, said.owner, said.expires) == (GOOD["reason"], "data-team", date(2027, 6, 30))


def test_a_finding_goes_into_the_brackets(bucket: s3.CfnBucket) -> None:
    acknowledge(bucket, "AwsSolutions-IAM5", finding="Resource::<RawBucket.Arn>/*", **GOOD)
    assert list(written(bucket)) == ["AwsSolutions::AwsSolutions-IAM5[Resource::<RawBucket.Arn>/*]"]


def test_a_rule_may_be_written_with_its_pack(bucket: s3.CfnBucket) -> None:
    acknowledge(bucket, "AwsSolutions::AwsSolutions-S1", "CloudFormation-Validate::W3030", **GOOD)
    assert list(written(bucket)) == ["AwsSolutions::AwsSolutions-S1", "CloudFormation-Validate::W3030"]


@pytest.mark.parametrize(
    ("rules", "change", "why"),
    [
        ((), {}, "at least one rule"),
        (("AwsSolutions-S999",), {}, "unknown rule"),
        (("S1",), {}, "unknown rule"),
        (("NIST.800.53.R5::AwsSolutions-S1",), {}, "unknown rule"),
        (("AwsSolutions-IAM5[Resource::*]",), {}, "details go into `finding`"),
        (("HIPAA.Security-S3BucketLoggingEnabled",), {}, "unknown rule"),
        (("AwsSolutions-S1",), {"reason": ""}, "shorter than 20"),
        (("AwsSolutions-S1",), {"reason": " " * 40}, "shorter than 20"),
        (("AwsSolutions-S1",), {"reason": "false positive"}, "shorter than 20"),
        (("AwsSolutions-S1",), {"reason": "A long reason [owner=me; expires=2030-01-01]"}, "must not contain"),
        (("AwsSolutions-S1",), {"owner": ""}, "owner"),
        (("AwsSolutions-S1",), {"owner": "a; expires=2099-01-01"}, "owner"),
        (("AwsSolutions-S1",), {"expires": ""}, "must be a date"),
        (("AwsSolutions-S1",), {"expires": "30.06.2027"}, "must be a date"),
        (("AwsSolutions-S1",), {"expires": "20270630"}, "must be a date"),
        (("AwsSolutions-S1",), {"expires": "2027-02-30"}, "day is out of range"),
    ],
)
def test_what_a_reviewer_could_not_use_is_refused(
    bucket: s3.CfnBucket, rules: tuple[str, ...], change: dict[str, str], why: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        acknowledge(bucket, *rules, **(GOOD | change))
    assert written(bucket) == {}


def test_a_whole_stack_or_stage_is_refused(stack: cdk.Stack, tmp_path: Path) -> None:
    app = cdk.App(outdir=str(tmp_path))
    for construct in (stack, app, cdk.Stage(app, "Dev")):
        with pytest.raises(ValueError, match="beside the cause"):
            acknowledge(construct, "AwsSolutions-S1", **GOOD)


@settings(deadline=None)  # a busy machine is no failure
@given(
    reason=st.text(min_size=20, max_size=300).filter(lambda text: len(text.strip()) >= 20 and "[owner=" not in text),
    owner=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9 ._@+-]{1,63}", fullmatch=True),
    expires=st.dates(min_value=date(2000, 1, 1)),
)
def test_any_text_is_read_back_as_it_was_written(reason: str, owner: str, expires: date) -> None:
    assert AcknowledgementText.parse(str(AcknowledgementText(reason.strip(), owner, expires))) == AcknowledgementText(
        reason.strip(), owner, expires
    )


@settings(deadline=None)
@given(text=st.text())
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        AcknowledgementText.parse(text)


def test_the_rule_ids_are_those_of_the_installed_packs() -> None:
    folder = Path(str(files("cdk_nag._jsii")))
    for pack, source in {"AwsSolutions": "aws-solutions", "NIST.800.53.R5": "nist-800-53-r5"}.items():
        with gzip.open(next(folder.glob("*.tgz"))) as archive, tarfile.open(fileobj=archive) as package:
            member = package.extractfile(f"package/lib/packs/{source}.js")
            assert member is not None
            text = member.read().decode()
        calls = re.findall(r"applyRule\(\{(.*?)\n        \}\);", text, re.DOTALL)
        found = set()
        for call in calls:
            name = re.search(r"ruleSuffixOverride: '([^']+)'", call) or re.search(r"rule: \w+\.(\w+)", call)
            assert name is not None
            found.add(f"{pack}-{name[1]}")
        assert found == RULES[pack], json.dumps(sorted(found ^ RULES[pack]))
