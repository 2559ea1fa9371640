"""A queue behind the alert topic of a local account: what it told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from govml.local import Connection

_NAME = "alert-tap"


@dataclass(frozen=True)
class AlertTap:
    """A queue that is subscribed to the topic."""

    sqs: Any
    url: str

    def messages(self) -> list[str]:
        """Return the messages that have come since the last look."""
        found = []
        while messages := self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10).get("Messages"):
            found += [json.loads(each["Body"])["Message"] for each in messages]
            for each in messages:
                self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=each["ReceiptHandle"])
        return found

    def alarms(self) -> dict[str, str]:
        """Return the alarms that told of a change since the last look, with their new states."""
        told = [json.loads(text) for text in self.messages() if text.startswith("{")]
        return {each["AlarmName"]: each["NewStateValue"] for each in told if "AlarmName" in each}


@contextmanager
def listening(account: Connection, topic: str) -> Iterator[AlertTap]:
    """Listen to a topic while the block lasts."""
    sqs, sns = account.client("sqs"), account.client("sns")
    url = sqs.create_queue(QueueName=_NAME)["QueueUrl"]
    arn = f"arn:aws:sqs:{account.region}:{account.account}:{_NAME}"
    subscription = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, ReturnSubscriptionArn=True)[
        "SubscriptionArn"
    ]
    try:
        yield AlertTap(sqs, url)
    finally:
        sns.unsubscribe(SubscriptionArn=subscription)
        sqs.delete_queue(QueueUrl=url)
