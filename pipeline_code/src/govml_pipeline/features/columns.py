"""Encodings of one column, each fitted on the training rows and applied value by value."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from govml_pipeline.data.row_reader import Value

#: Stands for a missing value among the categories; no category of a contract is empty.
MISSING: Final = ""
UNSEEN: Final = "(unseen)"
#: Stands for "no limit" where an infinity would not be JSON.
_LARGEST: Final = sys.float_info.max


@dataclass(frozen=True)
class Quantity:
    """A numeric column: clipped, filled in, and scaled if wanted.

    Args:
        name: column.
        low: smaller values become this.
        high: larger values become this.
        median: stands for a missing value.
        centre: subtracted from every value.
        spread: every value is divided by this.
        flagged: whether there is a feature that tells missing values apart.
    """

    name: str
    low: float
    high: float
    median: float
    centre: float
    spread: float
    flagged: bool

    @classmethod
    def fit(cls, column: pl.Series, *, clip: tuple[float, float] | None, scale: bool, flagged: bool) -> Self | None:
        """Learn from the training rows; None if every value is missing, which says nothing.

        Args:
            column: values of the training rows.
            clip: shares of the rows beyond which values are outliers, as in (0.001, 0.999).
            scale: subtract the mean and divide by the standard deviation.
            flagged: see the class.
        """
        values = np.sort(column.drop_nulls().cast(pl.Float64).to_numpy())  # sorted: sums do not depend on the order
        if not len(values):
            return None
        low, high = (float(edge) for edge in np.quantile(values, clip)) if clip else (-_LARGEST, _LARGEST)
        inside = np.clip(values, low, high)
        centre, spread = (float(inside.mean()), float(inside.std()) or 1.0) if scale else (0.0, 1.0)
        return cls(column.name, low, high, float(np.median(inside)), centre, spread, flagged)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return (self.name, f"{self.name}_missing") if self.flagged else (self.name,)

    def encode(self, column: pl.Series) -> list[NDArray[np.float64]]:
        """Return one array of shape (n,) for each feature."""
        values = column.cast(pl.Float64).fill_null(np.nan).to_numpy()
        missing = np.isnan(values)
        filled = np.where(missing, self.median, np.clip(values, self.low, self.high))
        scaled = (filled - self.centre) / self.spread
        return [scaled, missing.astype(np.float64)] if self.flagged else [scaled]

    def encode_one(self, value: Value) -> list[float]:
        """Return what `encode` returns for one value."""
        # As numpy's `clip` does it, limit after limit.
        filled = self.median if value is None else min(max(float(value), self.low), self.high)
        scaled = (filled - self.centre) / self.spread
        return [scaled, float(value is None)] if self.flagged else [scaled]


@dataclass(frozen=True)
class OneHot:
    """A column of few values: a feature for each, and one for values that were not there when fitted.

    Args:
        name: column.
        values: values of the training rows in sorted order, the empty one for missing.
    """

    name: str
    values: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return tuple(f"{self.name}={value or '(missing)'}" for value in (*self.values, UNSEEN))

    def encode(self, column: pl.Series) -> list[NDArray[np.float64]]:
        """Return one array of shape (n,) for each feature."""
        text = column.fill_null(MISSING)
        unseen = (~text.is_in(list(self.values))).to_numpy()
        return [*((text == value).to_numpy().astype(np.float64) for value in self.values), unseen.astype(np.float64)]

    def encode_one(self, value: Value) -> list[float]:
        """Return what `encode` returns for one value."""
        text = MISSING if value is None else value
        return [*(float(text == known) for known in self.values), float(text not in self.values)]


@dataclass(frozen=True)
class Share:
    """A column of many values: how large a share of the training rows has the value; 0 for one that none had.

    Args:
        name: column.
        shares: share by value.
    """

    name: str
    shares: dict[str, float]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features."""
        return (f"{self.name}_share",)

    def encode(self, column: pl.Series) -> list[NDArray[np.float64]]:
        """Return one array of shape (n,)."""
        text = column.fill_null(MISSING)
        return [text.replace_strict(self.shares, default=0.0, return_dtype=pl.Float64).to_numpy()]

    def encode_one(self, value: Value) -> list[float]:
        """Return what `encode` returns for one value."""
        return [self.shares.get(MISSING if value is None else str(value), 0.0)]


def fit_category(column: pl.Series, *, limit: int) -> OneHot | Share:
    """Encode a column of at most `limit` values one-hot, and one of more by their shares."""
    counts = column.fill_null(MISSING).value_counts().sort(column.name)
    if counts.height <= limit:
        return OneHot(column.name, tuple(counts[column.name].to_list()))
    shares = dict(zip(counts[column.name], counts["count"] / column.len(), strict=True))
    return Share(column.name, shares)


def feature_names(names: list[str]) -> tuple[str, ...]:
    """Names that XGBoost takes: without brackets and `<`, none twice."""
    taken: list[str] = []
    for name in names:
        unique = name.replace("[", "(").replace("]", ")").replace("<", "below ")
        while unique in taken:
            unique += "'"
        taken.append(unique)
    return tuple(taken)
