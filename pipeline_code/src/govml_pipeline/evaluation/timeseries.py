"""Metrics that only series have: errors relative to the naive forecast, symmetric percentages, and the horizon.

MASE: Hyndman and Koehler 2006, "Another look at measures of forecast accuracy", International Journal of Forecasting
22(4), 679-688: the mean absolute error over that of the forecast "as last month" in the rows that the model learnt from.
sMAPE: in the form of the M4 competition (Makridakis et al. 2020), 0 to 200 %.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from govml_pipeline.data import months
from govml_pipeline.evaluation.bootstrap import Statistics, ratio
from govml_pipeline.evaluation.regression import check, regression_statistics


def timeseries_statistics(
    truth: NDArray[np.float64], predicted: NDArray[np.float64], *, scale: float | None
) -> Statistics:
    """Sums behind the regression metrics, `smape` (percent; a row of two zeros counts as no error) and `mase`.

    Args:
        truth: observed values, shape (n,).
        predicted: predicted values, shape (n,).
        scale: mean absolute error of the naive forecast, in the target's unit; None or 0: `mase` is not defined.
    """
    check(truth, predicted)
    base = regression_statistics(truth, predicted)
    size = np.abs(truth) + np.abs(predicted)
    symmetric = np.divide(200 * np.abs(predicted - truth), size, out=np.zeros(len(truth)), where=size > 0)

    def measures(sums: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
        metrics = base.measures(sums[..., :-1])
        naive = np.full(metrics["mae"].shape, scale or 0.0)
        return {**metrics, "smape": ratio(sums[..., -1], sums[..., 0]), "mase": ratio(metrics["mae"], naive)}

    return Statistics(np.column_stack([base.rows, symmetric]), measures)


def naive_scale(rows: pl.DataFrame, *, truth: str, time_column: str, series: tuple[str, ...]) -> float | None:
    """Mean absolute error of "as last month" over all series, in the target's unit.

    Args:
        rows: rows with their truth; several of one series and month are averaged first.
        truth: column of the target.
        time_column: column with `YYYY-MM`.
        series: columns that tell the series apart; none: all rows are one.

    Returns:
        None where no series has two months that follow each other.
    """
    month = "__month"
    table = (
        rows.with_columns(months.number_expression(time_column).alias(month))
        .group_by(*series, month)
        .agg(pl.col(truth).mean())
        .sort(*series, month)
    )
    by = list(series) or [pl.lit(0)]
    follows = pl.col(month).diff().over(by) == 1
    value = table.select(pl.col(truth).diff().over(by).abs().filter(follows).mean()).item()
    return None if value is None else float(value)


def horizons(month: NDArray[np.int64]) -> NDArray[np.int64]:
    """Months from the last one before the window to each row, shape (n,): 1 in the window's first month."""
    return month - month.min() + 1
