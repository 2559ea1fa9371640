"""Acknowledgements as a reviewer counts them: one for each line of code and rule, wherever it takes effect."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from govml.evidence.row import Row, Status


@dataclass(frozen=True)
class Acknowledgement:
    """One accepted rule.

    Args:
        rule: id of the rule, without a detail.
        reason, owner, expires: what it says.
        source: file and line of the `acknowledge(...)`.
        rows: every finding that it covers, over all profiles.
    """

    rule: str
    reason: str
    owner: str
    expires: str
    source: str
    rows: tuple[Row, ...]

    @property
    def profiles(self) -> tuple[str, ...]:
        """The profiles in which it takes effect."""
        return tuple(sorted({row.profile for row in self.rows}))

    @property
    def places(self) -> tuple[str, ...]:
        """Construct paths of the constructs that carry it."""
        return tuple(sorted({row.acknowledged_at for row in self.rows}))

    @property
    def details(self) -> tuple[str, ...]:
        """What of the rule it accepts, where the rule has details: statements with wildcards, for instance."""
        return tuple(sorted({row.detail for row in self.rows if row.detail}))


def acknowledgements(rows: Iterable[Row]) -> tuple[Acknowledgement, ...]:
    """Group the accepted findings by line of code and rule.

    The same line takes effect in several environments and profiles, and a loop over the resources of one statement
    makes several findings of it: to the reviewer this is one reason to agree with or not. What was not written by
    `acknowledge` has no line; each place of it counts.
    """
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        if row.status is Status.ACKNOWLEDGED:
            where = row.source_line or f"{row.profile}:{row.acknowledged_at}"
            groups.setdefault((where, row.rule.id, row.reason, row.owner, row.expires), []).append(row)
    return tuple(
        Acknowledgement(rule, reason, owner, expires, found[0].source_line, tuple(found))
        for (_, rule, reason, owner, expires), found in sorted(groups.items())
    )
