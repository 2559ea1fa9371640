"""Assemblies to judge: a few real ones, synthesised once with the real cdk-nag, and copies of them to tamper with."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_s3 as s3

from govml.gate.judge import judge
from govml.gate.verdict import Verdict
from govml.rules.engine import check_sides
from govml.rules.options import Options
from govml.rules.template import parse_template
from govml_constructs.validation.acknowledgement import acknowledge
from govml_constructs.validation.nag_packs import register_packs

TODAY = date(2026, 11, 21)
GOOD = {"reason": "Open data, replaced every night from its source.", "owner": "data-team", "expires": "2027-06-30"}
# What a bucket without any property breaks: nine rules of the packs, and our own.
_BARE_BUCKET = b'{"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}}'
OWN_BUCKET_RULES = tuple(
    dict.fromkeys(finding.rule for finding in check_sides(parse_template(_BARE_BUCKET, "bucket"), Options()))
)
BUCKET_RULES = (
    "AwsSolutions-S1",
    "AwsSolutions-S10",
    *(
        f"NIST.800.53.R5-S3{name}"
        for name in (
            "BucketLoggingEnabled",
            "BucketPublicReadProhibited",
            "BucketPublicWriteProhibited",
            "BucketReplicationEnabled",
            "BucketSSLRequestsOnly",
            "BucketVersioningEnabled",
            "DefaultEncryptionKMS",
        )
    ),
    *OWN_BUCKET_RULES,
)


def synthesise(folder: Path, build: Callable[[cdk.App], None]) -> Path:
    """Synthesise an app with the packs as `govml synth` does: findings are left to the gate."""
    app = cdk.App(outdir=str(folder), context={"@aws-cdk/core:failSynthOnValidationErrors": False})
    build(app)
    app.synth()
    return folder


def accepted_bucket(scope: cdk.Stack, name: str = "Bucket") -> s3.CfnBucket:
    """Make a bucket whose every finding is acknowledged as it should be."""
    bucket = s3.CfnBucket(scope, name)
    acknowledge(bucket, *BUCKET_RULES, **GOOD)
    return bucket


def _clean(app: cdk.App) -> None:
    register_packs(app)
    accepted_bucket(cdk.Stack(app, "Plain"))
    # Of the same shape as our product: stacks inside a stage.
    accepted_bucket(cdk.Stack(cdk.Stage(app, "Dev"), "Data"))


def _dirty(app: cdk.App) -> None:
    """One mistake of each kind, each on a bucket that is otherwise in order."""
    register_packs(app)
    stack = cdk.Stack(cdk.Stage(app, "Dev"), "Data")
    s3.CfnBucket(stack, "Open")
    raw = {
        "Hidden": ("AwsSolutions-S10", f"{GOOD['reason']} [owner=a team; expires=2027-06-30]"),
        "NoText": ("AwsSolutions::AwsSolutions-S10", ""),
        "NoOwner": ("AwsSolutions::AwsSolutions-S10", GOOD["reason"]),
        "Short": ("AwsSolutions::AwsSolutions-S10", "ok [owner=a team; expires=2027-06-30]"),
        "NoSuchPack": ("HIPAA.Security::HIPAA.Security-S3", f"{GOOD['reason']} [owner=a team; expires=2027-06-30]"),
    }
    for name, (rule, text) in raw.items():
        bucket = s3.CfnBucket(stack, name)
        acknowledge(bucket, *(each for each in BUCKET_RULES if each != rule.rpartition("::")[2]), **GOOD)
        cdk.Validations.of(bucket).acknowledge(cdk.Acknowledgment(id=rule, reason=text))
    for name, expires in {"Expired": "2026-11-20", "LastDay": "2026-11-21", "TooFar": "2027-12-27"}.items():
        bucket = s3.CfnBucket(stack, name)
        acknowledge(bucket, *BUCKET_RULES[1:], **GOOD)
        acknowledge(bucket, BUCKET_RULES[0], **(GOOD | {"expires": expires}))
    acknowledge(accepted_bucket(stack, "Stale"), "AwsSolutions-S5", **GOOD)
    acknowledge(accepted_bucket(stack, "Twice"), "AwsSolutions-S1", **GOOD)
    accepted_bucket(stack, "Annotated")
    cdk.Annotations.of(stack).add_warning_v2("@acme/demo:old", "this is old")
    cdk.Annotations.of(stack).add_error("this is wrong")
    wide = cdk.Stack(app, "Wide")
    s3.CfnBucket(wide, "Bucket")
    text = f"{GOOD['reason']} [owner=a team; expires=2027-06-30]"
    everything = [cdk.Acknowledgment(id=f"{rule.partition('-')[0]}::{rule}", reason=text) for rule in BUCKET_RULES]
    cdk.Validations.of(wide).acknowledge(*everything)


@jsii.implements(cdk.IPolicyValidationPlugin)
class Crashing:
    """A plugin that throws, as a broken rule would."""

    @property
    def name(self) -> str:
        return "Crashing"

    @property
    def version(self) -> str:
        return "1.0.0"

    @property
    def rule_ids(self) -> list[str]:
        return []

    def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
        raise RuntimeError("out of order")


def _crashing(app: cdk.App) -> None:
    register_packs(app)
    accepted_bucket(cdk.Stack(app, "Plain"))
    cdk.Validations.of(app).add_plugins(Crashing())


def _repeated(app: cdk.App) -> None:
    import cdk_nag

    register_packs(app)
    stage = cdk.Stage(app, "Dev")
    cdk.Validations.of(stage).add_plugins(cdk_nag.AwsSolutionsChecks(stage))
    accepted_bucket(cdk.Stack(stage, "Data"))


def _without_packs(app: cdk.App) -> None:
    accepted_bucket(cdk.Stack(app, "Plain"))


APPS = {
    "clean": _clean,
    "dirty": _dirty,
    "crashing": _crashing,
    "repeated": _repeated,
    "without packs": _without_packs,
}


@pytest.fixture(scope="session")
def synthesised(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return the assembly of one of `APPS`, synthesised on first use."""
    made: dict[str, Path] = {}

    def _synthesised(name: str) -> Path:
        if name not in made:
            made[name] = synthesise(tmp_path_factory.mktemp("assembly"), APPS[name])
        return made[name]

    return _synthesised


@pytest.fixture
def copy(synthesised: Callable[[str], Path], tmp_path: Path) -> Callable[..., Path]:
    """Return a copy of an assembly, with its validation report changed by a function."""

    def _copy(name: str, change: Callable[[dict[str, Any]], None] | None = None) -> Path:
        folder = tmp_path / "cdk.out"
        shutil.copytree(synthesised(name), folder)
        path = folder / "validation-report.json"
        report = json.loads(path.read_text())
        if change is not None:
            change(report)
        path.write_text(json.dumps(report))
        return folder

    return _copy


def kinds(verdict: Verdict) -> set[tuple[str, str, str]]:
    """Return (kind, rule, path) of every refusal."""
    return {(refusal.kind, refusal.rule, refusal.path) for refusal in verdict.refusals}


@pytest.fixture(name="kinds")
def _kinds() -> Callable[[Verdict], set[tuple[str, str, str]]]:
    return kinds


@pytest.fixture
def verdict(synthesised: Callable[[str], Path]) -> Callable[[str], Verdict]:
    """Judge one of `APPS` as on `TODAY`."""
    return lambda name: judge(synthesised(name), TODAY)
