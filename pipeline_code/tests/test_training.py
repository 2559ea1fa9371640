"""Settings, overrides and labels: what a use case may say, and rows from which nothing can be learnt."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from govml_pipeline.errors import UserError
from govml_pipeline.model.hyperparameters import typed
from govml_pipeline.model.labelling import Labels, events
from govml_pipeline.model.predictions import prediction_columns
from govml_pipeline.model.training import algorithm_of
from govml_pipeline.usecase import Kind, TrainingSettings, UseCase

DEFAULTS = {"depth": 6, "eta": 0.1, "booster": "gbtree", "exact": False}


def test_overrides_have_the_type_of_their_defaults() -> None:
    given = {"depth": "8", "eta": "1e-2", "booster": "dart", "exact": "True"}
    assert typed(given, DEFAULTS) == {"depth": 8, "eta": 0.01, "booster": "dart", "exact": True}
    assert typed({}, DEFAULTS) == DEFAULTS


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [("depth", "8.5", "int"), ("eta", "inf", "float"), ("exact", "1", "bool"), ("eta", "", "float")],
)
def test_an_override_of_another_type_is_refused(name: str, text: str, kind: str) -> None:
    with pytest.raises(UserError, match=f"{name}: '{text}' is not of type {kind}"):
        typed({name: text}, DEFAULTS)


@pytest.mark.parametrize(
    ("search", "message"),
    [
        ({"deep": (1,)}, "'deep' has no default"),
        ({"depth": (4, 6.5)}, "depth: 6.5 is not of type int"),
        ({"depth": (True, 2)}, "depth: True is not of type int"),
        ({"eta": ("0.1",)}, "eta: '0.1' is not of type float"),
        ({"eta": ()}, "eta: no value"),
        ({"eta": (0.1, 0.1)}, "or one twice"),
    ],
)
def test_a_search_space_that_contradicts_the_defaults_is_refused(search: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        TrainingSettings(parameters=DEFAULTS, search=search)


def test_a_whole_number_will_do_for_a_decimal_one() -> None:
    assert TrainingSettings(parameters=DEFAULTS, search={"eta": (1, 0.5)}).search["eta"] == (1, 0.5)


@pytest.mark.parametrize("kind", ["regression", "timeseries", "classification"])
def test_a_target_that_never_changes_is_refused(use_case: UseCase, kind: Kind) -> None:
    rows = pl.DataFrame({"resale_price": [4.0, 4.0, 4.0]})
    with pytest.raises(UserError, match=r"every row has resale_price = 4\.0: there is nothing to learn"):
        Labels.fit(replace(use_case, kind=kind), rows)


def test_a_missing_target_is_refused(use_case: UseCase) -> None:
    with pytest.raises(UserError, match="1 of 3 rows have no resale_price"):
        Labels.fit(use_case, pl.DataFrame({"resale_price": [4.0, None, 5.0]}))


def test_classes_are_text_in_sorted_order(use_case: UseCase) -> None:
    rows = pl.DataFrame({"resale_price": [10, 9, 10, 2]})
    assert Labels.fit(replace(use_case, kind="classification"), rows).classes == ("10", "2", "9")


def test_an_event_is_the_named_value_or_the_last(use_case: UseCase) -> None:
    target = pl.Series(["NORMAL", None, "FRAUD"])
    np.testing.assert_array_equal(events(replace(use_case, positive="FRAUD"), target), [0, np.nan, 1])
    np.testing.assert_array_equal(events(use_case, target), [1, np.nan, 0])


def test_an_algorithm_for_another_kind_is_refused(use_case: UseCase) -> None:
    with pytest.raises(UserError, match="xgboost does not do clustering"):
        algorithm_of(replace(use_case, kind="clustering"))


def test_the_columns_of_each_kind() -> None:
    classes = prediction_columns("classification", ("NO", "YES"), np.array([[0.2, 0.8], [0.6, 0.4]]))
    assert classes.to_dict(as_series=False) == {
        "prediction": ["YES", "NO"],
        "probability:NO": [0.2, 0.6],
        "probability:YES": [0.8, 0.4],
    }
    strange = prediction_columns("anomaly", (), np.array([[0.7, 1.0], [0.4, 0.0]]))
    assert strange.to_dict(as_series=False) == {"score": [0.7, 0.4], "prediction": [True, False]}
    clusters = prediction_columns("clustering", (), np.array([[2.0, 0.5]]))
    assert clusters.to_dict(as_series=False) == {"prediction": [2], "distance": [0.5]}
    assert clusters.schema["prediction"] == pl.Int64
    assert prediction_columns("timeseries", (), np.array([3.5])).to_dict(as_series=False) == {"prediction": [3.5]}
