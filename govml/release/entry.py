"""One entry of the deployment ledger: who did what, when, to which digests, on which evidence."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

Action = Literal[
    "approved",
    "refused",
    "signed-off",
    "deploying",
    "deployed",
    "rolled-back",
    "failed",
    "frozen",
    "unfrozen",
    "retired",
    "received",
    "tested",
]
ACTIONS: frozenset[str] = frozenset(get_args(Action))
FIRST = "0" * 64
"""`previous` of the first entry, which has none before it."""
_KINDS: Mapping[str, type] = {"sequence": int, "version": int, "evidence": list}


class EntryError(ValueError):
    """Bytes that are no entry of a ledger."""


@dataclass(frozen=True)
class Evidence:
    """A document that an entry rests on, such as an approval bundle or the report of a load test.

    Args:
        uri: its S3 URI, or the id of the event that it was.
        sha256: SHA-256 of its bytes, hexadecimal; empty where it is no object.
    """

    uri: str
    sha256: str = ""


@dataclass(frozen=True)
class Entry:
    """One step of a model's release. Written once, never changed.

    Args:
        sequence: its place in the ledger, from 1.
        previous: SHA-256 of the bytes of the entry before it, hexadecimal; `FIRST` for the first.
        at: when it was written, ISO 8601 in UTC, such as `2026-11-28T09:30:00Z`.
        action: what was done.
        use_case: name of the use case as AWS takes it, such as `hdb-resale`.
        environment: `dev`, `uat` or `prod`.
        version: version of the model package in that environment's registry; 0 where the entry is about none.
        model_digest: SHA-256 of the model archive, hexadecimal; empty where the entry is about no model.
        image: container image with its digest, `repository@sha256:...`; empty likewise.
        who: the person or role that did it.
        why: the reason, in a sentence.
        evidence: documents that it rests on.
    """

    sequence: int
    previous: str
    at: str
    action: Action
    use_case: str
    environment: str
    version: int = 0
    model_digest: str = ""
    image: str = ""
    who: str = ""
    why: str = ""
    evidence: tuple[Evidence, ...] = ()

    def as_bytes(self) -> bytes:
        """Return the object's content: JSON with sorted keys on one line; equal entries have equal bytes."""
        values = {name: getattr(self, name) for name in _NAMES}
        values["evidence"] = [{"uri": each.uri, "sha256": each.sha256} for each in self.evidence]
        return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"

    @property
    def digest(self) -> str:
        """SHA-256 of `as_bytes`, hexadecimal: what the next entry holds as `previous`."""
        return hashlib.sha256(self.as_bytes()).hexdigest()


_NAMES = frozenset(field.name for field in fields(Entry))


def read_entry(content: bytes) -> Entry:
    """Return the entry that an object holds.

    Raises:
        EntryError: the bytes are not exactly those of an entry, as `Entry.as_bytes` writes it.
    """
    try:
        values = json.loads(content)
    except ValueError as error:
        raise EntryError(f"no JSON: {error}") from error
    if not isinstance(values, dict) or set(values) != _NAMES:
        raise EntryError(f"an entry holds exactly {', '.join(sorted(_NAMES))}")
    for name, value in values.items():
        kind = _KINDS.get(name, str)
        if type(value) is not kind:
            raise EntryError(f"{name} is no {kind.__name__}")
    if values["action"] not in ACTIONS:
        raise EntryError(f"unknown action {values['action']!r}")
    entry = Entry(**{**values, "evidence": tuple(_evidence(each) for each in values["evidence"])})
    if entry.as_bytes() != content:
        raise EntryError("it is written differently from how the ledger writes")
    return entry


def _evidence(value: Any) -> Evidence:
    parts = value if isinstance(value, dict) else {}
    if set(parts) != {"uri", "sha256"} or not all(isinstance(part, str) for part in parts.values()):
        raise EntryError("evidence holds exactly uri and sha256, as text")
    return Evidence(**parts)
