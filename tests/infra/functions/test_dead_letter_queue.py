"""`DeadLetterQueue`: encrypted, TLS only, keeps messages as long as SQS can."""

from __future__ import annotations

from collections.abc import Mapping

from bench import Stand
from cfn_templates import ACCOUNT
from iam_simulator import Request, decide

EVENTS = "events.amazonaws.com"


def send(bench: Mapping[str, Stand], principal: str, context: Mapping[str, str]) -> str:
    stand = bench["DeadLetters"]
    policy = stand.policy("AWS::SQS::QueuePolicy")
    return decide([policy], Request("sqs:SendMessage", stand.one("AWS::SQS::Queue").arn, context, principal=principal))


def test_the_queue_is_encrypted_with_the_given_key(bench: Mapping[str, Stand]) -> None:
    properties = bench["DeadLetters"].one("AWS::SQS::Queue").properties
    assert properties["KmsMasterKeyId"] == bench["LogsKey"].one("AWS::KMS::Key").arn


def test_messages_are_kept_for_14_days(bench: Mapping[str, Stand]) -> None:
    assert bench["DeadLetters"].one("AWS::SQS::Queue").properties["MessageRetentionPeriod"] == 14 * 24 * 3600


def test_the_named_sender_sends_for_this_account_only(bench: Mapping[str, Stand]) -> None:
    assert send(bench, EVENTS, {"aws:SourceAccount": ACCOUNT}) == "allowed"
    assert send(bench, EVENTS, {"aws:SourceAccount": "999999999999"}) == "not allowed"
    assert send(bench, "s3.amazonaws.com", {"aws:SourceAccount": ACCOUNT}) == "not allowed"


def test_plain_http_is_denied(bench: Mapping[str, Stand]) -> None:
    assert send(bench, EVENTS, {"aws:SourceAccount": ACCOUNT, "aws:SecureTransport": "false"}) == "denied"
