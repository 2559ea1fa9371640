"""What earlier months tell about the target of a group of rows, pulled towards the mean of all where there are few.

The mean-target encoding of categories with many values, made safe for time: the value of a row comes from labels that
were known before its month, in training and in serving alike, so no row ever sees its own label.
"""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from govml_pipeline.features.history import History

#: Past observations that the mean of all rows is worth.
_PRIOR = 10.0


class Past:
    """Decayed mean of the target by group, from earlier months.

    Args:
        name: what the features are named after.
        table: monthly sums, as `history.History` takes them; an observation's month is that in which it became known.
        half_life: months after which an observation counts half.
        mean: mean of the training rows' labels.
        lags: so many months back, what the mean of a group was in that very month.
    """

    def __init__(
        self, name: str, table: pl.DataFrame, *, half_life: float, mean: float, lags: tuple[int, ...] = ()
    ) -> None:
        self.name = name
        self.table = table
        self.mean = mean
        self.lags = lags
        self._history = History(table, half_life)
        self._months = table.select("key", pl.col("month"), (pl.col("total") / pl.col("count")).alias("lagged"))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features: level, effective number of observations, and the lags."""
        return (f"{self.name}_level", f"{self.name}_weight", *(f"{self.name}_lag{lag}" for lag in self.lags))

    def encode(self, keys: pl.Series, months: NDArray[np.int64]) -> list[NDArray[np.float64]]:
        """Return one array of shape (n,) for each feature; finite, whatever the keys.

        Args:
            keys: group of each row, shape (n,).
            months: number of its month, shape (n,).
        """
        level, weight = self._history.lookup(keys, months)
        known = np.where(weight > 0, level, 0.0)
        pulled = (known * weight + self.mean * _PRIOR) / (weight + _PRIOR)
        return [pulled, weight, *(self._lagged(keys, months - lag, pulled) for lag in self.lags)]

    def encode_one(self, key: str, month: int) -> list[float]:
        """Return what `encode` returns for one group and month."""
        level, weight = self._history.lookup_one(key, month)
        known = level if weight > 0 else 0.0
        pulled = (known * weight + self.mean * _PRIOR) / (weight + _PRIOR)
        return [pulled, weight, *(self._means.get((key, month - lag), pulled) for lag in self.lags)]

    @cached_property
    def _means(self) -> dict[tuple[str, int], float]:
        """Mean of a key in a month, for the lags."""
        if not self.lags:
            return {}
        found = zip(*(self._months[name].to_list() for name in ("key", "month", "lagged")), strict=True)
        return {(key, month): mean for key, month, mean in found if mean is not None and not math.isnan(mean)}

    def _lagged(
        self, keys: pl.Series, months: NDArray[np.int64], otherwise: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        asked = pl.DataFrame({"key": keys, "month": months}, schema={"key": pl.String, "month": pl.Int64})
        found = asked.join(self._months, on=["key", "month"], how="left", maintain_order="left")["lagged"]
        values = found.fill_null(np.nan).to_numpy()
        return np.where(np.isnan(values), otherwise, values)
