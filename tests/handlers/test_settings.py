"""The settings themselves, against an account in memory: made, made again, left in place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

Function = Callable[[str], Callable[[dict[str, Any]], None]]
Event = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def account() -> Iterator[list[str]]:
    """An account in memory for all tests of this file, and the API operations that it is asked for."""
    made: list[str] = []
    with mock_aws():
        boto3.DEFAULT_SESSION = boto3.Session()
        boto3.DEFAULT_SESSION.events.register(
            "before-call", lambda model, **_: made.append(f"{model.service_model.service_name}:{model.name}")
        )
        yield made
        boto3.DEFAULT_SESSION = None


@pytest.fixture
def calls(account: list[str]) -> list[str]:
    """Every API operation that the test calls from here on, as in `ec2:DescribeVpcs`."""
    account.clear()
    return account


@pytest.fixture
def group(calls: list[str]) -> dict[str, str]:
    """Return the properties for the default group of a new VPC."""
    client = boto3.client("ec2")
    vpc = client.create_vpc(CidrBlock="10.0.0.0/24")["Vpc"]["VpcId"]
    (default,) = client.describe_security_groups(
        Filters=[{"Name": "vpc-id", "Values": [vpc]}, {"Name": "group-name", "Values": ["default"]}]
    )["SecurityGroups"]
    assert default["IpPermissionsEgress"]
    calls.clear()
    return {"SecurityGroupId": default["GroupId"]}


def rules(group: dict[str, str]) -> list[Any]:
    (found,) = boto3.client("ec2").describe_security_groups(GroupIds=[group["SecurityGroupId"]])["SecurityGroups"]
    return [*found["IpPermissions"], *found["IpPermissionsEgress"]]


def statuses(cloudformation: Any) -> list[tuple[str, str]]:
    return [(body["Status"], body["PhysicalResourceId"]) for _, body in cloudformation.received]


def open_to_itself(group: dict[str, str]) -> None:
    """Add the rule that EC2 gives to every default group, should the account in memory not have made it."""
    pair = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group["SecurityGroupId"]}]}
    boto3.client("ec2").authorize_security_group_ingress(GroupId=group["SecurityGroupId"], IpPermissions=[pair])


def test_the_default_group_loses_its_rules(
    function: Function, event: Event, cloudformation: Any, group: dict[str, str]
) -> None:
    open_to_itself(group)
    assert len(rules(group)) == 2
    function("default_security_group")(event("Create", group))
    assert rules(group) == []
    assert statuses(cloudformation) == [("SUCCESS", f"default-security-group-closed/{group['SecurityGroupId']}")]


def test_closing_it_again_changes_nothing(
    function: Function, event: Event, cloudformation: Any, group: dict[str, str]
) -> None:
    for kind in ("Create", "Update", "Update"):
        function("default_security_group")(event(kind, group, "x"))
    assert rules(group) == []
    assert {status for status, _ in statuses(cloudformation)} == {"SUCCESS"}


def test_closing_it_makes_two_calls_and_no_other(
    function: Function, event: Event, calls: list[str], group: dict[str, str]
) -> None:
    function("default_security_group")(event("Create", group))
    assert calls == ["ec2:RevokeSecurityGroupIngress", "ec2:RevokeSecurityGroupEgress"]


def test_a_delete_leaves_it_closed(
    function: Function, event: Event, cloudformation: Any, calls: list[str], group: dict[str, str]
) -> None:
    function("default_security_group")(event("Create", group))
    calls.clear()
    function("default_security_group")(event("Delete", group, statuses(cloudformation)[0][1]))
    assert calls == []
    assert rules(group) == []
    assert statuses(cloudformation)[1] == statuses(cloudformation)[0]


@pytest.mark.parametrize(
    ("properties", "reason"),
    [({"SecurityGroupId": "sg-00000000"}, "InvalidGroup"), ({}, "KeyError: 'SecurityGroupId'")],
)
@pytest.mark.usefixtures("calls")
def test_a_group_that_does_not_exist_fails(
    function: Function, event: Event, cloudformation: Any, properties: dict[str, str], reason: str
) -> None:
    function("default_security_group")(event("Create", properties))
    ((_, body),) = cloudformation.received
    assert body["Status"] == "FAILED"
    assert reason in body["Reason"]


LOGGING = {"LogGroupName": "invocations", "RoleArn": "arn:aws:iam::123456789012:role/delivery"}


@pytest.fixture
def log_group(calls: list[str]) -> Iterator[None]:
    boto3.client("logs").create_log_group(logGroupName="invocations")
    calls.clear()
    yield
    boto3.client("logs").delete_log_group(logGroupName="invocations")
    boto3.client("bedrock").delete_model_invocation_logging_configuration()


def logging_configuration() -> dict[str, Any]:
    answer = boto3.client("bedrock").get_model_invocation_logging_configuration()
    return dict(answer.get("loggingConfig") or {})


def test_bedrock_logs_the_text_of_every_call(
    function: Function, event: Event, cloudformation: Any, log_group: None
) -> None:
    function("model_invocation_logging")(event("Create", LOGGING))
    assert statuses(cloudformation) == [("SUCCESS", "bedrock-model-invocation-logging")]
    configuration = logging_configuration()
    assert configuration["cloudWatchConfig"] == {"logGroupName": "invocations", "roleArn": LOGGING["RoleArn"]}
    assert configuration["textDataDeliveryEnabled"] is True
    assert configuration["imageDataDeliveryEnabled"] is configuration["embeddingDataDeliveryEnabled"] is False


def test_turning_it_on_again_or_elsewhere_is_an_update_of_the_same_setting(
    function: Function, event: Event, cloudformation: Any, calls: list[str], log_group: None
) -> None:
    function("model_invocation_logging")(event("Create", LOGGING))
    role = "arn:aws:iam::123456789012:role/other"
    function("model_invocation_logging")(
        event("Update", {**LOGGING, "RoleArn": role}, "bedrock-model-invocation-logging")
    )
    assert len(set(statuses(cloudformation))) == 1
    assert calls == ["bedrock:PutModelInvocationLoggingConfiguration"] * 2
    assert logging_configuration()["cloudWatchConfig"]["roleArn"] == role


def test_a_delete_leaves_logging_on(
    function: Function, event: Event, cloudformation: Any, calls: list[str], log_group: None
) -> None:
    function("model_invocation_logging")(event("Create", LOGGING))
    calls.clear()
    function("model_invocation_logging")(event("Delete", LOGGING, "bedrock-model-invocation-logging"))
    assert calls == []
    assert logging_configuration()["textDataDeliveryEnabled"] is True
    assert statuses(cloudformation)[1] == ("SUCCESS", "bedrock-model-invocation-logging")


def test_missing_properties_fail(function: Function, event: Event, cloudformation: Any, calls: list[str]) -> None:
    function("model_invocation_logging")(event("Create", {}))
    ((_, body),) = cloudformation.received
    assert (body["Status"], calls) == ("FAILED", [])
