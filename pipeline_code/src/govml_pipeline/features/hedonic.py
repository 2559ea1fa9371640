"""A hedonic regression that learns month by month: what each month's sales are worth by what was known before them.

The log of a value is explained by the characteristics of what was sold (Rosen, "Hedonic Prices and Implicit Markets",
Journal of Political Economy, 1974): a ridge regression whose normal equations fade, so that old months count less,

    (sum_t g**(m - t) X_t' X_t + penalty * I) w_m = sum_t g**(m - t) X_t' y_t        over months t < m

The coefficients w_m of a month come from strictly earlier months. All of them are kept: a row of 2019 is explained as it
would have been then. Predictions add one term after the other, so that a row alone gets, to the last bit, what it gets
among others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray


@dataclass(frozen=True)
class Term:
    """One characteristic: a number, or a number of its own for each group.

    Args:
        values: shape (n,), finite.
        codes: code of each row's group, shape (n,), negative or NaN for a row of no group; None: one coefficient for all.
        size: number of groups; 1 without codes.
    """

    values: NDArray[np.float64]
    codes: NDArray[np.float64] | None = None
    size: int = 1

    def positions(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Column of each row within the term, and its value (0 for a row of no group), both of shape (n,)."""
        if self.codes is None:
            return np.zeros(len(self.values), dtype=np.int64), self.values
        known = self.codes >= 0
        return np.where(known, self.codes, 0).astype(np.int64), np.where(known, self.values, 0.0)


class HedonicRegression:
    """Coefficients of every month.

    Args:
        first_month: number of the first month.
        coefficients: shape (months + 1, p); row i holds what is known before month `first_month + i`.
    """

    def __init__(self, first_month: int, coefficients: NDArray[np.float64]) -> None:
        self.first_month = first_month
        self.coefficients = coefficients

    @classmethod
    def fit(
        cls,
        terms: Sequence[Term],
        months: NDArray[np.int64],
        values: NDArray[np.float64],
        *,
        half_life: float,
        penalty: float,
    ) -> HedonicRegression:
        """Learn from observations, which must come in one order however they were delivered: sums depend on it.

        Args:
            terms: characteristics of n observations.
            months: number of the month of each, shape (n,).
            values: log of what is explained, shape (n,).
            half_life: months after which an observation counts half.
            penalty: ridge penalty, in observations; keeps coefficients of rare groups near zero.

        Raises:
            ValueError: no observations.
        """
        if not len(values):
            raise ValueError("a hedonic regression needs observations")
        first, last = int(months.min()), int(months.max())
        order = np.argsort(months, kind="stable")
        bounds = np.searchsorted(months[order], np.arange(first, last + 2))
        width = sum(term.size for term in terms)
        moments, products = np.zeros((width, width)), np.zeros(width)
        ridge = penalty * np.eye(width)
        fade = 0.5 ** (1.0 / half_life)
        coefficients = np.zeros((last - first + 2, width))
        for month in range(last - first + 1):
            chosen = order[bounds[month] : bounds[month + 1]]
            matrix = _matrix(terms, chosen, width)
            moments = moments * fade + matrix.T @ matrix
            products = products * fade + matrix.T @ values[chosen]
            coefficients[month + 1] = np.linalg.solve(moments + ridge, products)
        return cls(first, coefficients)

    def predict(self, terms: Sequence[Term], months: NDArray[np.int64]) -> NDArray[np.float64]:
        """Expected log value of rows by what is known before their months, shape (n,).

        Before the first month nothing is known, and 0 is returned; after the last one, the last coefficients hold.
        """
        row = np.clip(months - self.first_month, 0, len(self.coefficients) - 1)
        total, offset = np.zeros(len(months)), 0
        for term in terms:
            position, value = term.positions()
            total += self.coefficients[row, offset + position] * value
            offset += term.size
        return total

    def predict_one(self, terms: Sequence[tuple[float, float | None, int]], month: int) -> float:
        """Return what `predict` returns for one row.

        Args:
            terms: value, code and size of each `Term`.
            month: number of the row's month.
        """
        known = self.coefficients[min(max(month - self.first_month, 0), len(self.coefficients) - 1)]
        total, offset = 0.0, 0
        for value, code, size in terms:
            if code is None:
                total += float(known[offset]) * value
            elif code >= 0:
                total += float(known[offset + int(code)]) * value
            else:  # of no group
                total += float(known[offset]) * 0.0
            offset += size
        return total

    def to_frame(self) -> pl.DataFrame:
        """The state as a table with one row a month: `month` and the list `coefficients`."""
        month = np.arange(self.first_month, self.first_month + len(self.coefficients))
        return pl.DataFrame({"month": month, "coefficients": list(self.coefficients)})

    @classmethod
    def from_frame(cls, table: pl.DataFrame) -> HedonicRegression:
        """Read what `to_frame` gave."""
        return cls(int(table["month"][0]), np.stack(table["coefficients"].to_numpy()).astype(np.float64))


def _matrix(terms: Sequence[Term], chosen: NDArray[np.int64], width: int) -> NDArray[np.float64]:
    matrix, offset = np.zeros((len(chosen), width)), 0
    rows = np.arange(len(chosen))
    for term in terms:
        part = Term(term.values[chosen], None if term.codes is None else term.codes[chosen], term.size)
        position, value = part.positions()
        matrix[rows, offset + position] = value
        offset += term.size
    return matrix
