"""What a model of resale prices must do, whatever its accuracy."""

from __future__ import annotations

from typing import Final

import polars as pl

from govml_pipeline.model_tests.base import ModelTest
from govml_pipeline.model_tests.kinds import Directional, Invariance, MinimumFunctionality

_LARGER: Final = 5
_HIGHEST: Final = 40


def larger(rows: pl.DataFrame) -> pl.DataFrame:
    """The same flats with five square metres more."""
    return rows.with_columns(pl.col("floor_area_sqm") + _LARGER)


def higher(rows: pl.DataFrame) -> pl.DataFrame:
    """The same flats one range of three storeys up (`04 TO 06` -> `07 TO 09`); those near the top stay."""
    low, high = (pl.col("storey_range").str.slice(start, 2).cast(pl.Int64) + 3 for start in (0, 6))
    moved = pl.format("{} TO {}", *(part.cast(pl.String).str.zfill(2) for part in (low, high)))
    return rows.with_columns(pl.when(high <= _HIGHEST).then(moved).otherwise("storey_range").alias("storey_range"))


def elsewhere(rows: pl.DataFrame) -> pl.DataFrame:
    """The same flats in a town, a street and a block that nobody has heard of."""
    return rows.with_columns(
        pl.lit("NEW TOWN").alias("town"), pl.lit("NEW ST 1").alias("street_name"), pl.lit("9999").alias("block")
    )


def at_another_price(rows: pl.DataFrame) -> pl.DataFrame:
    """The same flats with another price in the row: a model that looks at it has leaked."""
    return rows.with_columns(pl.col("resale_price") * 2)


def plausible(rows: pl.DataFrame, answers: pl.DataFrame) -> pl.Series:
    """A finite price between 500 and 30,000 Singapore dollars per square metre."""
    per_sqm = answers["prediction"] / rows["floor_area_sqm"]
    return per_sqm.is_finite() & per_sqm.is_between(500, 30_000)


MODEL_TESTS: Final[tuple[ModelTest, ...]] = (
    Directional(
        name="larger_costs_more",
        why="Five square metres more in the same block and storey cost more.",
        change=larger,
        direction="up",
        allowed=0.02,
    ),
    Directional(
        name="higher_costs_no_less",
        why="Three storeys up, flats do not cost less on average.",
        change=higher,
        direction="up",
        of="average",
    ),
    Invariance(
        name="price_is_not_looked_at",
        why="The price that is to be predicted has no influence on the prediction.",
        change=at_another_price,
    ),
    MinimumFunctionality(
        name="unseen_town_answers",
        why="A flat in a town, street and block without any sale still gets a plausible price.",
        rows=elsewhere,
        expect=plausible,
        allowed=0.01,
    ),
    MinimumFunctionality(
        name="prices_are_plausible",
        why="Every prediction lies within what flats of any town have cost per square metre.",
        rows=lambda rows: rows,
        expect=plausible,
    ),
)
