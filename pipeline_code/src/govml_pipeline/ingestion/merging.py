"""The rows of some months, before and after one delivery. Pure: frames in, frames out."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from govml_pipeline.data.contract import Contract

NUMBER, DELIVERY, SOURCE_LINE, DELIVERED_AT = "record_number", "delivery_id", "source_line", "delivered_at"
ORIGIN = {NUMBER: pl.Int32, DELIVERY: pl.String, SOURCE_LINE: pl.Int64, DELIVERED_AT: pl.Datetime("us", "UTC")}
"""Columns of the table beside the contract's: which of several rows with one key, and where the row comes from."""
CHANGE = {"change": pl.String, "superseded_by": pl.String, "superseded_at": pl.Datetime("us", "UTC")}
"""Columns of the history beside the table's: `replaced` or `removed`, by which delivery, and when it was delivered."""


@dataclass(frozen=True)
class Merged:
    """Outcome of a merge.

    Args:
        rows: the rows of these months from now on, sorted by key.
        superseded: rows that are no longer in the table, with the columns of `CHANGE`.
        inserted: number of rows that were not there before.
        updated: number of rows that replaced one.
        unchanged: number of rows that were there already.
        removed: number of rows that a complete delivery lacked.
    """

    rows: pl.DataFrame
    superseded: pl.DataFrame
    inserted: int
    updated: int
    unchanged: int
    removed: int


def number_records(rows: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Add `record_number`: 0, 1, ... among the rows of one file with the same key, in the order of their other values.

    The order of the rows in the file does not matter; rows that are equal in every column are told apart by their line.
    """
    others = [name for name in contract.names if name not in contract.key]
    ordered = rows.sort([*contract.key, *others, SOURCE_LINE], nulls_last=True, maintain_order=True)
    number = pl.int_range(pl.len()).over([pl.col(name) for name in contract.key]).cast(pl.Int32)
    return ordered.with_columns(number.alias(NUMBER))


def merge(current: pl.DataFrame, incoming: pl.DataFrame, contract: Contract, *, complete: bool) -> Merged:
    """Merge one delivery's rows into the current ones of the same months.

    Args:
        current: rows of the table, all of these months.
        incoming: rows of one delivery with all columns of the table, of months within these.
        contract: names key and columns.
        complete: rows of the delivery's own months that it lacks are gone.
    """
    key = [*contract.key, NUMBER]
    values = [name for name in contract.names if name not in contract.key]
    before = current.select(
        *key, *(pl.col(name).alias(f"_{name}") for name in values), pl.lit(value=True).alias("_known")
    )
    matched = incoming.join(before, on=key, how="left", nulls_equal=True, maintain_order="left")
    known = pl.col("_known").fill_null(value=False)
    same = known & pl.all_horizontal(
        pl.lit(value=True), *(pl.col(name).eq_missing(pl.col(f"_{name}")) for name in values)
    )
    matched = matched.select(*current.columns, known.alias("_known"), same.alias("_same"))
    changed = matched.filter(~pl.col("_same"))
    replacing = changed.filter("_known")

    replaced = current.join(replacing.select(key), on=key, how="semi", nulls_equal=True)
    scope = incoming[contract.time_column].unique()
    gone = (
        current.filter(pl.col(contract.time_column).is_in(scope.implode())).join(
            incoming.select(key), on=key, how="anti", nulls_equal=True
        )
        if complete
        else current.clear()
    )
    out = pl.concat([replaced.select(key), gone.select(key)])
    kept = current.join(out, on=key, how="anti", nulls_equal=True)
    rows = pl.concat([kept, changed.select(current.columns)]).sort(key, nulls_last=True)
    superseded = pl.concat(
        [
            replaced.with_columns(pl.lit("replaced").alias("change")),
            gone.with_columns(pl.lit("removed").alias("change")),
        ]
    ).with_columns(
        pl.lit(incoming[DELIVERY].first(), pl.String).alias("superseded_by"),
        pl.lit(incoming[DELIVERED_AT].first(), pl.Datetime("us", "UTC")).alias("superseded_at"),
    )
    return Merged(
        rows,
        superseded.sort([*key, "change"], nulls_last=True),
        inserted=changed.height - replacing.height,
        updated=replacing.height,
        unchanged=matched.height - changed.height,
        removed=gone.height,
    )


def table_schema(contract: Contract) -> dict[str, pl.DataType | type[pl.DataType]]:
    """Return name and type of every column of the table, in order."""
    kinds = {"integer": pl.Int64, "decimal": pl.Float64}
    return {**{column.name: kinds.get(column.kind, pl.String) for column in contract.columns}, **ORIGIN}
