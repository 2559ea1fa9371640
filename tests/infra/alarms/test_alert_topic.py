"""`AlertTopic`: encrypted, TLS only, closed to services that act for other accounts."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from bench import Stand
from cfn_templates import ACCOUNT
from iam_simulator import Request, decide


def publish(bench: Mapping[str, Stand], principal: str, context: Mapping[str, str]) -> str:
    stand = bench["Alerts"]
    policy = stand.policy("AWS::SNS::TopicPolicy")
    return decide([policy], Request("sns:Publish", stand.one("AWS::SNS::Topic").arn, context, principal=principal))


def test_the_topic_is_encrypted_with_the_given_key(bench: Mapping[str, Stand]) -> None:
    properties = bench["Alerts"].one("AWS::SNS::Topic").properties
    assert properties["KmsMasterKeyId"] == bench["LogsKey"].one("AWS::KMS::Key").arn


@pytest.mark.parametrize(
    "service", [f"{name}.amazonaws.com" for name in ("cloudwatch", "events", "budgets", "costalerts")]
)
def test_named_services_publish_for_this_account_only(bench: Mapping[str, Stand], service: str) -> None:
    assert publish(bench, service, {"aws:SourceAccount": ACCOUNT}) == "allowed"
    assert publish(bench, service, {"aws:SourceAccount": "999999999999"}) == "not allowed"
    assert publish(bench, service, {}) == "not allowed"


def test_no_other_service_publishes(bench: Mapping[str, Stand]) -> None:
    assert publish(bench, "s3.amazonaws.com", {"aws:SourceAccount": ACCOUNT}) == "not allowed"


def test_plain_http_is_denied(bench: Mapping[str, Stand]) -> None:
    context = {"aws:SourceAccount": ACCOUNT, "aws:SecureTransport": "false"}
    assert publish(bench, "events.amazonaws.com", context) == "denied"


def test_every_address_is_subscribed(bench: Mapping[str, Stand]) -> None:
    properties = bench["Alerts"].one("AWS::SNS::Subscription").properties
    assert (properties["Protocol"], properties["Endpoint"]) == ("email", "ops@example.gov.sg")
