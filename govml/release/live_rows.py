"""The few known rows of the live version, at a place that the canary knows, so that it needs to search nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from botocore.exceptions import ClientError

from govml.errors import UserError
from govml.release.checks.known_answers import parse_known
from govml.release.entry import Entry
from govml.release.rules import UseCase
from govml.release.transient import error_code

#: Rows that a look asks for: enough to tell two models apart, few enough to cost the endpoint nothing.
_ROWS: Final = 3
_ABSENT: Final = {"NoSuchKey", "404"}


def live_key(slug: str) -> str:
    """Return the key in the artefact zone of what the canary asks a use case's endpoint."""
    return f"{slug}/released/live.json"


def keep_live_rows(s3: Any, case: UseCase, entries: Sequence[Entry]) -> bool:
    """Write down which version is live and what it is known to answer; return whether that was news.

    Args:
        s3: boto3's client of S3.
        case: the use case.
        entries: its ledger, oldest first.

    Raises:
        ClientError: S3 refuses; the next call writes what is missing.
    """
    live = next((each for each in reversed(entries) if each.action == "deployed"), None)
    if live is None:
        return False
    wanted = {"version": live.version, "model_digest": live.model_digest}
    kept = json.loads(_read(s3, case.artifacts, live_key(case.slug)) or b"{}")
    if {name: kept.get(name) for name in wanted} == wanted:
        return False
    body = json.dumps({**wanted, "known": _known(s3, case, live)}, ensure_ascii=False, sort_keys=True).encode()
    s3.put_object(Bucket=case.artifacts, Key=live_key(case.slug), Body=body, ContentType="application/json")
    return True


def _known(s3: Any, case: UseCase, live: Entry) -> dict[str, Any] | None:
    """Return the first known answers of a version; None where it came without, or with what is none."""
    if not live.version:
        return None
    key = f"{case.released_key(live.model_digest).removesuffix('model.tar.gz')}reports/known_answers.json"
    text = _read(s3, case.artifacts, key)
    if text is None:
        return None
    try:
        known = parse_known(text, source=key)
    except UserError:
        return None
    rows = [{"instance": row.instance, "answer": row.answer} for row in known.rows if row.answer is not None][:_ROWS]
    return {"kind": known.kind, "model_version": known.model_version, "rows": rows} if rows else None


def _read(s3: Any, bucket: str, key: str) -> bytes | None:
    try:
        return bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    except ClientError as error:
        if error_code(error) not in _ABSENT:
            raise
        return None
