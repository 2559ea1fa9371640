"""The files of a curated table, as its manifest lists them: rows that have kept the contract once, checked again.

What the table holds was right when it came in; a newer contract, or a file that somebody has put there, may say otherwise.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import polars as pl

from govml_pipeline.data.contract import Contract
from govml_pipeline.data.csv_file import FILE, MALFORMED_SCHEMA, CsvFile
from govml_pipeline.data.csv_rows import LINE
from govml_pipeline.errors import UserError

SUFFIX = ".parquet"
_DELIVERY = "delivery_id"


def read_curated_file(path: Path, contract: Contract) -> CsvFile:
    """Read one file of the table into the form that a delivered file is checked in: text, with the row's origin.

    Args:
        path: the Parquet file.
        contract: names the columns.

    Raises:
        UserError: no Parquet file, or a required column is missing.
    """
    content = path.read_bytes()
    try:
        frame = pl.read_parquet(content)
    except pl.exceptions.PolarsError as error:
        raise UserError(f"{path.name}: not a Parquet file ({error})", hint="run ingestion again") from error
    missing = [column.name for column in contract.columns if column.required and column.name not in frame.columns]
    if missing:
        raise UserError(
            f"{path.name}: the table lacks column {', '.join(map(repr, missing))}",
            hint="run ingestion with the contract's newest version",
        )
    absent = pl.lit(None, pl.String)
    origin = frame[_DELIVERY] if _DELIVERY in frame.columns else pl.Series([path.name]).new_from_index(0, frame.height)
    line = pl.col(LINE).cast(pl.UInt32) if LINE in frame.columns else pl.int_range(1, pl.len() + 1, dtype=pl.UInt32)
    rows = frame.select(
        origin.alias(FILE),
        line.alias(LINE),
        *(pl.col(name).cast(pl.String) if name in frame.columns else absent.alias(name) for name in contract.names),
    )
    return CsvFile(path.name, hashlib.sha256(content).hexdigest(), rows, pl.DataFrame(schema=MALFORMED_SCHEMA), ())
