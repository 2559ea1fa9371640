"""What one wrong prediction costs, row by row, so that two models can be compared pair by pair."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from govml_pipeline.evaluation.measuring import PREDICTION, Task
from govml_pipeline.model.predictions import PROBABILITY

#: Where the logarithm of a probability is cut off, as scikit-learn's `log_loss` does for 64 bits.
_SMALLEST = float(np.finfo(np.float64).eps)


class NotComparable(Exception):
    """Two models whose answers cannot be held against each other; the text says why."""


def loss_name(frame: pl.DataFrame, task: Task) -> str:
    """Name of the loss that rows of this kind are compared by.

    Args:
        frame: n test rows with their truth.
        task: what is measured.

    Raises:
        NotComparable: there is no truth to be wrong about.
    """
    if task.kind == "clustering" or not task.target:
        raise NotComparable(f"a {task.kind} model has no truth that two of them could be measured by")
    if task.kind == "classification":
        return "log loss"
    if task.kind == "anomaly":
        return "wrong flags"
    positive = frame[task.target].cast(pl.Float64).drop_nulls().drop_nans().gt(0).all()
    return "absolute percentage error" if positive else "absolute error"


def losses(frame: pl.DataFrame, task: Task, name: str) -> NDArray[np.float64]:
    """Return the loss of each of n rows, shape (n,); NaN where the truth is missing.

    Args:
        frame: test rows with the columns of `Model.predict`.
        task: what is measured.
        name: what `loss_name` said.

    Raises:
        NotComparable: the predictions lack a column that the loss needs.
    """
    if task.kind == "classification":
        return _log_losses(frame, task)
    if PREDICTION not in frame.columns:
        raise NotComparable(f"the predictions have no column {PREDICTION!r}")
    if task.kind == "anomaly":
        return _wrong_flags(frame, task)
    truth, predicted = (frame[each].cast(pl.Float64).fill_null(np.nan).to_numpy() for each in (task.target, PREDICTION))
    wrong = np.abs(predicted - truth)
    return wrong / truth * 100.0 if name == "absolute percentage error" else wrong


def _log_losses(frame: pl.DataFrame, task: Task) -> NDArray[np.float64]:
    truth = frame[task.target].cast(pl.String)
    found = np.full(frame.height, np.nan)
    for value in truth.drop_nulls().unique().to_list():
        column = f"{PROBABILITY}{value}"
        here = (truth == value).fill_null(value=False).to_numpy()
        # A class that the model has never seen had no chance at all.
        chance = frame[column].to_numpy()[here] if column in frame.columns else np.zeros(int(here.sum()))
        found[here] = -np.log(np.clip(chance, _SMALLEST, 1.0))
    return found


def _wrong_flags(frame: pl.DataFrame, task: Task) -> NDArray[np.float64]:
    truth = frame[task.target].cast(pl.String)
    positive = task.positive if task.positive is not None else truth.drop_nulls().max()
    wrong = (truth == positive) != frame[PREDICTION].cast(pl.Boolean)
    return wrong.cast(pl.Float64).fill_null(np.nan).to_numpy()
