"""Quantities read out of the raw columns: storey, remaining lease, and the keys that past sales are remembered by."""

from __future__ import annotations

from typing import Any, Final, TypeVar

import narwhals as nw

from govml_pipeline.data import months
from govml_pipeline.data.row_reader import Row
from govml_pipeline.features.derivation import Derivation

MONTH = "month_number"
STOREY = "storey"
LEASE_YEARS = "remaining_lease_years"
#: What past sales are remembered by, and the columns that tell two of a kind apart. A project is what was built in one
#: street in one year, mostly several blocks of one design.
KEYS = {
    "block_key": ("street_name", "block"),
    "block_type_key": ("street_name", "block", "flat_type"),
    "project_key": ("street_name", "lease_commence_date"),
    "project_type_key": ("street_name", "lease_commence_date", "flat_type", "flat_model"),
    "street_type_key": ("street_name", "flat_type"),
    "town_type_key": ("town", "flat_type"),
}

#: A month in years. Multiplied by, since engines divide by a constant in two ways (Polars itself does: many rows by the
#: reciprocal, one by the number), which differ in the last bit.
_YEARS: Final = 1 / 12

Frame = TypeVar("Frame", bound=Any)


def derive(rows: Frame) -> Frame:
    """Add derived columns to validated rows (the target is not needed).

    Adds `month_number`, `storey` (middle of the range), `remaining_lease_years`, and the columns of `KEYS`.

    Args:
        rows: a frame of any engine (Polars, narwhals, Spark); one of the same kind is returned.
    """
    frame = nw.from_native(rows)
    frame = frame.with_columns(months.number_of("month").alias(MONTH), storey().alias(STOREY))
    frame = frame.with_columns(
        remaining_lease_years().alias(LEASE_YEARS),
        *(
            nw.concat_str(*(nw.col(part).cast(nw.String) for part in parts), separator="|").alias(name)
            for name, parts in KEYS.items()
        ),
    )
    return frame if isinstance(rows, nw.DataFrame | nw.LazyFrame) else nw.to_native(frame)


def derive_row(row: Row) -> dict[str, Any]:
    """Add to one validated row what `derive` adds, to the last bit."""
    month = months.number(str(row["month"]))
    storeys, lease = str(row["storey_range"]), row["remaining_lease"]
    derived: dict[str, Any] = {
        **row,
        MONTH: month,
        STOREY: (float(storeys[0:2]) + float(storeys[6:8])) / 2,
        LEASE_YEARS: _lease_years(str(lease)) if lease else int(row["lease_commence_date"]) + 99.5 - month * _YEARS,
    }
    for name, parts in KEYS.items():
        derived[name] = "|".join([str(row[part]) for part in parts])
    return derived


def _lease_years(text: str) -> float:
    rest = float(text.strip(" months")[-2:].strip(" ")) if "month" in text else 0.0
    return float(text[0:2].strip(" ")) + rest * _YEARS


def storey() -> nw.Expr:
    """Middle of `storey_range`, `04 TO 06` -> 5.0."""
    low = nw.col("storey_range").str.slice(0, 2).cast(nw.Float64)
    high = nw.col("storey_range").str.slice(6, 2).cast(nw.Float64)
    return (low + high) / 2


def remaining_lease_years() -> nw.Expr:
    """Years of lease left, in all three historic forms.

    `61 years 04 months` -> 61.33; `70` (whole years) -> 70.0; missing -> 99 years from the year in which the lease
    began, counted at the middle of that year, since its month is not published.
    """
    text = nw.col("remaining_lease")
    years = text.str.slice(0, 2).str.strip_chars(" ").cast(nw.Float64)
    in_months = nw.when(text.str.contains("month", literal=True)).then(text.str.strip_chars(" months"))
    rest = in_months.str.tail(2).str.strip_chars(" ").cast(nw.Float64).fill_null(0.0)
    reckoned = nw.col("lease_commence_date") + 99.5 - nw.col(MONTH) * _YEARS
    return nw.coalesce(years + rest * _YEARS, reckoned)


def price_per_sqm() -> nw.Expr:
    """Price in Singapore dollars per square metre; rows that keep the contract have an area of at least 20."""
    return nw.col("resale_price") / nw.col("floor_area_sqm")


DERIVATION = Derivation(
    derive=derive, month=MONTH, keys=tuple(KEYS), measure=price_per_sqm, measure_name="price per square metre, SGD"
)
