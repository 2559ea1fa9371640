"""Joint drift: can a classifier tell current rows from those of the baseline?

Features may each look as before and yet go together in new ways, which no measure of one feature at a time can see. A
classifier that cannot tell the two samples apart has an area under the ROC curve of 0.5 (Lopez-Paz and Oquab 2017,
Revisiting classifier two-sample tests, ICLR). Every row is scored by a classifier that has not seen it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from govml_pipeline.monitoring.measures.auc import auc
from govml_pipeline.monitoring.sketches.columns import numbers, texts
from govml_pipeline.monitoring.sketches.profile import FeatureKind, check_columns, check_kinds

#: Rows of a side that are looked at: with 10,000 the interval is about 0.008 wide either way.
_MOST: Final = 10_000
_FOLDS: Final = 5
#: Fewer rows of a side leave too few in a fold.
MINIMUM_ROWS: Final = 50
#: Categories that the classifier tells apart; the rarer ones are one.
_CATEGORIES: Final = 200
_SEED: Final = 20170101
#: Quantile of the normal distribution for 95 %, both sides.
_Z: Final = 1.959963984540054


@dataclass(frozen=True)
class JointDrift:
    """What the classifier could tell.

    Args:
        auc: area under the ROC curve, 0.5 (nothing) to 1; a little below 0.5 by chance.
        lower: lower end of its 95 % interval.
        upper: upper end.
        baseline_rows: rows of the baseline that were looked at.
        current_rows: current rows that were looked at.
    """

    auc: float
    lower: float
    upper: float
    baseline_rows: int
    current_rows: int


def domain_classifier(
    baseline: pl.DataFrame, current: pl.DataFrame, features: Mapping[str, FeatureKind], *, most: int = _MOST
) -> JointDrift | None:
    """Train a classifier to tell rows of two samples apart, and measure it on rows that it has not seen.

    Boosted trees, in five folds; the AUC is the folds' mean and the interval is DeLong's. The same rows give the same
    result, on any number of cores.

    Args:
        baseline: rows of the baseline.
        current: current rows.
        features: kind of each feature, by name of its column; leave out those that tell the time.
        most: rows of a side that are looked at; of more, a fixed sample is.

    Returns:
        None if either side has fewer than 50 rows.

    Raises:
        UserError: no feature, an unknown kind, a column that is missing or of a type that does not suit its kind.
    """
    check_kinds(features)
    for side in (baseline, current):
        check_columns(side.columns, list(features))
    if min(baseline.height, current.height) < MINIMUM_ROWS:
        return None
    rng = np.random.default_rng(_SEED)
    drawn = [_drawn(side, most, rng).select(sorted(features)) for side in (baseline, current)]
    matrix = np.stack([_encoded([side[name] for side in drawn], features[name]) for name in sorted(features)], axis=1)
    label = np.repeat([0, 1], [side.height for side in drawn])
    fold = np.concatenate([rng.permutation(side.height) % _FOLDS for side in drawn])
    scores = _scores(matrix, label, fold, [features[name] == "category" for name in sorted(features)])
    found = [
        auc(scores[(fold == number) & (label == 0)], scores[(fold == number) & (label == 1)])
        for number in range(_FOLDS)
    ]
    mean = sum(area for area, _ in found) / _FOLDS
    half = _Z * math.sqrt(sum(variance for _, variance in found)) / _FOLDS
    return JointDrift(mean, max(0.0, mean - half), min(1.0, mean + half), drawn[0].height, drawn[1].height)


def _drawn(rows: pl.DataFrame, most: int, rng: np.random.Generator) -> pl.DataFrame:
    if rows.height <= most:
        return rows
    return rows[np.sort(rng.choice(rows.height, most, replace=False))]


def _encoded(sides: list[pl.Series], kind: FeatureKind) -> NDArray[np.float64]:
    """Both sides of one feature below each other, shape (n + m,), NaN where missing.

    Numbers as their ranks, which is all that trees see, so that no infinity or size of a number matters; categories as
    codes, the most frequent one first.
    """
    if kind == "number":
        values = np.concatenate([numbers(side) for side in sides])
        codes = np.unique(values, return_inverse=True)[1].astype(np.float64)
        return np.where(np.isnan(values), np.nan, codes)
    names = pl.concat([texts(side) for side in sides]).alias("name")
    order = names.drop_nulls().value_counts(name="rows").sort(["rows", "name"], descending=[True, False])
    code = {name: min(position, _CATEGORIES) for position, name in enumerate(order["name"])}
    return names.replace_strict(code, default=None, return_dtype=pl.Float64).fill_null(np.nan).to_numpy()


def _scores(
    matrix: NDArray[np.float64], label: NDArray[np.int64], fold: NDArray[np.int64], categorical: list[bool]
) -> NDArray[np.float64]:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    scores = np.zeros(len(label))
    # One thread: sums of floats over several depend on how many there are.
    with threadpool_limits(1):
        for number in range(_FOLDS):
            rest = fold != number
            model = HistGradientBoostingClassifier(
                max_iter=50,
                max_leaf_nodes=15,
                early_stopping=False,
                categorical_features=categorical,
                random_state=_SEED,
            )
            scores[~rest] = model.fit(matrix[rest], label[rest]).decision_function(matrix[~rest])
    return scores
