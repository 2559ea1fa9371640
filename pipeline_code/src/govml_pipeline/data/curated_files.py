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
        UserError: no Parquet file, a required column is missing, or a column is of a type that holds no text or numbers.
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
    rows = frame.select(
        _as(frame, _DELIVERY, pl.String, path, otherwise=pl.lit(path.name)).alias(FILE),
        _as(frame, LINE, pl.UInt32, path, otherwise=pl.int_range(1, pl.len() + 1, dtype=pl.UInt32)).alias(LINE),
        *(_as(frame, name, pl.String, path, otherwise=pl.lit(None, pl.String)).alias(name) for name in contract.names),
    )
    return CsvFile(path.name, hashlib.sha256(content).hexdigest(), rows, pl.DataFrame(schema=MALFORMED_SCHEMA), ())


def _as(
    frame: pl.DataFrame, name: str, dtype: type[pl.DataType], path: Path, *, otherwise: pl.Expr
) -> pl.Expr | pl.Series:
    """Return a column of the table as another type, or what stands for one that is not there."""
    if name not in frame.columns:
        return otherwise
    try:
        if frame.schema[name].is_nested():
            raise pl.exceptions.InvalidOperationError("a value is no single text or number")
        return frame[name].cast(dtype)
    except pl.exceptions.PolarsError as error:
        raise UserError(
            f"{path.name}: column {name!r} is of type {frame.schema[name]}, which cannot be read as {dtype.__name__}",
            hint="the table is not as ingestion writes it: run ingestion again into an empty curated zone",
        ) from error
