"""`AccountSetting`: a small function with a narrow role, whose failures are heard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from bench import Stand
from cfn_templates import ACCOUNT, REGION
from identities import Identity


@pytest.fixture
def function(bench: Mapping[str, Stand]) -> dict[str, Any]:
    return bench["Setting"].one("AWS::Lambda::Function").properties


@pytest.fixture
def role(bench: Mapping[str, Stand]) -> Identity:
    return Identity(bench["Setting"].one("AWS::IAM::Role"), bench["Setting"].all())


def test_the_function_runs_the_named_setting_on_the_current_python(function: dict[str, Any]) -> None:
    assert function["Handler"] == "handler.handle"
    assert function["Environment"] == {"Variables": {"SETTING": "default_security_group"}}
    assert function["Runtime"] in {"python3.13", "python3.14"}


def test_its_environment_is_encrypted_with_the_given_key(bench: Mapping[str, Stand], function: dict[str, Any]) -> None:
    assert function["KmsKeyArn"] == bench["LogsKey"].one("AWS::KMS::Key").arn


def test_it_logs_into_the_given_log_group(bench: Mapping[str, Stand], function: dict[str, Any], role: Identity) -> None:
    log_group = bench["LogGroup"].one("AWS::Logs::LogGroup")
    assert function["LoggingConfig"]["LogGroup"] == log_group.name
    assert role.may("logs:PutLogEvents", log_group.arn)
    assert not role.may("logs:CreateLogGroup", log_group.arn)


def test_what_it_cannot_handle_is_told_to_the_topic(
    bench: Mapping[str, Stand], function: dict[str, Any], role: Identity
) -> None:
    topic = bench["Alerts"].one("AWS::SNS::Topic").arn
    assert function["DeadLetterConfig"] == {"TargetArn": topic}
    assert role.may("sns:Publish", topic)


def test_the_key_serves_its_alerts_through_the_topic_and_its_environment_only(
    bench: Mapping[str, Stand], role: Identity
) -> None:
    """The same key encrypts logs and evidence: a function needs none of those."""
    key = bench["LogsKey"].one("AWS::KMS::Key").arn
    through_topic = {"kms:ViaService": f"sns.{REGION}.amazonaws.com"}
    assert role.may("kms:GenerateDataKey", key, through_topic)
    assert not role.may("kms:GenerateDataKey", key, {"kms:ViaService": f"s3.{REGION}.amazonaws.com"})
    assert role.may("kms:Decrypt", key)
    for action in ("kms:Encrypt", "kms:GenerateDataKey", "kms:CreateGrant", "kms:ReEncryptFrom"):
        assert not role.may(action, key), action


def test_it_runs_once_at_a_time_and_not_for_long(function: dict[str, Any]) -> None:
    assert function["ReservedConcurrentExecutions"] == 1
    assert function["Timeout"] <= 300


def test_its_role_may_do_what_the_setting_needs_and_nothing_else(bench: Mapping[str, Stand], role: Identity) -> None:
    ec2 = f"arn:aws:ec2:{REGION}:{ACCOUNT}:security-group"
    vpc = bench["Network"].one("AWS::EC2::VPC").name
    assert role.may("ec2:RevokeSecurityGroupIngress", f"{ec2}/{vpc}.DefaultSecurityGroup")
    assert not role.may("ec2:RevokeSecurityGroupIngress", f"{ec2}/sg-other")
    assert not role.may("ec2:AuthorizeSecurityGroupIngress", f"{ec2}/{vpc}.DefaultSecurityGroup")
    assert role.assumed_by("lambda.amazonaws.com")
    assert not role.assumed_by("lambda.amazonaws.com", account="9" * 12)


def test_the_resource_hands_its_properties_to_the_function(bench: Mapping[str, Stand]) -> None:
    setting = bench["Setting"].one("Custom::DefaultSecurityGroupClosed").properties
    assert setting["ServiceToken"] == bench["Setting"].one("AWS::Lambda::Function").arn
    assert setting["SecurityGroupId"].endswith(".DefaultSecurityGroup")
