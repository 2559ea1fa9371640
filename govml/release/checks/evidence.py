"""The report of checks as evidence, and the ledger's entry that rests on it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from govml.release.checks.outcome import Outcome
from govml.release.entry import Entry, Evidence
from govml.release.promotion.place import Place
from govml.release.state import Variant
from govml.release.verdict import verdict

_LONGEST_REASON = 900


def keep(place: Place, model: Variant, outcomes: Sequence[Outcome], *, endpoint: str, who: str, now: datetime) -> Entry:
    """Keep the report of checks in the evidence bucket, and write `tested` into the ledger.

    Args:
        place: the environment.
        model: the model that was tested.
        outcomes: what the checks found.
        endpoint: name of the endpoint that was asked.
        who: who ran the checks.
        now: the time.

    Raises:
        ClientError: AWS refuses.
        LedgerError: the ledger is damaged.
    """
    passed = all(each.passed for each in outcomes)
    at = now.astimezone(UTC)
    content = json.dumps(
        {
            "use_case": place.slug,
            "environment": place.environment,
            "endpoint": endpoint,
            "version": model.version,
            "model_digest": model.digest,
            "image": model.image,
            "at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "who": who,
            "verdict": "passed" if passed else "failed",
            "checks": {each.name: each.as_json() for each in outcomes},
        },
        sort_keys=True,
        indent=1,
        ensure_ascii=False,
        allow_nan=False,
    ).encode()
    digest = hashlib.sha256(content).hexdigest()
    key = f"checks/{place.slug}/{model.digest}/{at:%Y%m%dT%H%M%SZ}-{digest[:8]}.json"
    place.s3.put_object(
        Bucket=place.evidence, Key=key, Body=content, ContentType="application/json", ChecksumAlgorithm="SHA256"
    )
    entry = place.ledger().append(
        "tested",
        environment=place.environment,
        version=model.version,
        model_digest=model.digest,
        image=model.image,
        who=who,
        why=reasons(outcomes)[:_LONGEST_REASON],
        evidence=[Evidence(f"s3://{place.evidence}/{key}", digest), verdict(passed)],
    )
    if entry is None:
        raise AssertionError("nothing keeps the entry from being written")
    return entry


def reasons(outcomes: Sequence[Outcome]) -> str:
    """Return why the checks failed, or what they found where they did not."""
    failures: list[Any] = [reason for each in outcomes for reason in each.failures]
    return "; ".join(failures or [each.summary for each in outcomes])
