"""How far two sets of answers lie apart, and how wrong answers are, by the kind of the use case."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from govml_pipeline.evaluation.measuring import PREDICTION, Task, measure

#: The error whose change is reported, of which less is better; none where there is no truth.
ERROR: Final = {"regression": "mape", "timeseries": "mae", "classification": "log_loss"}
_NUMBERS: Final = ("regression", "timeseries")


def prediction_change(before: pl.DataFrame, after: pl.DataFrame, kind: str) -> NDArray[np.float64]:
    """Change of each answer in percent of itself (numbers), or 100 where another class, flag or cluster is given.

    Args:
        before: columns of `Model.predict`, n rows.
        after: the same after the change, n rows.
        kind: kind of the use case.

    Returns:
        Shape (n,); NaN where an answer is no finite number.
    """
    if kind not in _NUMBERS:
        return (before[PREDICTION] != after[PREDICTION]).to_numpy() * 100.0
    old, new = before[PREDICTION].to_numpy(), after[PREDICTION].to_numpy()
    with np.errstate(invalid="ignore", over="ignore"):
        change = np.abs(new - old) / np.maximum(np.abs(old), 1e-9) * 100
    return np.where(np.isfinite(new), change, np.nan)


def error_of(rows: pl.DataFrame, predictions: pl.DataFrame, task: Task) -> float | None:
    """The error of answers; None where the kind has none or an answer is no finite number."""
    name = ERROR.get(task.kind)
    if name is None or not finite_answers(predictions):
        return None
    frame = pl.concat([rows.drop(predictions.columns, strict=False), predictions], how="horizontal")
    return measure(frame, task).statistics.values()[name]


def finite_answers(predictions: pl.DataFrame) -> bool:
    """Whether every number of the answers is finite."""
    numbers = predictions.select(pl.selectors.float())
    return all(series.is_finite().all() and not series.null_count() for series in numbers)
