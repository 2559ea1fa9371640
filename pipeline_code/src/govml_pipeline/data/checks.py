"""Rows of text in; typed rows that keep the contract, and the others with the reason, out. No file, no engine of its own."""

from __future__ import annotations

import polars as pl

from govml_pipeline.data import months, rules
from govml_pipeline.data.contract import Contract
from govml_pipeline.data.csv_file import FILE, LINE


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
    now = months.current() if this_month is None else this_month
    reasons = [rules.reason(column, this_month=now).alias(f"_{column.name}") for column in contract.columns]
    flags = raw.select(reasons)
    bad = flags.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    accepted = raw.filter(~bad).with_columns(rules.typed(column) for column in contract.columns)
    broken = pl.concat([raw, flags], how="horizontal").filter(bad)
    first = pl.coalesce(
        pl.when(pl.col(f"_{name}").is_not_null()).then(
            pl.struct(column=pl.lit(name), value=pl.col(name), reason=pl.col(f"_{name}"))
        )
        for name in contract.names
    )
    return accepted, broken.select(FILE, LINE, first.alias("first")).unnest("first")
