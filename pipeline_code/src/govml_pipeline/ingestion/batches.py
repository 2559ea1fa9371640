"""Months in groups, so that no more rows are in memory at once than a group holds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from govml_pipeline.data.contract import Contract
from govml_pipeline.ingestion.delivery import Delivery
from govml_pipeline.ingestion.merging import DELIVERED_AT, DELIVERY, NUMBER, number_records, table_schema

#: Rows of a group, unless a single month has more.
GROUP_ROWS = 40_000


def group_months(rows: Mapping[str, int], *, most: int = GROUP_ROWS) -> list[list[str]]:
    """Return the months in order, in groups of at most `most` rows; a larger month is a group of its own.

    Args:
        rows: month -> number of rows that are held at once for it.
        most: rows of a group.
    """
    groups: list[list[str]] = []
    total = 0
    for month in sorted(rows):
        if not groups or total + rows[month] > most:
            groups.append([])
            total = 0
        groups[-1].append(month)
        total += rows[month]
    return groups


def read_group(
    folder: Path, months: list[str], delivery: Delivery, contract: Contract
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the accepted rows of some months as the table holds them, and those that repeat a key where none may.

    Args:
        folder: accepted rows, see `staging.Staged`.
        months: the months.
        delivery: where the rows come from.
        contract: names key and columns.
    """
    chosen = pl.scan_parquet(folder / "*.parquet").filter(pl.col(contract.time_column).is_in(months))
    rows = chosen.collect(engine="streaming").with_columns(
        pl.lit(delivery.id).alias(DELIVERY),
        pl.lit(delivery.delivered_at).cast(pl.Datetime("us", "UTC")).alias(DELIVERED_AT),
    )
    rows = number_records(rows, contract).select(list(table_schema(contract)))
    if contract.duplicates == "keep":
        return rows, rows.clear()
    return rows.filter(pl.col(NUMBER) == 0), rows.filter(pl.col(NUMBER) > 0)
