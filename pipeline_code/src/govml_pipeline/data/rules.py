"""Checks of one column: text in, typed column out, and for every row the reason why it is refused, or null.

A value that cannot be read at all (`malformed:`) is told apart from a readable value that breaks a rule.
"""

from __future__ import annotations

import polars as pl

from govml_pipeline.data import months
from govml_pipeline.data.contract import Column

MALFORMED = "malformed: "
_NUMBER = {"integer": r"^[+-]?[0-9]{1,15}$", "decimal": r"^[+-]?[0-9]{1,15}(\.[0-9]{1,15})?$"}
_DTYPE = {"integer": pl.Int64, "decimal": pl.Float64}


def typed(column: Column) -> pl.Expr:
    """Expression for the column's typed value; null where the text cannot be read."""
    value = pl.col(column.name)
    if column.kind == "month":
        return pl.when(months.number_expression(column.name).is_not_null()).then(value).alias(column.name)
    if column.kind == "category":
        upper = value.str.to_uppercase()
        return (upper.replace(column.aliases) if column.aliases else upper).alias(column.name)
    if column.kind == "text":
        return value
    readable = value.str.contains(_NUMBER[column.kind])
    return pl.when(readable).then(value.cast(_DTYPE[column.kind], strict=False)).alias(column.name)


def reason(column: Column, *, this_month: int) -> pl.Expr:
    """Expression for why a row is refused because of this column (null: it is not).

    Args:
        column: the column, still as text in the frame.
        this_month: number of the current month; a later one is in the future.
    """
    text = pl.col(column.name)
    checks: list[tuple[pl.Expr, str]] = []
    if column.required:
        checks.append((text.is_null(), "missing value"))
    if column.kind == "month":
        number = months.number_expression(column.name)
        checks.append((text.is_not_null() & number.is_null(), f"{MALFORMED}not a month (YYYY-MM)"))
        checks.append((number > this_month, f"in the future (now is {months.text(this_month)})"))
        if column.minimum is not None:
            checks.append((number < months.number(str(column.minimum)), f"before {column.minimum}"))
    elif column.kind in _NUMBER:
        number = typed(column)
        noun = "a whole number" if column.kind == "integer" else "a number"
        checks.append((text.is_not_null() & number.is_null(), f"{MALFORMED}not {noun}"))
        if column.minimum is not None:
            checks.append((number < column.minimum, f"below {column.minimum}"))
        if column.maximum is not None:
            checks.append((number > column.maximum, f"above {column.maximum}"))
    elif column.kind == "category" and column.unknown == "quarantine":
        checks.append((~typed(column).is_in(list(column.values)), "not in the list of known values"))
    elif column.pattern is not None:
        checks.append((~text.str.contains(column.pattern), f"does not match {column.pattern}"))
    result = pl.lit(None, pl.String)
    for condition, message in reversed(checks):
        result = pl.when(condition.fill_null(value=False)).then(pl.lit(message)).otherwise(result)
    return result


def unknown_values(frame: pl.DataFrame, column: Column) -> dict[str, int]:
    """Values of an open category that the contract does not list, with their counts."""
    outside = frame.filter(pl.col(column.name).is_not_null() & ~pl.col(column.name).is_in(list(column.values)))
    counts = outside.group_by(column.name).len().sort(column.name)
    return dict(counts.iter_rows())
