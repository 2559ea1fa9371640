"""One delivery's accepted rows into the table, in one commit with the ledger."""

from __future__ import annotations

import contextlib
from dataclasses import replace

from govml_pipeline.data.contract import Contract
from govml_pipeline.ingestion.batches import group_months
from govml_pipeline.ingestion.folding import compare, fold
from govml_pipeline.ingestion.history import History
from govml_pipeline.ingestion.lake import Lake
from govml_pipeline.ingestion.ledger import Counts, Entry, Ledger
from govml_pipeline.ingestion.log import DeliveryLog
from govml_pipeline.ingestion.merging import merge
from govml_pipeline.ingestion.table import CommitFailedException

_ATTEMPTS = 5


def commit(entry: Entry, lake: Lake, contract: Contract) -> Entry:
    """Bring a delivery into the table and the ledger; a refused one into the ledger alone. Return its final entry.

    The state that others have left is read anew for each attempt.

    Args:
        entry: the delivery, with the counts of reading.
        lake: the places.
        contract: names key and columns.

    Raises:
        CommitFailedException: others keep changing the table; the next run tries again.
        OSError: something cannot be written; the table is as it was.
    """
    for _ in range(_ATTEMPTS - 1):
        with contextlib.suppress(CommitFailedException):
            return _commit(entry, lake, contract)
    return _commit(entry, lake, contract)


def _commit(entry: Entry, lake: Lake, contract: Contract) -> Entry:
    table = lake.open_table()
    ledger = Ledger.load(lake.curated, table.ledger)
    known = ledger.entries.get(entry.id)
    if known and known.contract_version >= entry.contract_version:
        return known  # another run was faster
    log, history = DeliveryLog(lake.curated, contract), History(lake.curated, contract)
    # A refused file has no rows; one that was applied under an older contract may still have some.
    touched = set(entry.months) | set(known.months if known else ())
    after = [each for each in ledger.applied() if each.order > entry.order and not touched.isdisjoint(each.months)]
    again = bool(after) or bool(known and known.months)
    others = [each for each in ledger.applied() if each.id != entry.id]
    order = sorted((*others, entry), key=lambda each: each.order)

    totals = Counts(carried=known.counts.balance if known else 0)
    with table.change(entry.id) as change:
        for months in group_months(_held(table.months(), touched, entry)):
            before, incoming = table.rows(months), log.read(entry, months)
            if again:
                rows, superseded = fold(log, order, months, contract)
                history.rewrite(months, superseded)
                # The delivery's earlier judgement is taken back first, or its rows would count as there already.
                without = fold(log, others, months, contract)[0] if known and known.months else before
                counts = replace(compare(without, rows, incoming, contract), carried=without.height - before.height)
            else:
                merged = merge(before, incoming, contract, complete=entry.mode == "snapshot")
                rows = merged.rows
                history.add(merged.superseded)
                counts = Counts(
                    inserted=merged.inserted,
                    updated=merged.updated,
                    unchanged=merged.unchanged,
                    removed=merged.removed,
                )
            if not rows.equals(before.sort([*contract.key, "record_number"], nulls_last=True)):
                change.replace(months, rows)
            totals = _add(totals, counts)
        final = replace(entry, counts=_add(entry.counts, totals))
        change.note(ledger.with_entry(final).save(lake.curated))
    return final


def _held(current: dict[str, int], touched: set[str], entry: Entry) -> dict[str, int]:
    """Return month -> rows that are in memory while it is merged: the table's and the delivery's."""
    share = entry.counts.accepted // max(len(entry.months), 1)
    return {month: current.get(month, 0) + share for month in touched}


def _add(one: Counts, other: Counts) -> Counts:
    return Counts(**{name: getattr(one, name) + getattr(other, name) for name in one.__dataclass_fields__})
