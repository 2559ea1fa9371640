"""The release function: takes events from its queue and lets the engine look at the use cases that they are about."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import boto3

from govml.release.account import Account
from govml.release.engine import Engine
from govml.release.events import Claim, read_event
from govml.release.ledger import Ledger
from govml.release.revisit import see_again
from govml.release.rules import UseCase, read_use_cases
from govml.release.transient import patient

_LOG = logging.getLogger(__name__)
logging.getLogger("govml").setLevel(logging.INFO)


@lru_cache
def _client(service: str) -> Any:
    return boto3.client(service, config=patient())


def handle(event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    """Handle a batch of messages, and return those that must come again.

    A use case whose release failed for now gives all its messages back, to be seen again within seconds; the others are done.

    Environment: `ACCOUNT`, `ENVIRONMENT`, `PREFIX`, `EVIDENCE`, `ARTIFACTS` (names of the buckets), `ALERTS` (ARN of the
    topic), `QUEUE` (URL of the queue), `USE_CASES` (JSON, see `read_use_cases`).
    """
    cases = _use_cases()
    messages: dict[str, list[str]] = {slug: [] for slug in cases}
    claims: dict[str, list[Claim]] = {slug: [] for slug in cases}
    for record in event["Records"]:
        hint = read_event(json.loads(record["body"]))
        for slug, case in cases.items():
            if hint and hint.group in {"", case.group}:
                messages[slug].append(record["messageId"])
                claims[slug] += hint.claims
    again: set[str] = set()
    for slug in filter(messages.get, cases):
        try:
            _release(cases[slug], claims[slug])
        except Exception:  # noqa: BLE001 - whatever it was: these messages come again, and end in the dead letters
            _LOG.exception("%s: not done, its messages come again", slug)
            again.update(messages[slug])
    if again:
        see_again(
            _client("sqs"), os.environ["QUEUE"], [each for each in event["Records"] if each["messageId"] in again]
        )
    return {"batchItemFailures": [{"itemIdentifier": message} for message in sorted(again)]}


def _release(case: UseCase, claims: list[Claim]) -> None:
    engine = Engine(
        Account(_client, os.environ["ACCOUNT"]),
        Ledger(_client("s3"), case.evidence, case.slug),
        case,
        alert=_alert,
    )
    rest = engine.reconcile(claims)
    engine.give_cards()
    engine.keep_bundles()
    engine.keep_live_rows()
    if rest.trouble and claims:  # the safety net finds the same trouble every time; it is told when somebody acted
        _alert(f"{case.group}: {rest.why}")


def _alert(message: str) -> None:
    _client("sns").publish(TopicArn=os.environ["ALERTS"], Subject="Release", Message=message)


def _use_cases() -> dict[str, UseCase]:
    return read_use_cases(
        json.loads(os.environ["USE_CASES"]),
        environment=os.environ["ENVIRONMENT"],
        prefix=os.environ["PREFIX"],
        evidence=os.environ["EVIDENCE"],
        artifacts=os.environ["ARTIFACTS"],
    )
