"""The difference between two plans: what stands, resource by resource, and what a unit costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from govml.cost.estimate import Estimate
from govml.cost.line import Line

Key = tuple[str, str, str, str]
"""Environment without its agency, stack, type and logical id: what two agencies' plans have in common."""


@dataclass(frozen=True)
class Change:
    """What stands, before and after.

    Args:
        name: what it is about.
        before: US dollars a month; None where it does not exist.
        after: the same of the other plan.
    """

    name: str
    before: Decimal | None
    after: Decimal | None

    @property
    def usd(self) -> Decimal:
        """US dollars a month more (or, negative, less)."""
        return (self.after or Decimal(0)) - (self.before or Decimal(0))


@dataclass(frozen=True)
class Difference:
    """From one plan to another.

    Args:
        stacks: every stack whose cost differs, or that only one plan has.
        kinds: the same of each type in each stack.
        resources: the same of single resources.
        meters: the same of what a unit costs, in US dollars for one.
        total: the whole.
    """

    stacks: tuple[Change, ...]
    kinds: tuple[Change, ...]
    resources: tuple[Change, ...]
    meters: tuple[Change, ...]
    total: Change


def difference(before: Estimate, after: Estimate) -> Difference:
    """Compare two estimates; environments are matched by their own name (`dev`), whatever the agency's."""
    old, new = _by_resource(before.standing), _by_resource(after.standing)
    return Difference(
        stacks=_changes(_summed(old, 2), _summed(new, 2)),
        kinds=_changes(_summed(old, 3), _summed(new, 3)),
        resources=_changes(_summed(old, 4), _summed(new, 4)),
        meters=_changes(_meters(before), _meters(after)),
        total=Change("in all", before.idle_usd, after.idle_usd),
    )


def _by_resource(lines: Iterable[Line]) -> dict[Key, Decimal]:
    sums: dict[Key, Decimal] = defaultdict(Decimal)
    for line in lines:
        sums[(line.environment.rpartition("-")[2], line.stack, line.resource_type, line.logical_id)] += line.usd
    return sums


def _summed(by_resource: dict[Key, Decimal], parts: int) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for key, usd in by_resource.items():
        sums[" ".join(key[:parts])] += usd
    return sums


def _meters(of: Estimate) -> dict[str, Decimal]:
    """Return what a unit costs; names of pipelines and endpoints start with the agency's, which is left out."""
    agencies = {line.environment.rpartition("-")[0] for line in of.lines} - {""}
    found = {}
    for name, meter in of.meters().items():
        common = name
        for agency in agencies:
            common = common.replace(f" {agency}-", " ")
        found[common] = meter.usd
    return found


def _changes(old: dict[str, Decimal], new: dict[str, Decimal]) -> tuple[Change, ...]:
    changes = [Change(name, old.get(name), new.get(name)) for name in sorted(old.keys() | new.keys())]
    return tuple(
        each for each in changes if each.before != each.after and (each.usd or None in (each.before, each.after))
    )
