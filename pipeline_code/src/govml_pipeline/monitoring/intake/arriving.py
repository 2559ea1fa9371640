"""The two ways in, as one form: captured requests of an endpoint, and rows of a batch with their predictions."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Final

import polars as pl

from govml_pipeline.data import months
from govml_pipeline.data.csv_file import FILE
from govml_pipeline.data.csv_rows import LINE
from govml_pipeline.errors import UserError
from govml_pipeline.model.predictions import PREDICTION
from govml_pipeline.monitoring.baseline import Baseline
from govml_pipeline.monitoring.intake.capture import INFERENCE, ROW, VERSION, check, read_capture
from govml_pipeline.monitoring.intake.reading_as import read_as
from govml_pipeline.monitoring.judging.watching import Arrived
from govml_pipeline.monitoring.judging.windows import TIME
from govml_pipeline.usecase import UseCase

_ZONE: Final = "Asia/Singapore"


def from_capture(
    folder: Path, use_case: UseCase, baseline: Baseline, *, now: datetime, since: date | None = None
) -> Arrived:
    """Read SageMaker's data capture, from a day on; see `capture`.

    Raises:
        UserError: all that was answered was answered by another model than the baseline's.
    """
    found = read_capture(folder, use_case.contract, baseline.schema, this_month=month_of(now), since=since)
    rows, other = _of_model(found.rows, baseline, folder)
    counts = {**found.counts, "other_model": other}
    return Arrived(rows, found.raw, found.times, found.undated, counts)


def from_rows(folder: Path, use_case: UseCase, baseline: Baseline, *, now: datetime) -> Arrived:
    """Read the Parquet files of a batch: the contract's inputs, the prediction's columns, and the target where it is known.

    `time` (date and time with zone) is when a row was answered; without it the contract's month counts. `inference_id`,
    `row` and `model_version` as in the capture.

    Raises:
        UserError: a file is not Parquet, or lacks a column; all rows are of another model.
    """
    files = sorted(path for path in folder.rglob("*.parquet") if path.is_file())
    if not files:
        raise UserError(f"{folder} holds no Parquet file", hint="give rows with their predictions as *.parquet")
    contract = use_case.contract
    parts = [read_frame(path) for path in files]
    wanted = [*(column.name for column in contract.inputs.columns if column.required), *baseline.schema]
    for path, part in zip(files, parts, strict=True):
        lacking = [name for name in wanted if name not in part.columns]
        if lacking:
            raise UserError(
                f"{path}: there is no column {lacking[0]!r}",
                hint=f"rows need the inputs of contract {contract.name!r} and {', '.join(baseline.schema)}",
            )
    rows = pl.concat(parts, how="diagonal_relaxed")
    absent = [name for name in contract.inputs.names if name not in rows.columns]
    rows = rows.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
    place = pl.int_range(pl.len(), dtype=pl.Int64)
    defaults = {
        INFERENCE: pl.format("row-{}", place),
        ROW: pl.lit(0, pl.Int64),
        VERSION: pl.lit(None, pl.String),
        TIME: pl.col(contract.time_column).cast(pl.String).str.to_date("%Y-%m", strict=False).cast(pl.Datetime("us")),
    }
    dated = TIME in rows.columns
    rows = rows.with_columns(each.alias(name) for name, each in defaults.items() if name not in rows.columns)
    if not dated:
        rows = rows.with_columns(pl.col(TIME).dt.replace_time_zone(_ZONE))
    elif getattr(rows.schema[TIME], "time_zone", None) is None:
        raise UserError(f"{folder}: column 'time' is {rows.schema[TIME]}", hint="give date and time with a time zone")
    rows = rows.with_columns(pl.col(TIME).dt.convert_time_zone("UTC").cast(pl.Datetime("us", "UTC")))
    wanted_types = {**dict.fromkeys(contract.inputs.names, pl.String), **baseline.schema}
    wanted_types |= {INFERENCE: pl.String, ROW: pl.Int64, VERSION: pl.String}
    if contract.target in rows.columns:
        wanted_types[contract.target] = target_type(use_case)
    rows = rows.with_columns(read_as(rows[name], kind, str(folder)) for name, kind in wanted_types.items())
    rows = rows.drop(FILE, LINE, strict=False)
    accepted = check(rows, contract, this_month=month_of(now))
    kept, other = _of_model(accepted, baseline, folder)
    counts = {"files": len(files), "rows": rows.height, "refused": rows.height - accepted.height, "other_model": other}
    return Arrived(kept.sort(TIME, INFERENCE, ROW), rows.select(TIME, *contract.inputs.names), counts=counts)


def target_type(use_case: UseCase) -> type[pl.DataType]:
    """Polars type of the target; text for a use case without one."""
    kinds = {column.name: column.kind for column in use_case.contract.columns}
    return {"integer": pl.Int64, "decimal": pl.Float64}.get(kinds.get(use_case.contract.target, "text"), pl.String)


def _of_model(rows: pl.DataFrame, baseline: Baseline, folder: Path) -> tuple[pl.DataFrame, int]:
    """Rows of the baseline's model; rows that do not tell are taken to be. And how many others there were."""
    mine = pl.col(VERSION).is_null() | (pl.col(VERSION) == baseline.model_version)
    kept = rows.filter(mine)
    if kept.is_empty() and not rows.is_empty():
        others = ", ".join(sorted(rows[VERSION].drop_nulls().unique()))
        raise UserError(
            f"{folder}: all rows were answered by model {others}, the baseline is of {baseline.model_version}",
            hint="give the baseline that belongs to the model package in service",
        )
    return kept.filter(pl.col(PREDICTION).is_not_null()), rows.height - kept.height


def read_frame(path: Path) -> pl.DataFrame:
    """Read a Parquet file, or a CSV file as text.

    Raises:
        UserError: it cannot be read.
    """
    try:
        if path.suffix == ".csv":
            return pl.read_csv(path, infer_schema=False, try_parse_dates=False)
        return pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UserError(f"{path}: cannot be read ({error})", hint="deliver the file again") from error


def month_of(now: datetime) -> int:
    """Number of the month that a moment lies in, in Singapore."""
    day = now.astimezone(months.SINGAPORE)
    return day.year * 12 + day.month - 1
