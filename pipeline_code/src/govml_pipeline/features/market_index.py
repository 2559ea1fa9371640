"""A monthly market index from chained comparisons: how much dearer is this month than the same groups were before?

Month by month, the mean log value of each group (for example town and flat type) is compared with the group's own
decayed level over earlier months; the index of the month is the weighted mean of these differences. It uses nothing but
the month itself and earlier ones, so a later delivery does not change the index of an earlier month. The method is a
stratified mix-adjusted index (Eurostat, Handbook on Residential Property Price Indices, 2013, chapter 4), chained.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

#: Groups with few past sales are shrunk away: weight n * w / (w + PRIOR) for w effective past sales.
_PRIOR = 5.0


class MarketIndex:
    """Index of the log value by month.

    Args:
        first_month: number of the first month.
        values: index of each month from the first one on, without gaps, shape (months,); the first is 0.
    """

    def __init__(self, first_month: int, values: list[float]) -> None:
        self.first_month = first_month
        self.values = values
        self._values = np.asarray(values, dtype=np.float64)

    @classmethod
    def fit(
        cls, groups: pl.Series, months: NDArray[np.int64], values: NDArray[np.float64], *, half_life: float = 6.0
    ) -> MarketIndex:
        """Compute the index from observations, all of shape (n,).

        Args:
            groups: stratum of each observation.
            months: number of its month.
            values: log of what is measured, for example log(price per square metre).
            half_life: months after which a past observation counts half in its group's level.
        """
        first, last = int(months.min()), int(months.max())
        cells = (
            pl.DataFrame({"group": groups, "month": months, "value": values})
            .group_by("group", "month")
            .agg(pl.col("value").sort().sum().alias("total"), pl.len().alias("count"))
            .sort("group", "month")
        )
        rows = cells["group"].rank("dense").to_numpy().astype(np.int64) - 1
        columns = cells["month"].to_numpy() - first
        total = np.zeros((int(rows.max()) + 1, last - first + 1))
        count = np.zeros_like(total)
        total[rows, columns] = cells["total"].to_numpy()
        count[rows, columns] = cells["count"].to_numpy()

        decay = 0.5 ** (1.0 / half_life)
        index = np.zeros(total.shape[1])
        level, weight = np.zeros(total.shape[0]), np.zeros(total.shape[0])
        for month in range(total.shape[1]):
            sold = count[:, month] > 0
            compared = sold & (weight > 0)
            trust = count[compared, month] * weight[compared] / (weight[compared] + _PRIOR)
            if trust.sum() > 0:
                rise = total[compared, month] / count[compared, month] - level[compared] / weight[compared]
                index[month] = float(rise @ trust / trust.sum())
            elif month:
                index[month] = index[month - 1]
            level = level * decay + total[:, month] - count[:, month] * index[month]
            weight = weight * decay + count[:, month]
        return cls(first, index.tolist())

    def at(self, months: NDArray[np.int64]) -> NDArray[np.float64]:
        """Index of the months themselves, shape (n,); beyond the ends, that of the nearest month known."""
        return self._values[np.clip(months - self.first_month, 0, len(self._values) - 1)]

    def before(self, months: NDArray[np.int64], *, lag: int = 0) -> NDArray[np.float64]:
        """Last index known strictly before the months, or the one `lag` months before that, shape (n,)."""
        known = np.clip(months - 1 - self.first_month, 0, len(self._values) - 1)
        return self._values[np.clip(known - lag, 0, len(self._values) - 1)]

    def before_one(self, month: int, *, lag: int = 0) -> float:
        """Return what `before` returns for one month."""
        last = len(self.values) - 1
        known = min(max(month - 1 - self.first_month, 0), last)
        return self.values[min(max(known - lag, 0), last)]
