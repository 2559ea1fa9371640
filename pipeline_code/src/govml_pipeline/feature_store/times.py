"""Moments in time: when a month is over, when it begins, and how the store writes them."""

from __future__ import annotations

import datetime
from typing import Final

import polars as pl

from govml_pipeline.data import months
from govml_pipeline.feature_store.group import TIMESTAMP

#: SageMaker API reference, CreateFeatureGroup: event times as text are ISO 8601, in UTC, with seconds.
FORMAT: Final = "%Y-%m-%dT%H:%M:%SZ"


def month_begins(number: pl.Expr) -> pl.Expr:
    """First moment of a month in Singapore, as UTC, from the month's number."""
    local = pl.datetime(number // 12, number % 12 + 1, 1)
    return local.dt.replace_time_zone(str(months.SINGAPORE)).dt.convert_time_zone("UTC").cast(TIMESTAMP)


def month_ends(number: pl.Expr) -> pl.Expr:
    """Last whole second of a month in Singapore, as UTC: from then on, what the month sums up to is known."""
    return month_begins(number + 1) - pl.duration(seconds=1)


def now() -> datetime.datetime:
    """The present moment, UTC."""
    return datetime.datetime.now(datetime.UTC)


def text(moment: str) -> pl.Expr:
    """Expression for a column of moments as the store writes them."""
    return pl.col(moment).dt.strftime(FORMAT)


def moment(column: str) -> pl.Expr:
    """Expression for a column of written moments."""
    return pl.col(column).str.to_datetime(FORMAT, time_unit="us").dt.replace_time_zone("UTC")
