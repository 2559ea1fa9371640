"""Windows of event time: which window a row belongs to, which windows are over, and whose clock cannot be right.

A window is named by its first day (`2024-09-02`) or its month (`2024-09`), in Singapore time, so that names sort by time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import polars as pl

from govml_pipeline.data import months
from govml_pipeline.errors import UserError
from govml_pipeline.monitoring.settings import Period

WINDOW, TIME = "window", "time"
#: When the service that captured a row filed it, to the hour; null or absent where nobody knows.
RECEIVED = "received"
_ZONE = "Asia/Singapore"
_EVERY = {"day": "1d", "week": "1w", "month": "1mo"}


@dataclass(frozen=True)
class Timed:
    """Rows with their windows.

    Args:
        rows: rows with `window`; those of a window that is not over yet are among them.
        ahead: rows left out, since their time lies further in the future than the clocks may differ, by the window that
            they were received in; the empty name where that is not known.
        undated: rows left out, since they have no time.
    """

    rows: pl.DataFrame
    ahead: dict[str, int]
    undated: int


def assign(rows: pl.DataFrame, period: Period, *, now: datetime, skew: timedelta) -> Timed:
    """Give every row its window.

    Args:
        rows: rows with `time` (date and time with zone), shape (n, columns).
        period: length of a window.
        now: the monitor's own time, with zone.
        skew: how much later than `now` a row may be; it then counts as being of now.
    """
    time = pl.col(TIME).dt.convert_time_zone("UTC")
    latest = pl.lit(now.astimezone(UTC))
    undated = rows[TIME].null_count()
    early = rows.filter(time > now + skew)
    received = pl.col(RECEIVED) if RECEIVED in rows.columns else pl.lit(None, pl.Datetime("us", "UTC"))
    filed = pl.when(received.is_not_null()).then(pl.min_horizontal(received, latest))
    by_window = early.group_by(_name(filed, period).alias(WINDOW)).len()
    ahead = {window or "": count for window, count in by_window.sort(WINDOW, nulls_last=True).iter_rows()}
    kept = rows.filter(time <= now + skew).with_columns(pl.min_horizontal(time, latest).alias(TIME))
    return Timed(kept.with_columns(_name(pl.col(TIME), period).alias(WINDOW)), ahead, undated)


def _name(time: pl.Expr, period: Period) -> pl.Expr:
    start = time.dt.convert_time_zone(_ZONE).dt.truncate(_EVERY[period])
    return start.dt.strftime("%Y-%m" if period == "month" else "%Y-%m-%d")


def start(window: str, period: Period) -> date:
    """First day of a window.

    Raises:
        UserError: no name of a window of this period.
    """
    try:
        return date.fromisoformat(f"{window}-01" if period == "month" else window)
    except ValueError as error:
        raise UserError(
            f"{window!r} is no {period}", hint="write 2024-09 for a month, 2024-09-02 for others"
        ) from error


def first_of(month: str, period: Period) -> str:
    """The window that a month begins in; for months the month itself."""
    first = start(month, "month")
    return current(datetime(first.year, first.month, 1, tzinfo=months.SINGAPORE), period)


def after(window: str, period: Period, steps: int = 1) -> str:
    """The window so many periods later; earlier with a negative number."""
    first = start(window, period)
    if period == "month":
        return months.text(first.year * 12 + first.month - 1 + steps)
    return (first + timedelta(days=steps * (7 if period == "week" else 1))).isoformat()


def current(now: datetime, period: Period) -> str:
    """The window that is running at a time (with zone)."""
    day = now.astimezone(months.SINGAPORE).date()
    if period == "month":
        return f"{day:%Y-%m}"
    return (day - timedelta(days=day.weekday() if period == "week" else 0)).isoformat()


def between(first: str, last: str, period: Period) -> list[str]:
    """All windows from the first to the last, both included; none if the last is before the first."""
    found = []
    while first <= last:
        found.append(first)
        first = after(first, period)
    return found
