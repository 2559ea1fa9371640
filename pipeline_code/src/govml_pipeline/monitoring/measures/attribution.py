"""Explainability drift: whether other features move the model's answers than when it was approved.

The shift of the ranking is measured as SageMaker Clarify does it (its documentation, "Feature attribution drift"): the
normalised discounted cumulative gain of the current order of the features, with the baseline's mean absolute
contributions as the gain (Jarvelin and Kekalainen 2002, ACM Transactions on Information Systems 20(4), 422-446). Clarify
calls less than 0.90 drift. The distribution of each feature's contributions is measured as that of any number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from govml_pipeline.errors import UserError
from govml_pipeline.explanation.attribution import Attribution
from govml_pipeline.monitoring.measures.comparison import FeatureDrift, compare
from govml_pipeline.monitoring.sketches.number import NumberSketch
from govml_pipeline.monitoring.sketches.profile import Profile, check_same_features, profile

#: The order of the features has shifted if the gain is below this.
SHIFTED: Final = 0.90


@dataclass(frozen=True)
class FeatureShift:
    """How the influence of one feature has changed.

    Args:
        feature: its name.
        baseline_mean: mean absolute contribution, in the unit of the contributions.
        current_mean: likewise.
        baseline_rank: its place in the order of influence, from 1.
        current_rank: likewise.
        contributions: drift of the distribution of its contributions.
    """

    feature: str
    baseline_mean: float
    current_mean: float
    baseline_rank: int
    current_rank: int
    contributions: FeatureDrift


@dataclass(frozen=True)
class AttributionDrift:
    """Shift of a model's contributions.

    Args:
        ndcg: agreement of the orders of influence, 0 to 1 (the same); None: a side has no rows, or the baseline's
            contributions are all zero.
        features: each feature, the most influential of the baseline first.
    """

    ndcg: float | None
    features: tuple[FeatureShift, ...]

    @property
    def shifted(self) -> bool:
        """Whether the order has shifted by Clarify's threshold."""
        return self.ndcg is not None and self.ndcg < SHIFTED

    def to_dict(self) -> dict[str, Any]:
        """What a JSON report holds."""
        return asdict(self)


def attribution_profile(attribution: Attribution) -> Profile:
    """Profile of contributions: what the baseline keeps of them.

    Args:
        attribution: contributions on a sample of rows.
    """
    columns = {name: attribution.values[:, position] for position, name in enumerate(attribution.names)}
    return profile(pl.DataFrame(columns), dict.fromkeys(attribution.names, "number"))


def attribution_drift(baseline: Profile, current: Profile) -> AttributionDrift:
    """Compare two profiles of contributions.

    Args:
        baseline: `attribution_profile` of the model's test rows.
        current: `attribution_profile` of a window's rows, by the same model and method.

    Raises:
        UserError: the profiles have different features, or one that is no number.
    """
    check_same_features(baseline, current)
    before, now = _means(baseline), _means(current)
    ranks = _ranks(before), _ranks(now)
    drifts = {drift.feature: drift for drift in compare(baseline, current)}
    features = tuple(
        FeatureShift(name, before[name], now[name], ranks[0][name], ranks[1][name], drifts[name]) for name in ranks[0]
    )
    measured = baseline.rows and current.rows
    return AttributionDrift(ndcg(before, list(ranks[1])) if measured else None, features)


def ndcg(gains: Mapping[str, float], order: list[str]) -> float | None:
    """Normalised discounted cumulative gain of an order, 0 to 1; None if there is nothing to gain.

    Args:
        gains: gain of each name, at least 0.
        order: all names, the first ones counting most.
    """
    discount = 1 / np.log2(np.arange(2, len(order) + 2))
    best = float(np.sum(np.sort(list(gains.values()))[::-1] * discount))
    return float(np.sum(np.array([gains[name] for name in order]) * discount)) / best if best else None


def _means(contributions: Profile) -> dict[str, float]:
    means = {}
    for name, sketch in contributions.features.items():
        if not isinstance(sketch, NumberSketch):
            raise UserError(f"contributions of {name!r} are no numbers", hint="make them by `attribution_profile`")
        rows = int(sketch.counts.sum())
        means[name] = float(np.sum(np.abs(sketch.values) * (sketch.counts / rows))) if rows else 0.0
    return means


def _ranks(means: dict[str, float]) -> dict[str, int]:
    order = sorted(means, key=lambda name: (-means[name], name))
    return {name: rank for rank, name in enumerate(order, start=1)}
