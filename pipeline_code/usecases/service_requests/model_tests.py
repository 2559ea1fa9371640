"""What a model of late requests must do, whatever its accuracy; the step Assess runs these on the test months."""

from __future__ import annotations

from typing import Final

import polars as pl

from govml_pipeline.model_tests.base import ModelTest
from govml_pipeline.model_tests.kinds import Invariance, MinimumFunctionality


def in_another_language(rows: pl.DataFrame) -> pl.DataFrame:
    """The same requests, all in Tamil."""
    return rows.with_columns(pl.lit("TAMIL").alias("language"))


def with_other_outcomes(rows: pl.DataFrame) -> pl.DataFrame:
    """The same requests, each with the outcome of another one: a model that looks at it has leaked."""
    return rows.with_columns(pl.col("late").reverse())


def from_a_new_division(rows: pl.DataFrame) -> pl.DataFrame:
    """Requests about a division without any past, with what may be missing left out."""
    gone = [pl.lit(None, dtype=rows.schema[name]).alias(name) for name in ("words", "open_requests")]
    return rows.with_columns(pl.lit("D999").alias("division"), *gone)


def quiet(rows: pl.DataFrame) -> pl.DataFrame:
    """Parking requests by app that are not repeated, while nearly nothing is open."""
    chosen = rows.filter((pl.col("category") == "PARKING") & (pl.col("channel") == "APP") & (pl.col("priority") < 3))
    return chosen.with_columns(pl.lit("NO").alias("repeated"), pl.lit(3.0).alias("open_requests"))


def unsure(rows: pl.DataFrame, answers: pl.DataFrame) -> pl.Series:  # noqa: ARG001  the signature of every expectation
    """A probability that says neither yes nor no for certain."""
    return answers["probability:YES"].is_between(0.005, 0.9)


def in_time(rows: pl.DataFrame, answers: pl.DataFrame) -> pl.Series:  # noqa: ARG001  the signature of every expectation
    """The answer that the request will be closed in time."""
    return answers["prediction"] == "NO"


MODEL_TESTS: Final[tuple[ModelTest, ...]] = (
    Invariance(
        name="language_decides_nothing",
        why="The language of a request has no influence on the prediction.",
        change=in_another_language,
    ),
    Invariance(
        name="outcome_is_not_looked_at",
        why="The outcome that is to be predicted has no influence on the prediction.",
        change=with_other_outcomes,
    ),
    MinimumFunctionality(
        name="new_division_answers",
        why="A division without any past gets a cautious answer.",
        rows=from_a_new_division,
        expect=unsure,
    ),
    MinimumFunctionality(
        name="quiet_is_in_time",
        why="Simple requests in a quiet division are expected in time.",
        rows=quiet,
        expect=in_time,
        allowed=0.01,
    ),
)
