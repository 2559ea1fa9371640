"""`AlertRoute`: over HTTPS, pages told from tickets, and what nobody takes is kept."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from bench import Stand
from cfn_templates import ACCOUNT
from iam_simulator import Request, decide

from govml.settings.observability import AlertRouteSettings

SUBSCRIPTION = "AWS::SNS::Subscription"


def test_alerts_go_over_https_to_the_address(bench: Mapping[str, Stand]) -> None:
    properties = bench["TicketsOut"].one(SUBSCRIPTION).properties
    assert (properties["Protocol"], properties["Endpoint"]) == ("https", "https://desk.example.gov.sg/hooks/sns")
    assert properties["TopicArn"] == bench["Alerts"].one("AWS::SNS::Topic").arn
    assert "FilterPolicy" not in properties


def test_pages_are_told_by_how_the_description_of_an_alarm_begins(bench: Mapping[str, Stand]) -> None:
    properties = bench["PagesOut"].one(SUBSCRIPTION).properties
    assert properties["FilterPolicyScope"] == "MessageBody"
    ((prefix,),) = (each.values() for each in properties["FilterPolicy"]["AlarmDescription"])
    told = {
        each.properties["AlarmName"]: each.properties["AlarmDescription"]
        for each in bench["Alarms"].all("AWS::CloudWatch::Alarm")
    }
    assert told["bench-Failed"].startswith(prefix)
    assert not told["bench-Slow"].startswith(prefix)


def test_what_the_receiver_does_not_take_is_kept_for_this_account_only(bench: Mapping[str, Stand]) -> None:
    queue = bench["DeadLetters"].one("AWS::SQS::Queue").arn
    assert bench["PagesOut"].one(SUBSCRIPTION).properties["RedrivePolicy"] == {"deadLetterTargetArn": queue}
    policy = bench["DeadLetters"].policy("AWS::SQS::QueuePolicy")
    for account, answer in ((ACCOUNT, "allowed"), ("999999999999", "not allowed")):
        context = {"aws:SourceAccount": account}
        request = Request("sqs:SendMessage", queue, context, principal="sns.amazonaws.com")
        assert decide([policy], request) == answer


@pytest.mark.parametrize(
    "url",
    [
        "http://desk.example.gov.sg/sns",
        "https://desk.example.gov.sg/sns?token=abc",
        "https://user:word@desk.example.gov.sg/sns",
        "https://localhost/sns",
        "https://desk.example.gov.sg/a b",
    ],
)
def test_an_address_without_tls_or_with_a_key_in_it_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="url"):
        AlertRouteSettings(url=url)


def test_an_address_with_port_and_path_is_taken() -> None:
    assert AlertRouteSettings(url="https://desk.example.gov.sg:8443/hooks/sns-1").severity == "page"
