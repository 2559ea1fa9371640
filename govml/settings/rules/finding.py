"""What a rule between fields is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from govml.settings.agency_file import AgencyFile


@dataclass(frozen=True)
class Finding:
    """One broken rule: the key to change (or the place in a list, from 0), why, and how."""

    path: tuple[str | int, ...]
    message: str
    hint: str


@dataclass(frozen=True)
class Rule:
    """A rule and the top-level keys that it reads; it is judged as soon as those are sound, whatever else is wrong."""

    check: Callable[[AgencyFile], Iterator[Finding]]
    needs: frozenset[str]
