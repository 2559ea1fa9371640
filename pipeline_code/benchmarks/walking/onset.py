"""When the surge began, from prices alone: no model's error decides on it."""

from __future__ import annotations

import numpy as np
import polars as pl

from govml_pipeline.data import months
from govml_pipeline.features.market_index import MarketIndex
from usecases.hdb_resale.derive import MONTH, derive


def market_index(rows: pl.DataFrame, first: str, last: str) -> tuple[list[str], np.ndarray]:
    """Mix-adjusted price level by month, in percent (log scale), from `first` to `last`."""
    frame = derive(rows)
    number = frame[MONTH].to_numpy()
    value = np.log(frame["resale_price"].to_numpy() / frame["floor_area_sqm"].to_numpy())
    index = MarketIndex.fit(frame["town_type_key"], number, value)
    wanted = np.arange(months.number(first), months.number(last) + 1)
    return [months.text(int(month)) for month in wanted], 100 * index.at(wanted)


def first_month(rows: pl.DataFrame, first: str, last: str) -> tuple[str, float, float]:
    """First month on the steeper of two lines that meet (least squares over every meeting point), and both slopes.

    Args:
        rows: the data.
        first: first month of the fit.
        last: its last month.

    Returns:
        The month; the slopes before and after in percent a month.
    """
    month, level = market_index(rows, first, last)
    time = np.arange(len(month), dtype=np.float64)
    best = (np.inf, 0, 0.0, 0.0)
    for bend in range(3, len(month) - 3):
        terms = np.column_stack([np.ones(len(time)), time, np.maximum(0.0, time - bend)])
        fitted, *_ = np.linalg.lstsq(terms, level, rcond=None)
        error = float(((level - terms @ fitted) ** 2).sum())
        best = min(best, (error, bend, float(fitted[1]), float(fitted[1] + fitted[2])))
    return month[best[1] + 1], best[2], best[3]
