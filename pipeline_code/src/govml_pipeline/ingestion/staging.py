"""One delivered file, checked row by row into files on this machine's disk: memory does not grow with the file."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from govml_pipeline.data import rules
from govml_pipeline.data.checks import check_rows
from govml_pipeline.data.contract import Contract
from govml_pipeline.data.csv_file import FILE, CsvChunk, CsvReader
from govml_pipeline.data.csv_rows import LINE
from govml_pipeline.ingestion.delivery import Delivery
from govml_pipeline.ingestion.quarantine import Quarantine
from govml_pipeline.storage import Storage


@dataclass
class Staged:
    """A checked file on disk.

    Args:
        folder: the accepted rows, typed, in chunks, in the order of the file.
        read: number of rows of the file.
        months: month -> number of accepted rows.
        sha256: digest of the file.
        extra_columns: columns that the contract does not know.
        missing: column -> number of accepted rows without a value.
    """

    folder: Path
    read: int = 0
    months: dict[str, int] = field(default_factory=dict)
    sha256: str = ""
    extra_columns: tuple[str, ...] = ()
    missing: dict[str, int] = field(default_factory=dict)


def stage(
    delivery: Delivery, raw: Storage, contract: Contract, staged: Staged, quarantine: Quarantine, *, this_month: int
) -> None:
    """Read and check one file.

    Args:
        delivery: the file.
        raw: where it is.
        contract: what its rows must keep.
        staged: takes the accepted rows.
        quarantine: takes the others.
        this_month: number of the current month, see `data.months`.

    Raises:
        UserError: the file cannot be read as CSV.
        OSError: it cannot be reached, or the disk is full.
    """
    staged.folder.mkdir()
    with contextlib.closing(raw.open(delivery.name, delivery.version)) as stream:
        reader = CsvReader(stream, delivery.name, contract)
        for number, chunk in enumerate(reader.chunks()):
            accepted, bad = _check(chunk, contract, this_month)
            quarantine.add(bad)
            staged.read += accepted.height + bad.height
            accepted.write_parquet(staged.folder / f"{number:06d}.parquet", compression="lz4")
            for month, count in accepted[contract.time_column].value_counts().iter_rows():
                staged.months[month] = staged.months.get(month, 0) + count
            for name in contract.names:
                if absent := accepted[name].null_count():
                    staged.missing[name] = staged.missing.get(name, 0) + absent
    staged.sha256, staged.extra_columns = reader.sha256, reader.extra_columns


def _check(chunk: CsvChunk, contract: Contract, this_month: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return accepted rows, and bad ones with the columns of the quarantine but the delivery's id."""
    accepted, broken = check_rows(chunk.rows, contract, this_month=this_month)
    whole = chunk.rows.join(broken.select(LINE), on=LINE, how="semi")
    texts = whole.select(LINE, pl.struct(contract.names).struct.json_encode().alias("row"))
    broken = broken.join(texts, on=LINE, how="left")
    malformed = chunk.malformed.with_columns((pl.lit(rules.MALFORMED) + pl.col("reason")).alias("reason"))
    bad = pl.concat([malformed.select(broken.columns), broken]).sort(LINE)
    return accepted.drop(FILE).cast({LINE: pl.Int64}), bad
