"""Columns of any type as numbers or as counts of names."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from govml_pipeline.errors import UserError


def numbers(column: pl.Series) -> NDArray[np.float64]:
    """A column as numbers, shape (n,), NaN where missing.

    Truth values are 0 and 1, dates days since 1970, moments, durations and times of day seconds. Whole numbers beyond
    2^53 lose their last digits.

    Raises:
        UserError: the column holds text or something nested.
    """
    kind, parts = column.dtype, 1
    if kind == pl.Date:
        column = column.cast(pl.Int32)
    elif isinstance(kind, pl.Datetime):
        column, parts = column.cast(pl.Datetime("us")).cast(pl.Int64), 10**6
    elif isinstance(kind, pl.Duration):
        column, parts = column.cast(pl.Duration("us")).cast(pl.Int64), 10**6
    elif kind == pl.Time:
        column, parts = column.cast(pl.Int64), 10**9
    elif not (kind.is_numeric() or kind in (pl.Boolean, pl.Null)):
        raise _unfit(column, "number")
    values = column.cast(pl.Float64).fill_null(np.nan).to_numpy()
    # Divided here: Polars multiplies by the inverse, which is not the nearest number.
    return values if parts == 1 else values / parts


def texts(column: pl.Series) -> pl.Series:
    """A column as names of categories, null where missing.

    Truth values are `true` and `false`, dates and moments as in ISO 8601; 1 and 1.0 are the same, since a column of
    whole numbers with missing ones often arrives as decimals.

    Raises:
        UserError: the column holds bytes or something nested.
    """
    kind = column.dtype
    if kind.is_nested() or kind in (pl.Binary, pl.Object):
        raise _unfit(column, "category")
    if not kind.is_float():
        return column.cast(pl.String)
    value = pl.col(column.name)
    whole = (value == value.floor()) & (value.abs() < 2.0**53)
    text = pl.when(whole).then(value.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(value.cast(pl.String))
    return column.to_frame().select(pl.when(value.is_not_nan()).then(text).alias(column.name)).to_series()


def names(column: pl.Series) -> tuple[dict[str, int], int]:
    """Rows of a column by name (see `texts`), and those that are missing.

    Raises:
        UserError: the column holds bytes or something nested.
    """
    found: dict[str, int] = {}
    missing = 0
    counted = column.alias("value").value_counts(name="rows")
    for name, rows in zip(texts(counted["value"].alias(column.name)), counted["rows"], strict=True):
        if name is None:
            missing += rows
        else:
            found[name] = found.get(name, 0) + rows
    return found, missing


def _unfit(column: pl.Series, kind: str) -> UserError:
    return UserError(
        f"feature {column.name!r} is declared as {kind}, but its column is of type {column.dtype}",
        hint="declare it as category, or convert the column" if kind == "number" else "convert the column to text",
    )
