"""Model tests: what the model must do. They run on the sample in CI; the step Assess runs the declared ones on the real model."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from govml_pipeline.data.split import Split
from govml_pipeline.model.artefact import Model
from govml_pipeline.model_tests.base import ModelTest
from govml_pipeline.model_tests.report import model_test_report
from usecases.hdb_resale.model_tests import MODEL_TESTS


def error(model: Model, rows: pl.DataFrame) -> float:
    """Mean absolute percentage error."""
    predicted, price = model.predict(rows)["prediction"].to_numpy(), rows["resale_price"].to_numpy()
    return float(np.abs(predicted / price - 1).mean() * 100)


def test_knows_more_than_the_median_of_town_and_type(model: Model, split: Split) -> None:
    sqm = pl.col("resale_price") / pl.col("floor_area_sqm")
    known = split.validation.group_by("town", "flat_type").agg(sqm.median().alias("known"))
    joined = split.test.join(known, on=["town", "flat_type"], how="left")
    guess = joined["known"].fill_null(joined["known"].median()) * joined["floor_area_sqm"]
    naive = float(((guess / joined["resale_price"] - 1).abs()).mean() * 100)
    assert error(model, split.test) < 0.6 * naive


def test_does_not_fall_behind_a_market_that_rises(model: Model, split: Split) -> None:
    """Trained on months before, tested on dearer ones: without the index the bias would be that of the rise."""
    rows = split.test
    bias = float((model.predict(rows)["prediction"] / rows["resale_price"] - 1).mean() * 100)
    assert abs(bias) < 1.5


@pytest.mark.parametrize("test", MODEL_TESTS, ids=lambda test: test.name)
def test_the_declared_behaviour_holds_on_the_sample(model: Model, split: Split, test: ModelTest) -> None:
    report = model_test_report(model, split.test, (test,))
    assert report["failed"] == 0, report["tests"][0]["examples"]


@pytest.mark.parametrize(
    ("column", "value"),
    [("floor_area_sqm", 3000.0), ("floor_area_sqm", 20.0), ("lease_commence_date", 2100), ("flat_type", "PENTHOUSE")],
)
def test_what_no_flat_is_like_gets_no_absurd_price(model: Model, split: Split, column: str, value: object) -> None:
    rows = split.test.head(200).with_columns(pl.lit(value).cast(split.test.schema[column]).alias(column))
    per_sqm = model.predict(rows)["prediction"] / rows["floor_area_sqm"]
    assert per_sqm.is_between(500, 30_000).all()
