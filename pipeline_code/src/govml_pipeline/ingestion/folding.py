"""Months made again from the log: all deliveries in their order, whatever order they were taken in."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from govml_pipeline.data.contract import Contract
from govml_pipeline.ingestion.ledger import Counts, Entry
from govml_pipeline.ingestion.log import DeliveryLog
from govml_pipeline.ingestion.merging import CHANGE, NUMBER, merge, table_schema


def fold(
    log: DeliveryLog, entries: Sequence[Entry], months: Sequence[str], contract: Contract
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows of some months, and all rows that they have superseded.

    Args:
        log: accepted rows of each delivery.
        entries: applied deliveries, in order.
        months: the months.
        contract: names key and columns.
    """
    rows = pl.DataFrame(schema=table_schema(contract))
    superseded = [pl.DataFrame(schema={**table_schema(contract), **CHANGE})]
    for entry in entries:
        if set(entry.months).isdisjoint(months):
            continue
        merged = merge(rows, log.read(entry, months), contract, complete=entry.mode == "snapshot")
        rows = merged.rows
        superseded.append(merged.superseded)
    return rows, pl.concat(superseded)


def compare(before: pl.DataFrame, after: pl.DataFrame, incoming: pl.DataFrame, contract: Contract) -> Counts:
    """Return what a delivery has changed in months that were made again.

    Args:
        before: rows of the months without the delivery, whatever an older contract had made of it.
        after: rows of the months with it, in its place among the others.
        incoming: the delivery's own rows of these months.
        contract: names key and columns.
    """
    key, values = [*contract.key, NUMBER], [name for name in contract.names if name not in contract.key]
    old = before.select(*key, *(pl.col(name).alias(f"_{name}") for name in values))
    common = after.join(old, on=key, how="inner", nulls_equal=True)
    same = common.filter(
        pl.all_horizontal(pl.lit(value=True), *(pl.col(name).eq_missing(pl.col(f"_{name}")) for name in values))
    )
    holds = incoming.join(
        after.select(*contract.names, NUMBER), on=[*contract.names, NUMBER], how="semi", nulls_equal=True
    )
    inserted, updated = after.height - common.height, common.height - same.height
    return Counts(
        inserted=inserted,
        updated=updated,
        unchanged=holds.height - inserted - updated,
        removed=before.height - common.height,
        overtaken=incoming.height - holds.height,
    )
