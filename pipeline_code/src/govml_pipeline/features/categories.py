"""Categories as integer codes, fitted on the training rows; what was not seen there is missing."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

#: Up to so many values, a look-up one by one costs less than a join.
FEW: Final = 64


class Categories:
    """Codes of one column's values, in sorted order.

    Args:
        values: distinct values, sorted.
    """

    def __init__(self, values: list[str]) -> None:
        self.values = values
        self._codes = {value: float(code) for code, value in enumerate(values)}
        self._table = pl.DataFrame(
            {"value": values, "code": np.arange(len(values), dtype=np.float64)},
            schema={"value": pl.String, "code": pl.Float64},
        )

    @classmethod
    def fit(cls, column: pl.Series) -> Categories:
        """Learn the values of a column of strings; nulls are no value."""
        return cls(column.drop_nulls().unique().sort().to_list())

    def encode(self, column: pl.Series) -> NDArray[np.float64]:
        """Return codes of shape (n,), NaN for nulls and for values that were not there when fitted."""
        if len(column) <= FEW:
            return np.array([self.code(value) for value in column.to_list()], dtype=np.float64)
        joined = pl.DataFrame({"value": column}).join(self._table, on="value", how="left", maintain_order="left")
        return joined["code"].fill_null(np.nan).to_numpy()

    def code(self, value: str | None) -> float:
        """Return the code of one value, NaN where `encode` gives NaN."""
        return self._codes.get(value, math.nan)  # None is not among them
