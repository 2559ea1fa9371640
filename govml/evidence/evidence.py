"""Gather the evidence of one or more assemblies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from govml.evidence.acknowledgement import Acknowledgement, acknowledgements
from govml.evidence.matrix import matrix
from govml.evidence.resource import Assembly
from govml.evidence.row import Row, Status
from govml.evidence.rule import RuleSource
from govml.evidence.sources import SOURCES
from govml.gate.judge import judge
from govml.gate.verdict import Refusal


@dataclass(frozen=True)
class Open:
    """What stands against an assembly: a finding that nobody accepted, or a reason not to trust the report.

    Args:
        kind: `open-finding`, or the check of the gate that refuses, such as `missing-pack`.
        message: what is wrong.
    """

    kind: str
    rule: str
    severity: str
    resource: str
    template: str
    logical_id: str
    message: str
    profile: str


@dataclass(frozen=True)
class Profile:
    """One agency file's part of the evidence."""

    name: str
    proven: tuple[str, ...]
    unproven: tuple[str, ...]
    stacks: int
    resources: int
    statuses: Counter[Status]


@dataclass(frozen=True)
class Evidence:
    """All that the outputs are written from.

    Args:
        day: the day on which acknowledgements were judged; it is the date of every output.
        profiles: one for each agency file.
        rows: the whole matrix, sorted.
        open: what stands against it, sorted.
    """

    day: date
    profiles: tuple[Profile, ...]
    rows: tuple[Row, ...]
    open: tuple[Open, ...]

    @cached_property
    def acknowledgements(self) -> tuple[Acknowledgement, ...]:
        """Accepted findings by line of code and rule."""
        return acknowledgements(self.rows)

    @property
    def passed(self) -> bool:
        """Return whether nothing is open and every source of rules is proven to have run."""
        return not self.open and not any(profile.unproven for profile in self.profiles)


def gather(assemblies: Sequence[Assembly], day: date, sources: Sequence[RuleSource] = SOURCES) -> Evidence:
    """Build the evidence.

    Args:
        assemblies: one for each profile.
        day: the day on which acknowledgements must hold.
        sources: the packs and own rules.
    """
    rows: list[Row] = []
    against: list[Open] = []
    profiles = []
    for assembly in assemblies:
        found = matrix(assembly, sources, day)
        rows += found
        against += _open(assembly, found, day)
        proven = {source.name: source.proven(assembly) for source in sources}
        profiles.append(
            Profile(
                name=assembly.profile,
                proven=tuple(name for name, ran in proven.items() if ran),
                unproven=tuple(name for name, ran in proven.items() if not ran),
                stacks=len(assembly.stacks),
                resources=len(assembly.resources),
                statuses=Counter(row.status for row in found),
            )
        )
    against.sort(key=lambda each: (each.profile, each.kind, each.rule, each.resource, each.message))
    return Evidence(day, tuple(profiles), tuple(rows), tuple(against))


def _open(assembly: Assembly, rows: Iterable[Row], day: date) -> list[Open]:
    failed = [row for row in rows if row.status is Status.FAIL]
    against = [
        Open(
            "open-finding",
            row.rule_id,
            row.rule.severity,
            row.path,
            row.template,
            row.logical_id,
            row.message,
            assembly.profile,
        )
        for row in failed
    ]
    told = {(row.path, row.rule_id) for row in failed} | {(row.acknowledged_at, row.rule_id) for row in failed}
    for refusal in judge(assembly.directory, day).refusals:
        if not _told(refusal, told):
            hint = f"; {refusal.hint}" if refusal.hint else ""
            against.append(
                Open(
                    refusal.kind,
                    refusal.rule,
                    "error",
                    refusal.path,
                    "",
                    "",
                    f"{refusal.message}{hint}",
                    assembly.profile,
                )
            )
    return against


def _told(refusal: Refusal, told: set[tuple[str, str]]) -> bool:
    """Return whether a row of the matrix says the same as the gate."""
    return (refusal.path, refusal.rule.rpartition("::")[2]) in told
