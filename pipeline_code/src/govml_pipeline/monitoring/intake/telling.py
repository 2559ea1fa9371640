"""What people tell, beside what was answered: the labels of a folder, and feedback."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import polars as pl

from govml_pipeline.data.validation import list_files, validate_files
from govml_pipeline.monitoring.feedback.joining import KEYS, fill_values, join_verdicts
from govml_pipeline.monitoring.feedback.reading import Feedback, read_feedback
from govml_pipeline.monitoring.intake.arriving import month_of, read_frame, target_type
from govml_pipeline.monitoring.intake.capture import INFERENCE
from govml_pipeline.monitoring.intake.labels import LABELLED_AT, agreed, join_labels, moments
from govml_pipeline.monitoring.intake.reading_as import read_as
from govml_pipeline.monitoring.judging.watching import Arrived
from govml_pipeline.usecase import UseCase

#: Ends of the names of a data source's files.
_DATA: Final = (".csv", ".gz", ".parquet")


def with_truths(
    arrived: Arrived, use_case: UseCase, *, labels: Path | None, feedback: Path | None, now: datetime
) -> Arrived:
    """Join labels and feedback; where there are none yet, nothing changes.

    Labels that are joined by key are the data source itself: its CSV files or its curated table, checked by the contract;
    true values that people send fill in what it does not have. Labels that are joined by inference id are Parquet or CSV
    files with `inference_id` and the target (others are passed over and counted), and the true values that people send.

    Args:
        arrived: what came in.
        use_case: the use case, with its settings.
        labels: folder of labels; None: there is none.
        feedback: folder of feedback; None: there is none.
        now: the monitor's own time, with zone.

    Raises:
        UserError: a file cannot be read, or lacks a column.
    """
    said = None
    if feedback is not None:
        latest = now + timedelta(minutes=use_case.monitoring.clock_skew_minutes)
        said = read_feedback(feedback, use_case.contract.target, target_type(use_case), latest=latest)
        rows, counts = join_verdicts(arrived.rows, said)
        arrived = replace(arrived, rows=rows, refused=said.refused, counts=arrived.counts | counts)
    if not use_case.contract.target:
        return arrived
    by_key = use_case.monitoring.join == "key"
    return _by_key(arrived, use_case, labels, said, now) if by_key else _by_id(arrived, use_case, labels, said)


def _taught(told: pl.DataFrame, said: Feedback, use_case: UseCase) -> pl.DataFrame | None:
    """Rows with the true value that people told; a rejected answer alone teaches nothing."""
    if said.values.is_empty():
        return None
    target = use_case.contract.target
    newest, _ = agreed(said.values, KEYS, target)
    rows = told.join(newest.rename({target: "said"}), on=KEYS, how="inner", maintain_order="left")
    return rows.filter(pl.col(target) == pl.col("said")).select(use_case.contract.names)


def _by_key(arrived: Arrived, use_case: UseCase, folder: Path | None, said: Feedback | None, now: datetime) -> Arrived:
    told, counts = arrived.told, {}
    if folder is not None and any(path.suffix in _DATA and path.is_file() for path in folder.rglob("*")):
        files, _ = list_files(folder)
        checked = validate_files(files, use_case.contract, this_month=month_of(now))
        counts = {"labels_files": len(files), "labels_refused": checked.quarantined.height}
        told, more = _joined(arrived.rows, checked.rows, use_case, by_key=True)
        counts |= more
    if said is not None and not said.values.is_empty():
        before = arrived.rows if told is None else told
        told, more = fill_values(before, said, use_case.contract)
        counts |= more
        target = use_case.contract.target
        # What is on record is learnt from there.
        unknown = told.filter(before[target].is_null()) if target in before.columns else told
        arrived = replace(arrived, taught=_taught(unknown, said, use_case))
    return replace(arrived, told=told, counts=arrived.counts | counts)


def _by_id(arrived: Arrived, use_case: UseCase, folder: Path | None, said: Feedback | None) -> Arrived:
    paths = (
        []
        if folder is None
        else sorted(p for p in folder.rglob("*") if p.suffix in (".parquet", ".csv") and p.is_file())
    )
    parts = [part for part in map(read_frame, paths) if INFERENCE in part.columns]
    counts = {"labels_files": len(parts), "labels_files_passed_over": len(paths) - len(parts)} if folder else {}
    parts = [part.with_columns(read_as(part[INFERENCE], pl.String, "labels")) for part in parts]
    parts = [part.with_columns(moments(part)) if LABELLED_AT in part.columns else part for part in parts]
    parts += [] if said is None or said.values.is_empty() else [said.values]
    if not parts:
        return replace(arrived, counts=arrived.counts | counts)
    told, more = _joined(arrived.rows, pl.concat(parts, how="diagonal_relaxed"), use_case, by_key=False)
    taught = None if said is None else _taught(told, said, use_case)
    return replace(arrived, told=told, taught=taught, counts=arrived.counts | counts | more)


def _joined(
    rows: pl.DataFrame, labels: pl.DataFrame, use_case: UseCase, *, by_key: bool
) -> tuple[pl.DataFrame, dict[str, int]]:
    target = use_case.contract.target
    if target in labels.columns:
        labels = labels.with_columns(read_as(labels[target], target_type(use_case), "labels"))
    joined = join_labels(rows.drop(target, strict=False), labels, use_case.contract, by_key=by_key)
    return joined.rows, {f"labels_{name}": count for name, count in joined.counts.items()}
