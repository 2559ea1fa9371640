"""Defects as they happen to a feed or to a market, put into rows on purpose, and which signals have to tell of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

#: Square feet in a square metre.
_SQUARE_FEET: Final = 10.7639
#: Rows of a month, months since the defect began (1: its first), random numbers -> rows with the defect.
Change = Callable[[pl.DataFrame, int, np.random.Generator], pl.DataFrame]


@dataclass(frozen=True)
class Defect:
    """A defect.

    Args:
        change: makes it.
        told_by: kinds of signal of which one has to count.
        asks: whether retraining has to be asked for; None: it may be.
        answered: whether the model sees it, so that its answers are those to the changed rows.
    """

    change: Change
    told_by: tuple[str, ...]
    asks: bool | None = False
    answered: bool = True


def _weighted(rows: pl.DataFrame, column: str, power: float, rng: np.random.Generator) -> pl.DataFrame:
    """Rows drawn anew, the more often the higher their rank in a column."""
    rank = rows[column].rank("ordinal").to_numpy().astype(np.float64)
    weight = rank**power
    return rows[rng.choice(rows.height, rows.height, p=weight / weight.sum())]


def _shuffled(rows: pl.DataFrame, column: str, rng: np.random.Generator) -> pl.DataFrame:
    return rows.with_columns(rows[column].gather(rng.permutation(rows.height)).alias(column))


def _dearer(rows: pl.DataFrame, share: float) -> pl.DataFrame:
    return rows.with_columns((pl.col("resale_price") * (1 + share)).round(0))


def _without(rows: pl.DataFrame, column: str, share: float, rng: np.random.Generator) -> pl.DataFrame:
    gone = pl.Series(rng.random(rows.height) < share)
    return rows.with_columns(pl.when(~gone).then(pl.col(column)).alias(column))


DEFECTS: Final[dict[str, Defect]] = {
    "none": Defect(lambda rows, _, __: rows, ()),
    "label shift: dear flats sold twice as often as usual": Defect(
        lambda rows, _, rng: _weighted(rows, "resale_price", 1.0, rng), ("target_drift", "prediction_drift"), None
    ),
    "covariate drift: larger flats": Defect(
        lambda rows, _, rng: _weighted(rows, "floor_area_sqm", 1.0, rng), ("data_drift",), None
    ),
    "wrong units: floor area in square feet": Defect(
        lambda rows, _, __: rows.with_columns(pl.col("floor_area_sqm") * _SQUARE_FEET), ("data_quality",)
    ),
    "swapped: towns of other rows": Defect(
        lambda rows, _, rng: _shuffled(rows, "town", rng), ("concept_drift", "data_drift"), True
    ),
    "missing: remaining lease in 30 % of the rows": Defect(
        lambda rows, _, rng: _without(rows, "remaining_lease", 0.3, rng), ("data_quality",)
    ),
    "sudden: prices 10 % higher": Defect(
        lambda rows, _, __: _dearer(rows, 0.10), ("concept_drift",), True, answered=False
    ),
    "slow: prices 1 % higher every month": Defect(
        lambda rows, age, __: _dearer(rows, 1.01**age - 1), ("concept_drift",), True, answered=False
    ),
}
