"""Rows of text in; typed rows that keep the contract, and the others with the reason, out. No file, no engine of its own."""

from __future__ import annotations

from typing import TypeVar

import narwhals as nw
import polars as pl

from govml_pipeline.data import months, rules
from govml_pipeline.data.contract import Column, Contract
from govml_pipeline.data.csv_file import FILE, LINE

#: A frame in memory or one that a lazy engine has yet to compute.
Frame = TypeVar("Frame", nw.DataFrame, nw.LazyFrame)
_REFUSED = ("column", "value", "reason")


def check_rows(
    raw: pl.DataFrame, contract: Contract, *, this_month: int | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Check rows of strings against the contract's columns.

    Args:
        raw: all columns of the contract as strings, plus `source_file` and `source_line`; shape (n, columns + 2).
        contract: the data contract.
        this_month: as in `validate_files`.

    Returns:
        Accepted rows, typed; and the others as `source_file`, `source_line`, `column`, `value`, `reason`.
    """
    rows = flagged(nw.from_native(raw), contract, this_month=this_month)
    good = accepted(rows, contract).to_native()
    if good.height == raw.height:
        return good, pl.DataFrame(schema={**raw.select(FILE, LINE).schema, **dict.fromkeys(_REFUSED, pl.String)})
    return good, refused(rows).to_native()


def flagged(raw: Frame, contract: Contract, *, this_month: int | None = None) -> Frame:
    """Add each column's typed value as `=<column>`, and the reason why a row is refused for it as `!<column>`.

    In two stages, so that no engine reads a text twice; text columns are their own typed values.
    """
    now = months.current() if this_month is None else this_month
    read = raw.with_columns(rules.typed(column).alias(f"={column.name}") for column in _read(contract))
    reasons = {column.name: rules.reason(column, _typed_name(column), this_month=now) for column in contract.columns}
    return read.with_columns(reason.alias(f"!{name}") for name, reason in reasons.items() if reason is not None)


def accepted(rows: Frame, contract: Contract) -> Frame:
    """The flagged rows that no rule refuses, typed, in the columns that they were delivered in."""
    good = nw.all_horizontal(*(nw.col(name).is_null() for name in _reasons(rows)), ignore_nulls=False)
    names = {column.name: _typed_name(column) for column in contract.columns}
    delivered = [name for name in rows.collect_schema().names() if not name.startswith(("=", "!"))]
    return rows.filter(good).select(nw.col(names.get(name, name)).alias(name) for name in delivered)


def refused(rows: Frame) -> Frame:
    """The other flagged rows: `source_file`, `source_line`, and of the first reason `column`, `value`, `reason`."""
    broken = {name[1:]: ~nw.col(name).is_null() for name in _reasons(rows)}
    column, value = nw.lit(None, dtype=nw.String), nw.lit(None, dtype=nw.String)
    for name in reversed(broken):
        column = nw.when(broken[name]).then(nw.lit(name)).otherwise(column)
        value = nw.when(broken[name]).then(nw.col(name)).otherwise(value)
    reason = nw.coalesce(*(nw.col(name) for name in _reasons(rows)))
    parts = dict(zip(_REFUSED, (column, value, reason), strict=True))
    bad = rows.filter(nw.any_horizontal(*broken.values(), ignore_nulls=False))
    return bad.select(FILE, LINE, *(part.alias(name) for name, part in parts.items()))


def _read(contract: Contract) -> tuple[Column, ...]:
    """The columns whose typed value is another than their text."""
    return tuple(column for column in contract.columns if column.kind != "text")


def _typed_name(column: Column) -> str:
    return column.name if column.kind == "text" else f"={column.name}"


def _reasons(rows: Frame) -> list[str]:
    return [name for name in rows.collect_schema().names() if name.startswith("!")]
