"""One delivery: checked, logged, merged, committed. Whatever breaks before the commit leaves the table as it was."""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl

from govml_pipeline.data.contract import Contract
from govml_pipeline.data.csv_rows import LINE
from govml_pipeline.errors import UserError
from govml_pipeline.ingestion.applying import commit
from govml_pipeline.ingestion.batches import group_months, read_group
from govml_pipeline.ingestion.delivery import COMPLETE, Delivery, bad_name
from govml_pipeline.ingestion.lake import Lake
from govml_pipeline.ingestion.ledger import Counts, Entry
from govml_pipeline.ingestion.log import DeliveryLog
from govml_pipeline.ingestion.quarantine import Quarantine
from govml_pipeline.ingestion.staging import Staged, stage


def take_in(delivery: Delivery, lake: Lake, contract: Contract, *, this_month: int) -> Entry:
    """Take in one delivery, or enter it in the ledger as refused; return its entry.

    Args:
        delivery: the file.
        lake: where it comes from and goes to.
        contract: what its rows must keep.
        this_month: number of the current month, see `data.months`.

    Raises:
        OSError: the file cannot be reached or something cannot be written; the next run tries again.
        CommitFailedException: others keep changing the table; the next run tries again.
    """
    with tempfile.TemporaryDirectory(prefix="govml-ingest-") as folder:
        staged = Staged(Path(folder) / "accepted")
        with Quarantine(Path(folder) / "quarantine.parquet", delivery.id) as quarantine:
            try:
                if reason := bad_name(delivery.name):
                    raise UserError(f"{delivery.name!r}: {reason}", hint="deliver it under a plain name")
                stage(delivery, lake.raw, contract, staged, quarantine, this_month=this_month)
                parts = _log(delivery, lake, contract, staged, quarantine)
                quarantine.decide(delivery.name, staged.read, contract)
            except UserError as error:
                unread = Staged(staged.folder, sha256=staged.sha256)
                return commit(_entry(delivery, contract, unread, quarantine, reason=error), lake, contract)
        if quarantine.rows:
            lake.curated.write(f"quarantine/{delivery.id}.parquet", quarantine.path)
        return commit(_entry(delivery, contract, staged, quarantine, parts=parts), lake, contract)


def _log(delivery: Delivery, lake: Lake, contract: Contract, staged: Staged, quarantine: Quarantine) -> tuple[str, ...]:
    """Write the accepted rows to the log; rows that repeat a key where none may join the quarantine."""
    log, parts = DeliveryLog(lake.curated, contract), []
    for months in group_months(dict(staged.months)):
        rows, repeated = read_group(staged.folder, months, delivery, contract)
        parts.append(log.write(delivery.id, rows))
        quarantine.add(_as_bad(repeated, delivery, contract))
        for month, count in repeated[contract.time_column].value_counts().iter_rows():
            staged.months[month] -= count
    return tuple(parts)


def _as_bad(repeated: pl.DataFrame, delivery: Delivery, contract: Contract) -> pl.DataFrame:
    return repeated.select(
        pl.lit(delivery.name).alias("source_file"),
        LINE,
        pl.lit(", ".join(contract.key)).alias("column"),
        pl.concat_str([pl.col(name).cast(pl.String) for name in contract.key], separator=", ", ignore_nulls=True).alias(
            "value"
        ),
        pl.lit("another row of the file has the same key").alias("reason"),
        pl.struct(contract.names).struct.json_encode().alias("row"),
    )


def _entry(
    delivery: Delivery,
    contract: Contract,
    staged: Staged,
    quarantine: Quarantine,
    *,
    reason: UserError | None = None,
    parts: tuple[str, ...] = (),
) -> Entry:
    bad = quarantine.rows if reason is None else 0
    complete = contract.delivery == "snapshot" or delivery.name.startswith(COMPLETE)
    warnings = [f"unknown column {name!r} is not read" for name in staged.extra_columns]
    warnings += [f"{name}: missing in {count:,} rows" for name, count in sorted(staged.missing.items())]
    if complete and bad:
        warnings.append(f"{bad:,} rows are in quarantine, so records that the file lacks were not taken for removed")
    return Entry(
        id=delivery.id,
        name=delivery.name,
        version=delivery.version,
        delivered_at=delivery.delivered_at.isoformat(),
        outcome="refused" if reason else "applied",
        reason=str(reason) if reason else "",
        contract_version=contract.version,
        # A record that stands in quarantine is not gone: only a file without bad rows says what no longer exists.
        mode="snapshot" if complete and not bad else "upsert",
        sha256=staged.sha256,
        counts=Counts(read=staged.read, accepted=staged.read - bad, quarantined=bad),
        months=tuple(sorted(month for month, count in staged.months.items() if count)),
        parts=parts,
        reasons=quarantine.summary(),
        examples=tuple(quarantine.examples),
        warnings=tuple(warnings),
    )
