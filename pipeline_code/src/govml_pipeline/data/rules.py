"""Checks of one column: text in, typed column out, and for every row the reason why it is refused, or null.

A value that cannot be read at all (`malformed:`) is told apart from a readable value that breaks a rule. The expressions
are narwhals', so the same rules run on a Polars frame and on a distributed engine (docs/adr/0015). They cast only what a
pattern has found readable, because a cast that fails is null on one engine and an error on another.
"""

from __future__ import annotations

import narwhals as nw
import polars as pl

from govml_pipeline.data import months
from govml_pipeline.data.contract import Column
from govml_pipeline.engine.patterns import portable

MALFORMED = "malformed: "
NUMBER = {"integer": portable("^[+-]?[0-9]{1,15}$"), "decimal": portable(r"^[+-]?[0-9]{1,15}(\.[0-9]{1,15})?$")}
_DTYPE = {"integer": nw.Int64, "decimal": nw.Float64}
_NOUN = {"month": "a month (YYYY-MM)", "integer": "a whole number", "decimal": "a number"}


def typed(column: Column) -> nw.Expr:
    """Expression for the column's typed value; null where the text cannot be read."""
    value = nw.col(column.name)
    if column.kind == "month":
        return nw.when(value.str.contains(months.PATTERN)).then(value)
    if column.kind == "category":
        result = upper = value.str.to_uppercase()
        for alias, meant in column.aliases.items():
            result = nw.when(upper == alias).then(nw.lit(meant)).otherwise(result)
        return result
    if column.kind == "text":
        return value
    return nw.when(value.str.contains(NUMBER[column.kind])).then(value).cast(_DTYPE[column.kind])


def reason(column: Column, read: str, *, this_month: int) -> nw.Expr | None:
    """Expression for why a row is refused because of this column (null: it is not); None: it never is.

    Args:
        column: the column, still as text in the frame.
        read: name of the frame's column with its `typed` values.
        this_month: number of the current month; a later one is in the future.

    Raises:
        ValueError: the column's pattern means different things on different engines.
    """
    text, value = nw.col(column.name), nw.col(read)
    # In order: of several reasons the first counts. A condition that is null, since the value is, does not hold.
    checks: list[tuple[nw.Expr, str]] = []
    if column.required:
        checks.append((text.is_null(), "missing value"))
    if column.kind == "month" or column.kind in NUMBER:
        unreadable = value.is_null() if column.required else value.is_null() & ~text.is_null()
        checks.append((unreadable, f"{MALFORMED}not {_NOUN[column.kind]}"))
    if column.kind == "month":
        # Well-formed months sort as text as they do in time.
        checks.append((value > months.text(this_month), f"in the future (now is {months.text(this_month)})"))
        if column.minimum is not None:
            checks.append((value < months.text(months.number(str(column.minimum))), f"before {column.minimum}"))
    elif column.kind in NUMBER:
        if column.minimum is not None:
            checks.append((value < column.minimum, f"below {column.minimum}"))
        if column.maximum is not None:
            checks.append((value > column.maximum, f"above {column.maximum}"))
    elif column.kind == "category" and column.unknown == "quarantine":
        checks.append((~value.is_in(list(column.values)), "not in the list of known values"))
    elif column.pattern is not None:
        checks.append((~text.str.contains(portable(column.pattern)), f"does not match {column.pattern}"))
    result: nw.Expr | None = None
    for condition, message in reversed(checks):
        chosen = nw.when(condition).then(nw.lit(message))
        result = chosen if result is None else chosen.otherwise(result)
    return result


def unknown_values(frame: pl.DataFrame, column: Column) -> dict[str, int]:
    """Values of an open category that the contract does not list, with their counts."""
    outside = frame.filter(pl.col(column.name).is_not_null() & ~pl.col(column.name).is_in(list(column.values)))
    counts = outside.group_by(column.name).len().sort(column.name)
    return dict(counts.iter_rows())
