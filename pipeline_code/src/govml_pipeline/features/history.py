"""What is known about a key (a block, a street) from strictly earlier months: an exponentially decayed mean.

For key k and month m, over all past observations (t, v) of the key with t < m,

    level  = sum(v * g**t) / sum(g**t)          g = 2 ** (1 / half_life)
    weight = sum(g**(t - m))                    effective number of observations

An observation of month m itself is never used: in a live system the month is not over yet. The state is a table of
monthly sums, so the same lookup serves training rows, test rows and a single request.
"""

from __future__ import annotations

import math
from typing import Final, TypeVar

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from govml_pipeline.features.categories import Categories

#: More months than any dataset spans (341 years); separates the keys in the combined (key, month) index.
_SPAN = 4096
_UNITS: Final = 2.0**32

#: A frame in memory or one that a lazy engine has yet to compute.
Frame = TypeVar("Frame", nw.DataFrame, nw.LazyFrame)


class History:
    """Decayed history of one kind of key.

    Args:
        table: columns `key` (string), `month` (number of the month), `total` (sum of values), `count`; one row per
            key and month with observations, sorted by key and month.
        half_life: months after which an observation counts half.
    """

    def __init__(self, table: pl.DataFrame, half_life: float) -> None:
        self.table = table
        self.half_life = half_life
        self._first = int(table["month"].to_numpy().min()) if table.height else 0
        growth = 2.0 ** (1.0 / half_life)
        age = pl.col("month") - self._first
        state = table.with_columns(
            (pl.col("total") * growth ** age.cast(pl.Float64)).cum_sum().over("key").alias("level"),
            (pl.col("count") * growth ** age.cast(pl.Float64)).cum_sum().over("key").alias("weight"),
        )
        keys = state["key"].unique().sort()
        self._codes = Categories(keys.to_list())
        codes = self._codes.encode(state["key"]).astype(np.int64)
        self._index = codes * _SPAN + (state["month"].to_numpy() - self._first)
        self._level = (state["level"] / state["weight"]).to_numpy()
        self._weight = state["weight"].to_numpy()
        self._decay = growth ** -np.arange(_SPAN, dtype=np.float64)

    def lookup(self, keys: pl.Series, months: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return level and weight, both of shape (n,), from months strictly before `months`.

        A key without any earlier observation has level NaN and weight 0.
        """
        codes = self._codes.encode(keys)
        known = ~np.isnan(codes)
        age = np.clip(months - self._first, 0, _SPAN - 1)
        wanted = np.where(known, codes, 0.0).astype(np.int64) * _SPAN + age
        position = np.searchsorted(self._index, wanted, side="left") - 1
        found = known & (position >= 0)
        position = np.where(found, position, 0)
        if len(self._index):
            found &= self._index[position] // _SPAN == wanted // _SPAN
            level = np.where(found, self._level[position], np.nan)
            weight = np.where(found, self._weight[position] * self._decay[age], 0.0)
            return level, weight
        return np.full(len(months), np.nan), np.zeros(len(months))

    def lookup_one(self, key: str | None, month: int) -> tuple[float, float]:
        """Return what `lookup` returns for one key and month."""
        code = self._codes.code(key)
        if math.isnan(code) or not len(self._index):
            return math.nan, 0.0
        age = min(max(month - self._first, 0), _SPAN - 1)
        wanted = int(code) * _SPAN + age
        position = int(self._index.searchsorted(wanted)) - 1
        if position < 0 or self._index[position] // _SPAN != int(code):
            return math.nan, 0.0
        return float(self._level[position]), float(self._weight[position] * self._decay[age])


def monthly_totals(keys: pl.Series, months: NDArray[np.int64], values: NDArray[np.float64]) -> pl.DataFrame:
    """Build the table of a `History` from observations, all of shape (n,)."""
    rows = pl.DataFrame({"key": keys, "month": months, "value": values})
    return totals(nw.from_native(rows), key="key", month="month", value="value").sort("key", "month").to_native()


def totals(rows: Frame, *, key: str, month: str, value: str) -> Frame:
    """Sum and count of a value by key and month, on any engine, in no order: the columns of a `History`'s table.

    A sum of floats depends on the order of its terms, which is another on every engine and at every run. So the value
    is summed as two whole numbers: what lies before the point, and the fraction in units of 2**-32. The total is exact
    but for half such a unit per observation (1.2e-10), for any number of them up to 2**31 per key and month.

    Args:
        rows: frame with the three columns.
        key: column whose values tell the keys apart.
        month: column with the number of the month.
        value: column of finite numbers below 2**53.
    """
    whole = nw.col(value).floor()
    fraction = ((nw.col(value) - whole) * _UNITS + 0.5).floor()
    return (
        rows.select(
            nw.col(key).alias("key"),
            nw.col(month).alias("month"),
            whole.cast(nw.Int64).alias("whole"),
            fraction.cast(nw.Int64).alias("fraction"),
        )
        .group_by("key", "month")
        .agg(nw.col("whole").sum(), nw.col("fraction").sum(), nw.len().cast(nw.Float64).alias("count"))
        .select(
            "key",
            "month",
            (nw.col("whole").cast(nw.Float64) + nw.col("fraction").cast(nw.Float64) / _UNITS).alias("total"),
            "count",
        )
    )
