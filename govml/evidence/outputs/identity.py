"""Identifiers that are the same in every run."""

from __future__ import annotations

from uuid import UUID, uuid5

_NAMESPACE = UUID("6d1f7a52-5a0e-5c1b-9a63-0d6a4b2f7e10")


def stable_uuid(*parts: str) -> str:
    """Return a name-based UUID (RFC 9562, version 5) of the parts, so that two runs can be compared line by line."""
    return str(uuid5(_NAMESPACE, "\x1f".join(parts)))
