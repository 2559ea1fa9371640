"""Columns of files that others write, read as the type that is needed."""

from __future__ import annotations

import polars as pl

from govml_pipeline.errors import UserError


def read_as(values: pl.Series, kind: type[pl.DataType], where: str) -> pl.Series:
    """Return a column as another type; null where a value is none of it, or a number without end (NaN, infinity).

    One value that cannot be judged must not stop a whole look.

    Args:
        values: the column.
        kind: Polars type.
        where: what it is a column of, for the message.

    Raises:
        UserError: its type can hold no such values.
    """
    try:
        found = values.cast(kind, strict=False)
    except pl.exceptions.PolarsError as error:
        raise UserError(
            f"{where}: column {values.name!r} is {values.dtype}, which cannot be read as {kind}",
            hint="give texts and numbers, one value a row",
        ) from error
    return found.set(~found.is_finite(), None) if kind.is_float() else found
