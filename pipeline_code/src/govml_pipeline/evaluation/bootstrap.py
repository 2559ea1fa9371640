"""95 % intervals by a block bootstrap over months, percentile method.

Rows of one month share the market of that month, so rows are not drawn one by one: whole months are, with replacement
(the non-overlapping block bootstrap: Carlstein 1986, Annals of Statistics 14(3), 1171-1179; percentile intervals: Efron
and Tibshirani 1993, An Introduction to the Bootstrap, chapter 13). A metric that is a function of sums over rows needs the
sums of each month once; a replicate is then a weighted sum of months, and a thousand of them one matrix product.
Metrics of other kinds (medians, ranks) get no interval.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

REPLICATES: Final = 1000
_SEED: Final = 20170101
_LEVELS: Final = (2.5, 97.5)
#: Fewer months than this say nothing about how months differ.
MINIMUM_BLOCKS: Final = 3

#: Turns sums of shape (..., s) into metrics of shape (...), NaN where one is not defined.
Measures = Callable[[NDArray[np.float64]], dict[str, NDArray[np.float64]]]


@dataclass(frozen=True)
class Statistics:
    """What metrics are made of: quantities of each row that are summed, and metrics as functions of the sums.

    Args:
        rows: shape (n, s), finite.
        measures: sums of shape (..., s) to metrics of shape (...).
    """

    rows: NDArray[np.float64]
    measures: Measures

    def values(self) -> dict[str, float | None]:
        """Metrics of all rows together; None where one is not defined."""
        return {name: finite(value) for name, value in self.measures(self.rows.sum(axis=0)).items()}


@dataclass(frozen=True)
class Grouped:
    """Metrics of several groups of the same rows, all arrays of length g in the order of the groups.

    Args:
        count: rows of each group.
        values: metrics by name, NaN where one is not defined.
        lower: lower ends of the intervals by name, NaN where there is none.
        upper: upper ends of the intervals by name.
    """

    count: NDArray[np.int64]
    values: dict[str, NDArray[np.float64]]
    lower: dict[str, NDArray[np.float64]]
    upper: dict[str, NDArray[np.float64]]

    def entry(self, position: int) -> dict[str, Any]:
        """Metrics of one group: `n`, each metric's value, and `intervals` of those that have one."""
        metrics = {name: finite(values[position]) for name, values in self.values.items()}
        ends = {name: (finite(self.lower[name][position]), finite(self.upper[name][position])) for name in metrics}
        return {
            "n": int(self.count[position]),
            **metrics,
            "intervals": {name: [low, high] for name, (low, high) in ends.items() if low is not None},
        }


def grouped(statistics: Statistics, groups: NDArray[np.int64], number: int, blocks: NDArray[np.int64]) -> Grouped:
    """Measure groups of rows, with intervals.

    Args:
        statistics: quantities of n rows.
        groups: group of each row, shape (n,), 0 to `number` - 1.
        number: how many groups there are.
        blocks: block of each row, shape (n,), any integers (numbers of months).
    """
    _, codes = np.unique(blocks, return_inverse=True)
    months = int(codes.max()) + 1
    cell = groups * months + codes
    sums = np.stack(
        [np.bincount(cell, weights=column, minlength=number * months) for column in statistics.rows.T], axis=1
    ).reshape(number, months, -1)
    values = statistics.measures(sums.sum(axis=1))
    count = np.bincount(groups, minlength=number)
    held = (np.bincount(cell, minlength=number * months).reshape(number, months) > 0).sum(axis=1)
    if months < MINIMUM_BLOCKS:
        none = {name: np.full(number, np.nan) for name in values}
        return Grouped(count, values, none, none)
    replicates = statistics.measures(np.tensordot(weights(months), sums, axes=(1, 1)))
    ends = {name: _percentiles(drawn) for name, drawn in replicates.items()}
    # No interval around a value that is not there, nor from a group that only one or two months hold.
    known = {
        name: np.isfinite(value) & np.isfinite(ends[name][0]) & (held >= MINIMUM_BLOCKS)
        for name, value in values.items()
    }
    return Grouped(
        count,
        values,
        {name: np.where(known[name], ends[name][0], np.nan) for name in values},
        {name: np.where(known[name], ends[name][1], np.nan) for name in values},
    )


def weights(months: int, replicates: int = REPLICATES) -> NDArray[np.float64]:
    """How often each month is drawn in each replicate, shape (replicates, months); the same at every call."""
    chances = np.full(months, 1 / months)
    return np.random.default_rng(_SEED).multinomial(months, chances, size=replicates).astype(np.float64)


def _percentiles(drawn: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ends of the interval, shape (2, g), of replicates of shape (replicates, g); NaN where under half are defined."""
    ends = np.full((2, drawn.shape[1]), np.nan)
    defined = np.isfinite(drawn)
    whole = defined.all(axis=0)
    ends[:, whole] = np.percentile(drawn[:, whole], _LEVELS, axis=0)
    for column in np.flatnonzero(~whole & (defined.mean(axis=0) >= 0.5)):
        ends[:, column] = np.percentile(drawn[defined[:, column], column], _LEVELS)
    return ends


def ratio(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """`part / whole`, NaN where the whole is zero."""
    part, whole = np.broadcast_arrays(np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64))
    return np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole != 0)


def finite(value: Any) -> float | None:
    """The value as a float, None where it is not finite."""
    return float(value) if np.isfinite(value) else None
