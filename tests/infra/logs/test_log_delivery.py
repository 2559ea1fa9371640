"""`LogDelivery` and `EncryptedLogGroup(subscription=...)`: a copy of every event goes to the archive, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from bench import BenchStack, Stand
from cfn_templates import ACCOUNT, REGION
from identities import Identity

from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup

STREAM = f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/central"


@pytest.fixture
def role(bench: Mapping[str, Stand]) -> Identity:
    return Identity(bench["LogDelivery"].one("AWS::IAM::Role"), bench["LogDelivery"].all())


def test_a_log_group_with_a_subscription_names_destination_role_filter_and_pattern(bench: Mapping[str, Stand]) -> None:
    assert bench["LogGroup"].one("AWS::Logs::SubscriptionFilter").properties == {
        "LogGroupName": bench["LogGroup"].one("AWS::Logs::LogGroup").name,
        "DestinationArn": STREAM,
        "RoleArn": bench["LogDelivery"].one("AWS::IAM::Role").arn,
        "FilterName": "central",
        "FilterPattern": '{ $.level = "ERROR" }',
    }


def test_a_log_group_without_one_has_no_filter(scratch: BenchStack) -> None:
    EncryptedLogGroup(scratch, "Log", key=kms.Key(scratch, "Key"), retention_days=400)
    assert [each for each in scratch.node.find_all() if isinstance(each, logs.CfnSubscriptionFilter)] == []


def test_the_role_writes_to_the_stream_and_does_nothing_else(role: Identity) -> None:
    for action in ("firehose:PutRecord", "firehose:PutRecordBatch"):
        assert role.may(action, STREAM)
        assert not role.may(action, f"{STREAM}-2")
    (policy,) = role.policies
    assert [statement["Action"] for statement in policy["Statement"]] == [
        ["firehose:PutRecord", "firehose:PutRecordBatch"]
    ]


def test_only_logs_of_this_account_and_region_assumes_the_role(role: Identity) -> None:
    ours = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:x:*"
    assert role.assumed_by("logs.amazonaws.com", source=ours)
    assert not role.assumed_by("logs.amazonaws.com", source=ours.replace(ACCOUNT, "9" * 12))
    assert not role.assumed_by("logs.amazonaws.com", source=ours.replace(REGION, "us-east-1"))
    assert not role.assumed_by("logs.amazonaws.com", account="9" * 12, source=ours)
    assert not role.assumed_by("firehose.amazonaws.com", source=ours)
