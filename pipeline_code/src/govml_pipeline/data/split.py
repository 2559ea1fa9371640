"""Splitting by time: the last months are the test set, the months before them validate, the rest trains.

A random split would let the model see the market of the very months that it is tested on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from govml_pipeline.data import months
from govml_pipeline.errors import UserError

#: A thousand years: no window is longer.
_MOST: Final = 12_000


@dataclass(frozen=True)
class Split:
    """Three consecutive windows of time, in rows; every row is in exactly one."""

    train: pl.DataFrame
    validation: pl.DataFrame
    test: pl.DataFrame


def split_by_month(rows: pl.DataFrame, time_column: str, *, test_months: int, validation_months: int) -> Split:
    """Split rows by their month.

    Args:
        rows: validated rows.
        time_column: column with `YYYY-MM`.
        test_months: number of calendar months of the test window, counted back from the last month with rows.
        validation_months: number of calendar months before the test window.

    Raises:
        UserError: a window is not positive, or one of the three sets would be empty.
    """
    if not (1 <= test_months <= _MOST and 1 <= validation_months <= _MOST):
        raise UserError(
            f"test months ({test_months}) and validation months ({validation_months}) must be 1 to {_MOST:,}",
            hint="12 and 6 are the usual choice",
        )
    month = rows.select(months.number_expression(time_column)).to_series()
    first, last = int(month.to_numpy().min()), int(month.to_numpy().max())
    test_from = last - test_months + 1
    validation_from = test_from - validation_months
    parts = {
        "train": rows.filter(month < validation_from),
        "validation": rows.filter((month >= validation_from) & (month < test_from)),
        "test": rows.filter(month >= test_from),
    }
    empty = [name for name, part in parts.items() if part.is_empty()]
    if empty:
        raise UserError(
            f"no rows for {' and '.join(empty)}: the data covers {months.text(first)} to {months.text(last)}, "
            f"the last {test_months} months test and the {validation_months} before them validate",
            hint="deliver more months, or shorten the windows",
        )
    return Split(**parts)
