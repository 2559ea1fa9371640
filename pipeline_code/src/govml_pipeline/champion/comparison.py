"""Is the challenger better than the champion, and how sure can one be? A paired comparison, month by month."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from govml_pipeline.champion.losses import NotComparable, loss_name, losses
from govml_pipeline.data import months
from govml_pipeline.evaluation.bootstrap import MINIMUM_BLOCKS, weights
from govml_pipeline.evaluation.measuring import Task, with_predictions

_LEVELS: Final = (2.5, 97.5)


def compare(rows: pl.DataFrame, challenger: pl.DataFrame, champion: pl.DataFrame, task: Task) -> dict[str, Any]:
    """Compare two models on the same n rows.

    Whole months are drawn with replacement, as in `evaluation.bootstrap`, and both models are measured on the same
    draw, so that what made a month hard for both does not count as a difference.

    Args:
        rows: test rows with their truth.
        challenger: the new model's answers, n rows, as `Model.predict` gives them.
        champion: the serving model's answers to the same rows.
        task: what is measured.

    Returns:
        `compared` (bool) and either `reason`, or `loss` (what is averaged), `rows`, `challenger` and `champion` (mean
        loss), `improvement_percent` with `lower` and `upper` (95 %), and `win_confidence`: in which share of the draws
        the challenger's mean loss is lower. From fewer than three months no confidence follows: None.
    """
    try:
        name = loss_name(rows, task)
        pairs = np.stack([losses(with_predictions(rows, each), task, name) for each in (challenger, champion)], axis=1)
    except NotComparable as error:
        return {"compared": False, "reason": str(error)}
    known = np.isfinite(pairs).all(axis=1)
    if not known.any():
        return {"compared": False, "reason": "no row has both a truth and an answer of each model"}
    month = rows.select(months.number_expression(task.time_column)).to_series().cast(pl.Int64).to_numpy()[known]
    pairs = pairs[known]
    report: dict[str, Any] = {
        "compared": True,
        "loss": name,
        "rows": int(known.sum()),
        "challenger": float(pairs[:, 0].mean()),
        "champion": float(pairs[:, 1].mean()),
        "improvement_percent": _improvement(pairs.sum(axis=0)).item(),
    }
    return report | _confidence(pairs, month)


def _confidence(pairs: NDArray[np.float64], month: NDArray[np.int64]) -> dict[str, float | None]:
    _, codes = np.unique(month, return_inverse=True)
    number = int(codes.max()) + 1
    if number < MINIMUM_BLOCKS:
        return {"lower": None, "upper": None, "win_confidence": None}
    sums = np.stack([np.bincount(codes, weights=column, minlength=number) for column in pairs.T], axis=1)
    drawn = weights(number) @ sums
    lower, upper = np.percentile(_improvement(drawn), _LEVELS)
    return {
        "lower": float(lower),
        "upper": float(upper),
        "win_confidence": float((drawn[:, 0] < drawn[:, 1]).mean()),
    }


def _improvement(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much lower the first sum is than the second, in percent of the second; 0 where both are 0."""
    challenger, champion = sums[..., 0], sums[..., 1]
    base = np.where(champion == 0, np.where(challenger == 0, 1.0, np.nan), champion)
    return np.nan_to_num((champion - challenger) / base * 100.0, nan=-100.0)
