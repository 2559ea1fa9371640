"""The verdict of a model's checks, as an entry `tested` of the ledger tells it."""

from __future__ import annotations

from typing import Final

from govml.release.entry import Entry, Evidence

_PASSED: Final = "verdict:passed"
_FAILED: Final = "verdict:failed"


def verdict(passed: bool) -> Evidence:
    """Return what stands among an entry's evidence for a verdict."""
    return Evidence(_PASSED if passed else _FAILED)


def passed(entry: Entry) -> bool:
    """Return whether an entry tells that a model passed its checks."""
    told = {each.uri for each in entry.evidence}
    return entry.action == "tested" and _PASSED in told and _FAILED not in told
