"""Controls: the public-sector catalogue, and what the rules say of each control."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from govml.evidence.row import Row, Status

_OSCAL_ID = re.compile(r"(?P<family>[A-Z]{2})-(?P<number>\d+)[a-z]?(?:\((?P<enhancement>\d+)\))?.*")


@dataclass(frozen=True)
class PublicSectorControl:
    """One control of the public-sector catalogue for cloud systems.

    Args:
        id, family, title: as the catalogue has them.
        low_risk, medium_risk: its level for systems of that risk: 0 is mandatory.
        answered_by: who answers for it: `templates`, `delivery`, `landing zone`, `agency`, `not applicable`, `not in
            this version`. The mapping is our own reading; the agency decides.
        part: the part of the blueprint that answers, or whose task it is.
    """

    id: str
    family: str
    title: str
    low_risk: int
    medium_risk: int
    answered_by: str
    part: str


@lru_cache
def public_sector_controls() -> tuple[PublicSectorControl, ...]:
    """Return the catalogue, in its own order."""
    text = (files("govml.evidence") / "data" / "public_sector_controls.csv").read_text(encoding="utf-8")
    return tuple(
        PublicSectorControl(
            each["id"],
            each["family"],
            each["title"],
            int(each["low_risk"]),
            int(each["medium_risk"]),
            each["answered_by"],
            each["part"],
        )
        for each in csv.DictReader(text.splitlines())
    )


@dataclass(frozen=True)
class Tally:
    """What the rules say of one control, over all rows given."""

    statuses: Counter[Status]
    rules: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """The outcome that decides: a failure, then what was not run, then what was accepted, then passes."""
        for status in (Status.FAIL, Status.NOT_RUN, Status.ACKNOWLEDGED, Status.PASS):
            if self.statuses[status]:
                return status.value
        return Status.NOT_APPLICABLE.value


def tally_nist(rows: Iterable[Row]) -> dict[str, Tally]:
    """Return NIST control, in OSCAL's spelling (`ac-2.4`), -> its tally, sorted by family and number."""
    tallies = _tally(rows, lambda row: {oscal_id(each) for each in row.rule.controls} - {""})
    return dict(sorted(tallies.items(), key=lambda item: [item[0][:2], *map(int, re.findall(r"\d+", item[0]))]))


def tally_public_sector(rows: Iterable[Row]) -> dict[str, Tally]:
    """Return public-sector control -> its tally."""
    return _tally(rows, lambda row: set(row.rule.public_sector))


def oscal_id(control: str) -> str:
    """Return a control as OSCAL's catalogue of NIST 800-53 spells it: `AC-2(4)` -> `ac-2.4`, `CM-2b` -> `cm-2`.

    The item of a control (`b`, `(a)`) is left out: a rule that touches one item says nothing about the others, and
    neither does it about the control as a whole. Empty for what is no control.
    """
    match = _OSCAL_ID.fullmatch(control)
    if match is None:
        return ""
    enhancement = f".{match['enhancement']}" if match["enhancement"] else ""
    return f"{match['family'].lower()}-{match['number']}{enhancement}"


def _tally(rows: Iterable[Row], controls_of: Callable[[Row], set[str]]) -> dict[str, Tally]:
    statuses: dict[str, Counter[Status]] = {}
    rules: dict[str, set[str]] = {}
    for row in rows:
        for control in controls_of(row):
            statuses.setdefault(control, Counter())[row.status] += 1
            rules.setdefault(control, set()).add(row.rule.id)
    return {control: Tally(found, tuple(sorted(rules[control]))) for control, found in statuses.items()}
