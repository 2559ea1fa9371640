"""Bias drift: whether the gaps between groups are wider than when the model was approved.

Both sides are fairness reports (`fairness.report`): the one of the model package, and one of a window's labelled rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class BiasChange:
    """Change of one parity measure.

    Args:
        column: column of groups.
        measure: name of the measure, as in the fairness report.
        baseline: its value when the model was approved; None: it could not be measured.
        current: its value now; None likewise.
        worse_by: how far it has moved away from parity, in its own unit, negative: towards it; None if either is unknown.
    """

    column: str
    measure: str
    baseline: float | None
    current: float | None
    worse_by: float | None


@dataclass(frozen=True)
class GroupChange:
    """A group whose rate or error has changed beyond chance: the 95 % intervals of both sides do not touch.

    Intervals that touch may still differ: this is the stricter test (Schenker and Gentleman 2001, The American
    Statistician 55(3), 182-186).

    Args:
        column: column of groups.
        group: the group.
        measure: name of the rate or metric; for classes with the outcome, as in `selection_rate of yes`.
        baseline: value with the ends of its interval.
        current: likewise.
    """

    column: str
    group: str
    measure: str
    baseline: tuple[float, float, float]
    current: tuple[float, float, float]


@dataclass(frozen=True)
class BiasDrift:
    """Changes of all parity measures, of the groups beyond chance, and what the window's report found anew.

    Args:
        measures: every measure that either report has, in the order of their names.
        groups: groups that changed beyond chance.
        new_findings: findings of the window's report whose group and measure the baseline's did not have, with `column`.
        unmatched: groups with enough rows on one side alone, by column.
    """

    measures: tuple[BiasChange, ...]
    groups: tuple[GroupChange, ...]
    new_findings: tuple[dict[str, Any], ...]
    unmatched: dict[str, tuple[str, ...]]

    def to_dict(self) -> dict[str, Any]:
        """What a JSON report holds."""
        return asdict(self)


def bias_drift(baseline: dict[str, Any], current: dict[str, Any]) -> BiasDrift:
    """Compare two fairness reports; columns that only one of them has are not compared.

    Args:
        baseline: `fairness_report` of the model's test rows.
        current: `fairness_report` of a window's rows.
    """
    measures: list[BiasChange] = []
    groups: list[GroupChange] = []
    findings: list[dict[str, Any]] = []
    unmatched: dict[str, tuple[str, ...]] = {}
    for column in sorted(baseline["groups"].keys() & current["groups"].keys()):
        before, now = baseline["groups"][column], current["groups"][column]
        names = sorted(before["measures"].keys() | now["measures"].keys())
        measures += [_change(column, name, before["measures"].get(name), now["measures"].get(name)) for name in names]
        seen = {(found["group"], found["measure"]) for found in before["findings"]}
        findings += [
            {"column": column, **found} for found in now["findings"] if (found["group"], found["measure"]) not in seen
        ]
        sides = dict(_intervals(before)), dict(_intervals(now))
        groups += [
            GroupChange(column, group, measure, sides[0][group, measure], sides[1][group, measure])
            for group, measure in sorted(sides[0].keys() & sides[1].keys())
            if _apart(sides[0][group, measure], sides[1][group, measure])
        ]
        if odd := {group for group, _ in sides[0]} ^ {group for group, _ in sides[1]}:
            unmatched[column] = tuple(sorted(odd))
    return BiasDrift(tuple(measures), tuple(groups), tuple(findings), unmatched)


def _change(column: str, name: str, before: float | None, now: float | None) -> BiasChange:
    if before is None or now is None:
        return BiasChange(column, name, before, now, None)
    # Ratios of the smallest to the largest rate are 1 at parity; of everything else less is better.
    worse = before - now if name == "demographic_parity_ratio" else now - before
    return BiasChange(column, name, before, now, worse)


def _intervals(column: dict[str, Any]) -> Iterator[tuple[tuple[str, str], tuple[float, float, float]]]:
    """Values with intervals of the groups that have enough rows, by group and measure."""
    outcomes = {f" of {name}": outcome["values"] for name, outcome in column.get("outcomes", {}).items()}
    for suffix, values in (outcomes or {"": column.get("values", {})}).items():
        for group, entry in values.items():
            if entry.get("few"):
                continue
            for measure, (low, high) in (
                (measure, ends) for measure, ends in entry["intervals"].items() if ends is not None
            ):
                if entry.get(measure) is not None:
                    yield (group, f"{measure}{suffix}"), (entry[measure], low, high)


def _apart(one: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    return one[2] < other[1] or other[2] < one[1]
