"""Regression metrics, overall and by segment, laid out so that a pipeline's condition can read them by path."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray


def regression_metrics(truth: NDArray[np.float64], predicted: NDArray[np.float64]) -> dict[str, float | None]:
    """Metrics of one set of rows.

    Args:
        truth: observed values, shape (n,), all different from zero.
        predicted: predicted values, shape (n,).

    Returns:
        `n`; `mae`, `rmse` in the target's unit; `mape`, `mdape` (mean and median absolute percentage error) and `bias`
        (mean percentage error, positive when predictions are too high) in percent; `r2` (None for a constant truth).

    Raises:
        ValueError: no rows, different shapes, or a value that is not finite.

    Examples:
        >>> regression_metrics(np.array([100.0, 200.0]), np.array([110.0, 190.0]))["mape"]
        7.5
    """
    if truth.shape != predicted.shape or truth.ndim != 1 or not len(truth):
        raise ValueError(
            f"truth {truth.shape} and predictions {predicted.shape} must be of the same length, at least 1"
        )
    if not (np.isfinite(truth).all() and np.isfinite(predicted).all()):
        raise ValueError("truth and predictions must be finite")
    error = predicted - truth
    share = error / truth * 100
    spread = float(((truth - truth.mean()) ** 2).sum())
    return {
        "n": len(truth),
        "mae": float(np.abs(error).mean()),
        "rmse": float(np.sqrt((error**2).mean())),
        "mape": float(np.abs(share).mean()),
        "mdape": float(np.median(np.abs(share))),
        "bias": float(share.mean()),
        "r2": 1 - float((error**2).sum()) / spread if spread > 0 else None,
    }


def by_segment(frame: pl.DataFrame, segment: str, *, truth: str, predicted: str) -> dict[str, dict[str, float | None]]:
    """Metrics of each value of a segment column, in the order of the values."""
    return {
        str(value): regression_metrics(part[truth].to_numpy(), part[predicted].to_numpy())
        for (value,), part in sorted(
            frame.partition_by(segment, as_dict=True).items(), key=lambda item: str(item[0][0])
        )
    }


def evaluation_report(
    frame: pl.DataFrame, *, truth: str, predicted: str, segments: tuple[str, ...], time_column: str
) -> dict[str, Any]:
    """Lay the metrics out as SageMaker's examples do: `regression_metrics.<name>.value`, then segments and window."""
    overall = regression_metrics(frame[truth].to_numpy(), frame[predicted].to_numpy())
    units = {"mape": "percent", "mdape": "percent", "bias": "percent", "mae": "target unit", "rmse": "target unit"}
    return {
        "regression_metrics": {
            name: {"value": value, **({"unit": units[name]} if name in units else {})}
            for name, value in overall.items()
        },
        "segments": {name: by_segment(frame, name, truth=truth, predicted=predicted) for name in segments},
        "window": {"first_month": frame[time_column].min(), "last_month": frame[time_column].max()},
    }
