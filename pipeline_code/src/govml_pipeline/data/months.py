"""Months as integers: `2017-01` is 2017 * 12 + 0, so that differences are numbers of months."""

from __future__ import annotations

import datetime

import narwhals as nw
import polars as pl

from govml_pipeline.errors import UserError

#: Zone in which "this month" is meant; Singapore has had no daylight saving time since 1982.
SINGAPORE = datetime.timezone(datetime.timedelta(hours=8), "Asia/Singapore")
#: `\\z` is the very end everywhere; `$` also stands before a last line break on some engines.
PATTERN = r"^[0-9]{4}-(0[1-9]|1[0-2])\z"


def number(month: str) -> int:
    """Number of a month written `YYYY-MM`.

    Raises:
        UserError: not a month.
    """
    year, _, rest = month.partition("-")
    if not (
        len(year) == 4
        and len(rest) == 2
        and (year + rest).isascii()
        and (year + rest).isdigit()
        and 1 <= int(rest) <= 12
    ):
        raise UserError(f"{month!r} is not a month", hint="write it as YYYY-MM, for example 2024-09")
    return int(year) * 12 + int(rest) - 1


def text(month: int) -> str:
    """`YYYY-MM` of a month's number."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def current() -> int:
    """Number of the current month in Singapore."""
    now = datetime.datetime.now(SINGAPORE)
    return now.year * 12 + now.month - 1


def number_of(column: str) -> nw.Expr:
    """Expression for the number of months written `YYYY-MM`, on any engine; null where the text is none."""
    text = nw.col(column)
    month = nw.when(text.str.contains(PATTERN)).then(text)
    year, rest = month.str.slice(0, 4).cast(nw.Int64), month.str.slice(5, 2).cast(nw.Int64)
    return year * 12 + rest - 1


def number_expression(column: str) -> pl.Expr:
    """Expression for the number of months written `YYYY-MM`; null where the text is none."""
    well_formed = pl.col(column).str.contains(r"^[0-9]{4}-(0[1-9]|1[0-2])$")
    year = pl.col(column).str.slice(0, 4).cast(pl.Int32, strict=False)
    rest = pl.col(column).str.slice(5, 2).cast(pl.Int32, strict=False)
    return pl.when(well_formed).then(year * 12 + rest - 1)
