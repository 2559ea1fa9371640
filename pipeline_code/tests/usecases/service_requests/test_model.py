"""Model tests: what the model must do. They run on the sample in CI; the pipeline judges the real model by its criteria."""

from __future__ import annotations

import numpy as np
import polars as pl

from govml_pipeline.model.artefact import Model
from govml_pipeline.notebook import Prepared


def test_knows_more_than_the_shares_of_the_classes(model: Model, prepared: Prepared) -> None:
    rows, train = prepared.split.test, prepared.split.train
    truth = rows["late"].to_list()
    predicted = model.predict(rows).to_dicts()
    given = [row[f"probability:{value}"] for row, value in zip(predicted, truth, strict=True)]
    naive = [(train["late"] == value).mean() for value in truth]
    assert -np.log(given).mean() < 0.95 * -np.log(naive).mean()


def test_a_late_request_gets_a_higher_probability_in_three_of_four_pairs(model: Model, prepared: Prepared) -> None:
    """The area under the ROC curve, by its meaning."""
    rows = prepared.split.test
    probability = model.predict(rows)["probability:YES"].to_numpy()
    late = (rows["late"] == "YES").to_numpy()
    assert (probability[late][:, None] > probability[~late]).mean() > 0.7


def test_probabilities_mean_what_they_say(model: Model, prepared: Prepared) -> None:
    probability = model.predict(prepared.split.test)["probability:YES"]
    assert abs(probability.mean() - (prepared.split.test["late"] == "YES").mean()) < 0.03


def test_the_language_decides_nothing(model: Model, prepared: Prepared) -> None:
    rows = prepared.split.test
    others = rows.with_columns(pl.lit("TAMIL").alias("language"))
    assert model.predict(others).equals(model.predict(rows))


def test_more_open_requests_mean_more_lateness(model: Model, prepared: Prepared) -> None:
    rows = prepared.split.test.drop_nulls("open_requests")
    few, many = (rows.with_columns(pl.lit(value).alias("open_requests")) for value in (4.0, 25.0))
    rise = model.predict(many)["probability:YES"] - model.predict(few)["probability:YES"]
    assert rise.mean() > 0.05
    assert (rise > 0).mean() > 0.95


def test_says_which_features_moved_a_prediction(model: Model, prepared: Prepared) -> None:
    found = model.contributions(prepared.split.test)
    assert found is not None
    strongest = found.names[int(np.abs(found.values).mean(axis=0).argmax())]
    assert strongest in {"open_requests", "division_level"}
