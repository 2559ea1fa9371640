"""Assemblies with one thing wrong in each, synthesised once with the real cdk-nag."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs

from govml.evidence.evidence import Evidence, gather
from govml.evidence.nag_catalogue import NAG_PACKS
from govml.evidence.resource import read_assembly
from govml.evidence.row import Row
from govml.evidence.rule import RuleSource
from govml_constructs.validation.acknowledgement import acknowledge
from govml_constructs.validation.nag_packs import register_packs

TODAY = date(2026, 11, 27)
TEXT = {"reason": "Open data, replaced every night from its source.", "owner": "data-team"}


def _queues(app: cdk.App) -> None:
    """Queues of every kind of outcome, in a stage as in the product."""
    register_packs(app)
    stack = cdk.Stack(cdk.Stage(app, "Dev"), "Data")
    sqs.CfnQueue(stack, "Open")
    acknowledge(sqs.CfnQueue(stack, "Accepted"), "AwsSolutions-SQS3", expires="2027-06-30", **TEXT)
    acknowledge(sqs.CfnQueue(stack, "Expired"), "AwsSolutions-SQS3", expires="2026-11-26", **TEXT)
    acknowledge(sqs.CfnQueue(stack, "Stale"), "AwsSolutions-SQS2", expires="2027-06-30", **TEXT)
    hidden = sqs.CfnQueue(stack, "Hidden")
    cdk.Validations.of(hidden).acknowledge(cdk.Acknowledgment(id="AwsSolutions-SQS3", reason="nobody will see"))
    cdk.CfnResource(stack, "Untyped", type="AWS::SQS::Queue")


def _without_packs(app: cdk.App) -> None:
    s3.CfnBucket(cdk.Stack(app, "Plain"), "Bucket")


APPS: dict[str, Callable[[cdk.App], None]] = {"queues": _queues, "without packs": _without_packs}


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return the assembly of one of `APPS`, synthesised on first use."""
    made: dict[str, Path] = {}

    def _assembly(name: str) -> Path:
        if name not in made:
            made[name] = tmp_path_factory.mktemp("assembly") / "out"
            app = cdk.App(outdir=str(made[name]), context={"@aws-cdk/core:failSynthOnValidationErrors": False})
            APPS[name](app)
            app.synth()
        return made[name]

    return _assembly


@pytest.fixture
def copy(assembly: Callable[[str], Path], tmp_path: Path) -> Callable[[str], Path]:
    """Return a copy of an assembly, to be tampered with."""

    def _copy(name: str) -> Path:
        return shutil.copytree(assembly(name), tmp_path / "copy")

    return _copy


def look(folder: Path, sources: Iterable[RuleSource] = NAG_PACKS, day: date = TODAY) -> Evidence:
    """Return the evidence of one assembly by cdk-nag alone, so that a new rule of ours changes no test here."""
    return gather([read_assembly(folder, "profile")], day, tuple(sources))


@pytest.fixture(name="look")
def _look() -> Callable[..., Evidence]:
    return look


def outcome(evidence: Evidence, rule: str, logical_id: str) -> Row:
    """Return the only row of a rule and a resource."""
    (row,) = [each for each in evidence.rows if each.rule.id == rule and each.logical_id == logical_id]
    return row


@pytest.fixture(name="outcome")
def _outcome() -> Callable[..., Row]:
    return outcome
