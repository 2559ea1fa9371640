"""Frames of records: what may be written, which of several writes counts, and what was known at a point in time."""

from __future__ import annotations

import datetime

import polars as pl

from govml_pipeline.errors import UserError
from govml_pipeline.feature_store.group import EVENT_TIME, TIME, TIMESTAMP, WRITE_TIME, FeatureGroup


def conform(group: FeatureGroup, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with the columns, types and order of the group; NaN is missing.

    Raises:
        UserError: a column is missing or too many, does not fit its type, an identifier or event time is missing, an event
            time is no whole second, or the same record stands twice.
    """
    where = f"feature group {group.name!r}"
    if set(frame.columns) != set(group.schema):
        missing, unknown = set(group.schema) - set(frame.columns), set(frame.columns) - set(group.schema)
        raise UserError(
            f"{where}: columns missing: {sorted(missing) or 'none'}, not declared: {sorted(unknown) or 'none'}",
            hint="make the frame fit the declaration in feature_groups.py, or declare the feature at its end",
        )
    try:
        frame = frame.select(pl.col(name).cast(kind) for name, kind in group.schema.items())
    except pl.exceptions.PolarsError as error:
        raise UserError(f"{where}: a value does not fit its declared type: {error}") from error
    frame = frame.with_columns(pl.col(name).fill_nan(None) for name, kind in group.schema.items() if kind == pl.Float64)
    key = [group.record_identifier, EVENT_TIME]
    if any(frame[name].null_count() for name in key):
        raise UserError(f"{where}: {group.record_identifier} or {EVENT_TIME} is missing in a row")
    if (frame[EVENT_TIME].dt.microsecond() != 0).any():
        raise UserError(f"{where}: an event time is no whole second", hint="stores keep event times in seconds")
    if frame.select(key).is_duplicated().any():
        raise UserError(f"{where}: the same {group.record_identifier} stands twice at the same event time")
    return frame


def valid(group: FeatureGroup, records: pl.DataFrame, known_by: datetime.datetime | None) -> pl.DataFrame:
    """Return one row for each identifier and event time: the last one written, as of `known_by`.

    Args:
        group: the group.
        records: all writes, with `write_time`, in the order in which they were made where that is equal; with
            `is_deleted` where the store knows deletions.
        known_by: leave out what was written later; None: nothing.
    """
    if known_by is not None:
        records = records.filter(pl.col(WRITE_TIME) <= known_by)
    key = [group.record_identifier, EVENT_TIME]
    records = records.sort(WRITE_TIME, maintain_order=True).unique(key, keep="last", maintain_order=True)
    if "is_deleted" in records.columns:
        records = records.filter(~pl.col("is_deleted").fill_null(value=False))
    return records.select(list(group.schema))


def changed(group: FeatureGroup, known: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of `frame` that `known` lacks or holds with other values: what a write has to add."""
    return frame.join(known, on=list(group.schema), how="anti", nulls_equal=True, maintain_order="left")


def as_of(group: FeatureGroup, known: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """Return for each key the last values with an event time strictly before the key's `time`; null without any.

    Args:
        group: the group.
        known: one row for each identifier and event time.
        keys: columns `record_identifier` and `time`.

    Returns:
        The keys in their order, with `event_time` and the features.
    """
    keys = keys.select(pl.col(group.record_identifier).cast(pl.String), pl.col(TIME).cast(TIMESTAMP))
    return (
        keys.with_row_index("_row")
        .sort(TIME)
        .join_asof(
            known.sort(EVENT_TIME),
            left_on=TIME,
            right_on=EVENT_TIME,
            by=group.record_identifier,
            strategy="backward",
            allow_exact_matches=False,
            coalesce=False,
            check_sortedness=False,
        )
        .sort("_row")
        .drop("_row")
    )
