"""`ModelInvocationLog`: Bedrock delivers every call to one encrypted log group, by a role that can do nothing else."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from bench import Stand
from cfn_templates import ACCOUNT, REGION, Resource
from identities import Identity


def role(bench: Mapping[str, Stand], kind: str) -> Identity:
    stand = bench["InvocationLog"]
    (found,) = [each for each in stand.all("AWS::IAM::Role") if f"/{kind}/" in each.path]
    return Identity(found, stand.all())


@pytest.fixture
def log_group(bench: Mapping[str, Stand]) -> Resource:
    return bench["InvocationLog"].one("AWS::Logs::LogGroup")


def test_the_log_is_encrypted_and_kept(bench: Mapping[str, Stand], log_group: Resource) -> None:
    assert log_group.properties["KmsKeyId"] == bench["LogsKey"].one("AWS::KMS::Key").arn
    assert log_group.properties["RetentionInDays"] == 400
    assert log_group.kept()


def test_the_setting_names_the_log_and_the_delivery_role(bench: Mapping[str, Stand], log_group: Resource) -> None:
    setting = bench["InvocationLog"].one("Custom::ModelInvocationLogging").properties
    assert setting["LogGroupName"] == log_group.name
    assert setting["RoleArn"] == role(bench, "Delivery").arn


def test_bedrock_delivers_for_this_account_and_can_do_nothing_else(
    bench: Mapping[str, Stand], log_group: Resource
) -> None:
    delivery, source = role(bench, "Delivery"), f"arn:aws:bedrock:{REGION}:{ACCOUNT}:x"
    assert delivery.assumed_by("bedrock.amazonaws.com", source=source)
    assert not delivery.assumed_by("bedrock.amazonaws.com", account="9" * 12, source=source)
    assert delivery.may("logs:PutLogEvents", log_group.arn)
    assert not delivery.may("logs:PutLogEvents", bench["LogGroup"].one("AWS::Logs::LogGroup").arn)
    assert not delivery.may("bedrock:InvokeModel", "*")


def test_the_function_turns_logging_on_and_cannot_turn_it_off(bench: Mapping[str, Stand]) -> None:
    function = role(bench, "LoggingOn")
    assert function.may("bedrock:PutModelInvocationLoggingConfiguration", "*")
    assert not function.may("bedrock:DeleteModelInvocationLoggingConfiguration", "*")


def test_the_function_passes_the_delivery_role_to_bedrock_only(bench: Mapping[str, Stand]) -> None:
    function, delivery = role(bench, "LoggingOn"), role(bench, "Delivery").arn
    assert function.may("iam:PassRole", delivery, {"iam:PassedToService": "bedrock.amazonaws.com"})
    assert not function.may("iam:PassRole", delivery, {"iam:PassedToService": "lambda.amazonaws.com"})
    assert not function.may("iam:PassRole", function.arn, {"iam:PassedToService": "bedrock.amazonaws.com"})
