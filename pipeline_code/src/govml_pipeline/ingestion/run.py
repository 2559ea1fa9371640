"""One run: everything in the raw zone that the ledger does not know yet, in the order of delivery."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from govml_pipeline.data import months
from govml_pipeline.data.contract import Contract
from govml_pipeline.ingestion.delivery import Delivery, list_deliveries
from govml_pipeline.ingestion.lake import Lake
from govml_pipeline.ingestion.ledger import Entry, Ledger
from govml_pipeline.ingestion.manifest import write_manifest
from govml_pipeline.ingestion.reporting import write_missing_reports
from govml_pipeline.ingestion.table import CommitFailedException
from govml_pipeline.ingestion.taking_in import take_in


@dataclass(frozen=True)
class Run:
    """What a run has done.

    Args:
        taken_in: the deliveries that were dealt with, in order.
        failed: deliveries that could not be dealt with, and why; the next run tries again.
        rows: rows of the table afterwards.
        newest_month: newest month of the table; None when it has no rows.
        manifest: name of the manifest of the table's state.
    """

    taken_in: list[Entry] = field(default_factory=list)
    failed: list[tuple[Delivery, str]] = field(default_factory=list)
    rows: int = 0
    newest_month: str | None = None
    manifest: str | None = None


def ingest(
    lake: Lake,
    contract: Contract,
    *,
    this_month: int | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Run:
    """Take in what is new. Running it again changes nothing; an event need only say that there may be something to do.

    Args:
        lake: the places of the source.
        contract: the source's contract.
        this_month: number of the current month, see `data.months`; the clock's, in Singapore, when None.
        progress: told what happens.

    Raises:
        OSError: the raw zone cannot be listed, or the catalogue cannot be reached.
        LedgerError: somebody has changed the curated zone by hand.
    """
    now = months.current() if this_month is None else this_month
    table = lake.open_table()
    ledger = Ledger.load(lake.curated, table.ledger)
    pending = ledger.pending(list_deliveries(lake.raw, contract.name), contract.version)
    progress(f"{len(pending)} new of {len(pending) + len(ledger.entries)} deliveries")
    taken_in: list[Entry] = []
    failed: list[tuple[Delivery, str]] = []
    for delivery in pending:
        try:
            entry = take_in(delivery, lake, contract, this_month=now)
        except (OSError, CommitFailedException) as error:
            progress(f"{delivery.name}: not taken in: {error}")
            failed.append((delivery, str(error)))
            continue
        progress(describe(entry))
        taken_in.append(entry)
    table = lake.open_table()
    held = table.months()
    manifest = write_manifest(table, lake.curated)
    write_missing_reports(Ledger.load(lake.curated, table.ledger), lake.curated, contract)
    return Run(taken_in, failed, sum(held.values()), max(held, default=None), manifest)


def describe(entry: Entry) -> str:
    """Return one line for people."""
    counts = entry.counts
    if entry.outcome == "refused":
        return f"{entry.name}: refused: {entry.reason}"
    changes = ", ".join(
        f"{value:,} {name}"
        for name, value in (
            ("new", counts.inserted),
            ("corrected", counts.updated),
            ("known", counts.unchanged),
            ("overtaken", counts.overtaken),
            ("removed", counts.removed),
        )
        if value
    )
    return f"{entry.name}: {counts.read:,} rows: {changes or 'none'}; {counts.quarantined:,} in quarantine"
