"""A queue behind a rule on the local account's bus: what tests see of its events."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from govml.local import Connection


@dataclass(frozen=True)
class Tap:
    """A queue behind a rule on the default bus."""

    sqs: Any
    url: str

    def drain(self, detail_type: str) -> list[dict[str, Any]]:
        """Events of one type, in order, that have come so far."""
        found = []
        while messages := self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10).get("Messages"):
            found += [json.loads(message["Body"]) for message in messages]
            for message in messages:
                self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
        return [event for event in found if event["detail-type"] == detail_type]


@contextmanager
def tapped(account: Connection, source: str) -> Iterator[Tap]:
    """Listen to one source of events while the block lasts."""
    sqs, events, name = account.client("sqs"), account.client("events"), source.replace(".", "-")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = f"arn:aws:sqs:{account.region}:{account.account}:{name}"
    events.put_rule(Name=name, EventPattern=json.dumps({"source": [source]}))
    events.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": arn}])
    try:
        yield Tap(sqs, url)
    finally:
        events.remove_targets(Rule=name, Ids=["queue"])
        events.delete_rule(Name=name)
        sqs.delete_queue(QueueUrl=url)
