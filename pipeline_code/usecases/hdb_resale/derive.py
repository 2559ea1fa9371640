"""Quantities read out of the raw columns: storey, remaining lease, and the keys that past sales are remembered by."""

from __future__ import annotations

import polars as pl

from govml_pipeline.data import months

MONTH = "month_number"
STOREY = "storey"
LEASE_YEARS = "remaining_lease_years"


def derive(rows: pl.DataFrame) -> pl.DataFrame:
    """Add derived columns to validated rows (the target is not needed).

    Adds `month_number`, `storey` (middle of the range), `remaining_lease_years`, and the keys `block_key`,
    `block_type_key`, `street_key`, `street_type_key`, `town_type_key`.
    """
    rows = rows.with_columns(months.number_expression("month").cast(pl.Int64).alias(MONTH), storey().alias(STOREY))
    block = pl.concat_str(["street_name", "block"], separator="|")
    return rows.with_columns(
        remaining_lease_years().alias(LEASE_YEARS),
        block.alias("block_key"),
        pl.concat_str([block, "flat_type"], separator="|").alias("block_type_key"),
        pl.col("street_name").alias("street_key"),
        pl.concat_str(["street_name", "flat_type"], separator="|").alias("street_type_key"),
        pl.concat_str(["town", "flat_type"], separator="|").alias("town_type_key"),
    )


def storey() -> pl.Expr:
    """Middle of `storey_range`, `04 TO 06` -> 5.0."""
    low = pl.col("storey_range").str.slice(0, 2).cast(pl.Float64)
    high = pl.col("storey_range").str.slice(6, 2).cast(pl.Float64)
    return (low + high) / 2


def remaining_lease_years() -> pl.Expr:
    """Years of lease left, in all three historic forms.

    `61 years 04 months` -> 61.33; `70` (whole years) -> 70.0; missing -> 99 years from the year in which the lease
    began, counted at the middle of that year, since its month is not published.
    """
    text = pl.col("remaining_lease")
    years = text.str.extract(r"^([0-9]{1,2})", 1).cast(pl.Float64)
    rest = text.str.extract(r"([0-9]{1,2}) months?$", 1).cast(pl.Float64).fill_null(0.0)
    reckoned = pl.col("lease_commence_date") + 99.5 - pl.col(MONTH) / 12
    return pl.coalesce(years + rest / 12, reckoned)
