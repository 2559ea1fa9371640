"""All measures of drift of each feature, from two profiles."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from govml_pipeline.errors import UserError
from govml_pipeline.monitoring.measures.alignment import Aligned, align_categories, align_numbers, binned, pooled
from govml_pipeline.monitoring.measures.distances import jensen_shannon, wasserstein
from govml_pipeline.monitoring.measures.significance import TestResult, chi_square, cramers_v, kolmogorov_smirnov
from govml_pipeline.monitoring.measures.stability import psi, psi_by_chance
from govml_pipeline.monitoring.sketches.category import CategorySketch
from govml_pipeline.monitoring.sketches.number import NumberSketch
from govml_pipeline.monitoring.sketches.profile import FeatureKind, Profile, Sketch, check_same_features

#: The PSI's usual number of bins.
BINS: Final = 10
#: New categories that are named, those with most rows first.
_NAMED: Final = 20


@dataclass(frozen=True)
class Bin:
    """One bin, for plots: its name, and the share of each side's known rows in it (0 for a side without any)."""

    name: str
    baseline: float
    current: float


@dataclass(frozen=True)
class FeatureDrift:
    """How one feature has changed; None for what cannot be measured: a side without known values, or another kind.

    Args:
        feature: its name.
        kind: `number` or `category`.
        baseline_rows: rows of the baseline, with those where the value is missing.
        current_rows: current rows, likewise.
        baseline_missing: share of rows without a value, 0 to 1.
        current_missing: likewise.
        missing: chi-square test of both shares.
        psi: population stability index over `bins`.
        psi_by_chance: what the PSI stays under 95 times in 100 with so many rows and bins if nothing has changed.
        jensen_shannon: distance over `bins`, 0 to 1.
        ks: Kolmogorov-Smirnov test (numbers).
        wasserstein: first Wasserstein distance in standard deviations of the baseline (numbers).
        chi_square: chi-square test over `bins` (categories).
        cramers_v: size of what that test found, 0 to 1.
        new_categories: current rows of categories that the baseline does not have, the 20 with most rows (categories; None
            if either side has too many names to keep).
        new_share: share of the known current rows that have a new category.
        rank_error: the KS statistic may be larger by up to this; 0 where both sketches are exact.
        bins: shares by bin: quantiles of the baseline, or categories.
    """

    feature: str
    kind: FeatureKind
    baseline_rows: int
    current_rows: int
    baseline_missing: float | None
    current_missing: float | None
    missing: TestResult | None
    psi: float | None
    psi_by_chance: float | None
    jensen_shannon: float | None
    ks: TestResult | None
    wasserstein: float | None
    chi_square: TestResult | None
    cramers_v: float | None
    new_categories: dict[str, int] | None
    new_share: float | None
    rank_error: float
    bins: tuple[Bin, ...]

    @property
    def p_value(self) -> float | None:
        """Of the test that suits the kind: Kolmogorov-Smirnov for numbers, chi-square for categories."""
        test = self.ks or self.chi_square
        return None if test is None else test.p_value

    def to_dict(self) -> dict[str, Any]:
        """What a JSON report holds."""
        return asdict(self)


def compare(
    baseline: Profile, current: Profile, *, leave_out: Collection[str] = (), bins: int = BINS
) -> list[FeatureDrift]:
    """Measure the drift of every feature, in the order of their names.

    Args:
        baseline: what the model learnt from, or the same season of it (`seasons`).
        current: the window that is looked at.
        leave_out: features that tell the time, such as a month of the year: between any two windows they differ by
            their nature.
        bins: quantiles of the baseline that numbers are binned by.

    Raises:
        UserError: the profiles have different features, one to leave out is in neither, or there are under two bins.
    """
    check_same_features(baseline, current)
    if unknown := sorted(set(leave_out) - set(baseline.features)):
        raise UserError(f"there is no feature {unknown[0]!r} to leave out", hint="leave out features that are profiled")
    if bins < 2:
        raise UserError(f"{bins} bins", hint="two bins are the least, ten are usual")
    return [
        _drift(name, sketch, current.features[name], bins)
        for name, sketch in sorted(baseline.features.items())
        if name not in leave_out
    ]


def _drift(name: str, baseline: Sketch, current: Sketch, bins: int) -> FeatureDrift:
    if isinstance(baseline, NumberSketch) and isinstance(current, NumberSketch):
        return _number(name, baseline, current, bins)
    if isinstance(baseline, CategorySketch) and isinstance(current, CategorySketch):
        return _category(name, baseline, current)
    raise TypeError("sketches of different kinds")  # check_same_features has refused them


def _number(name: str, baseline: NumberSketch, current: NumberSketch, bins: int) -> FeatureDrift:
    cells = align_numbers(baseline, current)
    grouped = binned(cells, bins) if baseline.known else Aligned([], cells.baseline[:0], cells.current[:0])
    return FeatureDrift(
        feature=name,
        kind="number",
        **_rows(baseline, current),
        **_shares(grouped),
        ks=kolmogorov_smirnov(cells.baseline, cells.current),
        wasserstein=wasserstein(np.asarray(cells.labels, dtype=np.float64), cells.baseline, cells.current),
        chi_square=None,
        cramers_v=None,
        new_categories=None,
        new_share=None,
        rank_error=_rank_error(baseline, current),
    )


def _category(name: str, baseline: CategorySketch, current: CategorySketch) -> FeatureDrift:
    cells = align_categories(baseline, current)
    grouped = pooled(cells)
    test = chi_square(grouped.baseline, grouped.current)
    new, share = _new(baseline, current)
    return FeatureDrift(
        feature=name,
        kind="category",
        **_rows(baseline, current),
        **_shares(grouped),
        ks=None,
        wasserstein=None,
        chi_square=test,
        cramers_v=cramers_v(test, baseline.known + current.known),
        new_categories=new,
        new_share=share,
        rank_error=0.0,
    )


def _rows(baseline: Sketch, current: Sketch) -> dict[str, Any]:
    sides = [np.array([side.missing, side.known]) for side in (baseline, current)]
    held = (sides[0] + sides[1]) > 0
    return {
        "baseline_rows": baseline.rows,
        "current_rows": current.rows,
        "baseline_missing": baseline.missing / baseline.rows if baseline.rows else None,
        "current_missing": current.missing / current.rows if current.rows else None,
        "missing": chi_square(sides[0][held], sides[1][held]),
    }


def _shares(grouped: Aligned) -> dict[str, Any]:
    p, q = grouped.baseline, grouped.current
    n, m = int(p.sum()), int(q.sum())
    parts = zip(grouped.labels, (p / max(n, 1)).tolist(), (q / max(m, 1)).tolist(), strict=True)
    return {
        "psi": psi(p, q),
        "psi_by_chance": psi_by_chance(len(p), n, m),
        "jensen_shannon": jensen_shannon(p, q),
        "bins": tuple(Bin(str(label), before, now) for label, before, now in parts),
    }


def _new(baseline: CategorySketch, current: CategorySketch) -> tuple[dict[str, int] | None, float | None]:
    if baseline.names is None or current.names is None:
        return None, None
    new = {name: rows for name, rows in current.names.items() if name not in baseline.names}
    first = sorted(new, key=lambda name: (-new[name], name))[:_NAMED]
    return {name: new[name] for name in first}, sum(new.values()) / current.known if current.known else None


def _rank_error(baseline: NumberSketch, current: NumberSketch) -> float:
    """Within a cell both functions may rise by all of its rows before or after each other."""
    dropped = max(baseline.dropped, current.dropped)
    return max(sketch.with_dropped(dropped).rank_error for sketch in (baseline, current))
