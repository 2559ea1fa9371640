"""`probe`: one look at one endpoint, from outside, as a caller sees it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from govml.errors import UserError
from govml.release.checks.asking import Endpoint, NotAnswered
from govml.release.checks.known_answers import KnownAnswers, parse_known
from govml.release.checks.validation import validate
from govml.release.live_rows import live_key

Outcome = Literal["answered", "nothing-live", "no-known-row", "unanswered", "otherwise", "slow"]
FAILED: Final = frozenset({"unanswered", "otherwise", "slow"})
"""Outcomes that somebody has to look at; the others say that there is nothing to ask."""
_MOVING: Final = frozenset({"Updating", "SystemUpdating", "RollingBack", "Creating"})


@dataclass(frozen=True)
class Target:
    """What is asked.

    Args:
        endpoint: name of the endpoint.
        variant: the variant that answers callers.
        slug: the use case's name in S3.
        slow_ms: an answer that takes longer, network included, is none.
    """

    endpoint: str
    variant: str
    slug: str
    slow_ms: float


@dataclass(frozen=True)
class Seen:
    """What a look has found.

    Args:
        outcome: see `Outcome`.
        detail: in words, for the log.
        milliseconds: how long the answer took; None without one.
    """

    outcome: Outcome
    detail: str
    milliseconds: float | None = None


def probe(
    client: Callable[[str], Any], bucket: str, target: Target, *, clock: Callable[[], float] = time.perf_counter
) -> Seen:
    """Ask an endpoint for the known rows of the version that the release says is live.

    While a new version takes over, either version may answer: then only being answered in time counts.

    Args:
        client: returns boto3's client of a service, by its name.
        bucket: the artefact zone.
        target: what is asked.
        clock: seconds that never run backwards.

    Raises:
        ClientError: S3 or SageMaker's control plane refuses; the endpoint's own refusals are an outcome.
    """
    kept = _live(client("s3"), bucket, target)
    if isinstance(kept, Seen):
        return kept
    known = parse_known(json.dumps(kept).encode(), source=live_key(target.slug))
    start = clock()
    try:
        answers = Endpoint(client("sagemaker-runtime"), target.endpoint, target.variant).ask(
            [row.instance for row in known.rows]
        )
    except (NotAnswered, UserError) as error:
        return Seen("unanswered", str(error))
    took = (clock() - start) * 1000
    if took > target.slow_ms:
        return Seen("slow", f"the answer took {took:.0f} ms, at most {target.slow_ms:g} are expected", took)
    found = validate(known, answers, {})
    if found.failures and not _moves(client, target):
        return Seen("otherwise", _words(found.failures, found.figures, known), took)
    return Seen("answered", found.summary, took)


def _live(s3: Any, bucket: str, target: Target) -> Any:
    """Return the known rows of what is live, or what there is to say instead."""
    try:
        kept = json.loads(s3.get_object(Bucket=bucket, Key=live_key(target.slug))["Body"].read())
    except s3.exceptions.NoSuchKey:
        return Seen("nothing-live", "no version has been released yet")
    if not kept["version"]:
        return Seen("nothing-live", "the service was ended")
    return kept["known"] or Seen("no-known-row", f"version {kept['version']} came without known answers")


def _moves(client: Callable[[str], Any], target: Target) -> bool:
    status = client("sagemaker").describe_endpoint(EndpointName=target.endpoint)["EndpointStatus"]
    return status in _MOVING


def _words(failures: tuple[str, ...], figures: Mapping[str, Any], known: KnownAnswers) -> str:
    """Say what differs; the rows themselves are data and stay out of the log."""
    count = f" ({figures.get('different', 0)} of {len(known.rows)} rows)"
    return "; ".join(failures) + count
