"""`AccountGuards`: the settings are made, made again each day, and cannot be taken back by what makes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from bench import Stand
from cfn_templates import ACCOUNT, REGION
from identities import Identity


@pytest.fixture
def role(bench: Mapping[str, Stand]) -> Identity:
    return Identity(bench["Guards"].one("AWS::IAM::Role"), bench["Guards"].all())


@pytest.fixture
def runbooks(bench: Mapping[str, Stand]) -> dict[str, dict[str, Any]]:
    return {each.properties["Name"]: each.properties for each in bench["Guards"].all("AWS::SSM::Association")}


def test_public_access_to_buckets_is_blocked_for_the_whole_account(
    runbooks: dict[str, dict[str, Any]], role: Identity
) -> None:
    found = runbooks["AWSConfigRemediation-ConfigureS3PublicAccessBlock"]
    # the runbook's other parameters, one for each of the four blocks, are true when they are not given
    assert found["Parameters"] == {"AccountId": [ACCOUNT], "AutomationAssumeRole": [role.arn]}


def test_new_volumes_are_encrypted(runbooks: dict[str, dict[str, Any]], role: Identity) -> None:
    found = runbooks["AWSConfigRemediation-EnableEbsEncryptionByDefault"]
    assert found["Parameters"] == {"AutomationAssumeRole": [role.arn]}


def test_both_settings_are_made_again_each_day(runbooks: dict[str, dict[str, Any]]) -> None:
    assert len(runbooks) == 2
    for found in runbooks.values():
        assert (found["ScheduleExpression"], found["ComplianceSeverity"]) == ("rate(1 day)", "HIGH")
        assert "ApplyOnlyAtCronInterval" not in found  # else the first run would wait for a day


def test_no_snapshot_is_shared_with_the_public_even_after_the_stack(bench: Mapping[str, Stand]) -> None:
    found = bench["Guards"].one("AWS::EC2::SnapshotBlockPublicAccess")
    assert found.properties == {"State": "block-all-sharing"}
    assert found.kept()


def test_the_role_makes_the_settings_and_cannot_take_them_back(role: Identity) -> None:
    for action in ("s3:PutAccountPublicAccessBlock", "ec2:EnableEbsEncryptionByDefault"):
        assert role.may(action, "*")
    for action in (
        "s3:DeleteAccountPublicAccessBlock",
        "ec2:DisableEbsEncryptionByDefault",
        "ec2:DisableSnapshotBlockPublicAccess",
        "s3:PutBucketPolicy",
        "ssm:StartAutomationExecution",
        "iam:PassRole",
    ):
        assert not role.may(action, "*")


def test_only_automation_of_this_account_assumes_the_role(role: Identity) -> None:
    execution = f"arn:aws:ssm:{REGION}:{ACCOUNT}:automation-execution/x"
    assert role.assumed_by("ssm.amazonaws.com", source=execution)
    assert not role.assumed_by("ssm.amazonaws.com", account="9" * 12, source=execution)
    assert not role.assumed_by("ssm.amazonaws.com", source=execution.replace(ACCOUNT, "9" * 12))
    assert not role.assumed_by("ec2.amazonaws.com", source=execution)
