"""Fairness measures against fairlearn, and the rules that keep tiny groups from raising an alarm."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govml_pipeline.errors import UserError
from govml_pipeline.evaluation.measuring import Task
from govml_pipeline.fairness.composition import composition
from govml_pipeline.fairness.decisions import decisions
from govml_pipeline.fairness.report import fairness_report
from govml_pipeline.fairness.representation import representation
from govml_pipeline.fairness.settings import FairnessSettings
from govml_pipeline.fairness.wilson import wilson


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(20, 120), st.integers(2, 4))
def test_parity_measures_agree_with_fairlearn(seed: int, n: int, groups: int) -> None:
    from fairlearn import metrics

    rng = np.random.default_rng(seed)
    truth, chosen = rng.uniform(size=n) < 0.4, rng.uniform(size=n) < 0.5
    group = rng.integers(0, groups, n).astype(str)
    report = decisions(pl.Series(group), {"yes": (truth, chosen)}, minimum_rows=1)
    ours, values = report["measures"], report["outcomes"]["yes"]["values"]
    every = [entry for entry in values.values() if entry["true_positive_rate"] is not None]
    if len(values) < 2 or len(every) < len(values):
        return  # fairlearn counts a rate without rows as 0, which here has no value
    # The frame that fairlearn's demographic_parity_difference and its like make, once for all of them instead of for each.
    by_group = metrics.MetricFrame(
        metrics={
            "selection": metrics.selection_rate,
            "tpr": metrics.true_positive_rate,
            "fpr": metrics.false_positive_rate,
            "fnr": metrics.false_negative_rate,
        },
        y_true=truth,
        y_pred=chosen,
        sensitive_features=group,
    )
    gap = by_group.difference()
    assert ours["demographic_parity_difference"] == pytest.approx(gap["selection"])
    assert ours["demographic_parity_ratio"] == pytest.approx(by_group.ratio()["selection"])
    assert ours["equal_opportunity_difference"] == pytest.approx(gap["tpr"])
    if all(entry["false_positive_rate"] is not None for entry in values.values()):
        assert ours["equalized_odds_difference"] == pytest.approx(max(gap["tpr"], gap["fpr"]))
        assert ours["false_positive_rate_gap"] == pytest.approx(gap["fpr"])
        assert ours["false_negative_rate_gap"] == pytest.approx(gap["fnr"])


def test_predictive_parity_compares_precisions() -> None:
    truth = np.array([True, False, True, True, True, False])
    chosen = np.array([True, True, True, True, True, False])
    report = decisions(pl.Series(["a", "a", "a", "b", "b", "b"]), {"yes": (truth, chosen)}, minimum_rows=1)
    assert report["measures"]["predictive_parity_difference"] == pytest.approx(1 - 2 / 3)


def test_several_classes_are_each_set_against_the_rest() -> None:
    rows = pl.DataFrame(
        {
            "month": ["2025-01"] * 40,
            "group": ["a", "b"] * 20,
            "y": ["x", "x", "y", "z"] * 10,
            "prediction": ["x", "z", "y", "z"] * 10,
            **{f"probability:{name}": [1 / 3] * 40 for name in "xyz"},
        }
    )
    task = Task("classification", "y", "month")
    report = fairness_report(rows, rows, task, FairnessSettings(("group",), minimum_rows=10))["groups"]["group"]
    assert set(report["outcomes"]) == {"x", "y", "z"}
    assert report["outcomes"]["x"]["measures"]["equal_opportunity_difference"] == 1.0
    assert report["measures"]["demographic_parity_difference"] == 1.0  # z: never for a, always for b


@given(st.integers(0, 500), st.integers(1, 500))
def test_wilson_agrees_with_scipy(hits: int, rows: int) -> None:
    from scipy.stats import binomtest

    hits = min(hits, rows)
    expected = binomtest(hits, rows).proportion_ci(method="wilson")
    assert wilson(hits, rows) == pytest.approx([expected.low, expected.high], abs=1e-12)


def test_wilson_of_no_rows_is_nothing() -> None:
    assert wilson(0, 0) is None


def prices(errors: dict[str, float], rows: int = 240) -> pl.DataFrame:
    """Rows of towns with a mean absolute error of so many percent each, over 12 months."""
    rng = np.random.default_rng(3)
    parts = []
    for town, percent in errors.items():
        n = 12 if town.startswith("tiny") else rows
        y = rng.uniform(4e5, 6e5, n)
        noise = rng.normal(0, percent / 100 / np.sqrt(2 / np.pi), n)
        parts.append(
            pl.DataFrame(
                {
                    "month": [f"2025-{1 + i % 12:02d}" for i in range(n)],
                    "town": town,
                    "y": y,
                    "prediction": y * (1 + noise),
                }
            )
        )
    return pl.concat(parts)


REGRESSION = Task("regression", "y", "month")


def test_a_town_with_larger_errors_is_found_and_a_tiny_one_is_not() -> None:
    rows = prices({"a": 3, "b": 3, "c": 3, "far": 9, "tiny": 30})
    report = fairness_report(rows, rows, REGRESSION, FairnessSettings(("town",)))["groups"]["town"]
    assert [finding["group"] for finding in report["findings"]] == ["far"]
    assert report["values"]["tiny"]["few"] is True
    expected = report["values"]["far"]["mape"] - min(report["values"][name]["mape"] for name in "abc")
    assert report["measures"]["mape_gap"] == pytest.approx(expected)
    assert 1.5 < report["measures"]["mape_worst_ratio"] < 2.5
    assert sum(entry["share"] for entry in report["values"].values()) == pytest.approx(1)


def test_equal_towns_raise_no_finding() -> None:
    rows = prices(dict.fromkeys("abcdefgh", 3.0))
    report = fairness_report(rows, rows, REGRESSION, FairnessSettings(("town",)))["groups"]["town"]
    assert report["findings"] == []
    assert report["measures"]["mape_worst_ratio"] < 1.25


def test_one_group_with_enough_rows_has_no_gap() -> None:
    rows = prices({"a": 3, "tiny": 3})
    measures = fairness_report(rows, rows, REGRESSION, FairnessSettings(("town",)))["groups"]["town"]["measures"]
    assert measures["mape_gap"] is None
    assert measures["bias_largest"] is not None


def test_representation_follows_the_definitions_of_clarify() -> None:
    train = pl.DataFrame({"g": ["a"] * 6 + ["b"] * 2 + [None] * 2, "y": [1, 1, 1, 0, 0, 0, 1, 0, 0, 0]})
    table = representation(train, train, "g", event=pl.col("y") == 1, target="")
    assert table["b"]["class_imbalance"] == pytest.approx((8 - 2) / 10)
    assert table["b"]["difference_in_proportions_of_labels"] == pytest.approx(3 / 8 - 1 / 2)
    assert table["(missing)"]["train_rows"] == 2
    numbers = representation(train, train.head(6), "g", event=None, target="y")
    assert numbers["a"]["median_target"] == 0.5
    assert numbers["b"]["test_rows"] == 0


def anomalies() -> pl.DataFrame:
    flagged = [True] * 60 + [False] * 140 + [True] * 10 + [False] * 190
    return pl.DataFrame({"month": "2025-01", "g": ["a"] * 200 + ["b"] * 200, "prediction": flagged, "score": 0.0})


def test_flagged_shares_are_compared() -> None:
    rows = anomalies()
    report = fairness_report(rows, rows, Task("anomaly", "", "month"), FairnessSettings(("g",)))["groups"]["g"]
    assert report["measures"]["demographic_parity_difference"] == pytest.approx(0.25)
    assert report["measures"]["equal_opportunity_difference"] is None
    assert [finding["group"] for finding in report["findings"]] == ["b"]


def test_labelled_anomalies_have_error_rates() -> None:
    rows = anomalies().with_columns(
        pl.when(pl.col("prediction")).then(pl.lit("bad")).otherwise(pl.lit("ok")).alias("y")
    )
    report = fairness_report(rows, rows, Task("anomaly", "y", "month", "bad"), FairnessSettings(("g",)))["groups"]["g"]
    assert report["measures"]["equal_opportunity_difference"] == 0
    assert report["representation"]["b"]["difference_in_proportions_of_labels"] == pytest.approx(0.25)


def test_clusters_that_tell_groups_apart_are_seen() -> None:
    cluster, group = pl.Series([0] * 50 + [1] * 50), pl.Series(["a"] * 50 + ["b"] * 50)
    shown, measures = composition(cluster, group, 10)
    assert shown["0"] == {"rows": 50, "shares": {"a": 1.0, "b": 0.0}}
    assert measures == {"cramers_v": pytest.approx(1.0), "composition_gap": pytest.approx(0.5)}
    mixed = composition(pl.Series([0, 1] * 50), group, 10)[1]
    assert mixed == {"cramers_v": pytest.approx(0.0, abs=1e-9), "composition_gap": pytest.approx(0.0)}
    assert composition(pl.Series([0] * 100), group, 10)[1] == {"cramers_v": None, "composition_gap": None}
    assert composition(cluster, group, 60)[1] == {"cramers_v": None, "composition_gap": None}


def test_no_declared_group_is_said() -> None:
    rows = prices({"a": 3})
    report = fairness_report(rows, rows, REGRESSION, None)
    assert (report["declared"], report["groups"]) == (False, {})


@pytest.mark.parametrize("settings", [{"groups": ()}, {"groups": ("a", "a")}, {"groups": ("a",), "minimum_rows": 1}])
def test_settings_that_say_nothing_are_refused(settings: dict) -> None:
    with pytest.raises(UserError, match="fairness: "):
        FairnessSettings(**settings)


def test_a_group_that_is_no_column_is_refused() -> None:
    rows = prices({"a": 3})
    with pytest.raises(UserError, match="no column 'city'"):
        fairness_report(rows, rows, REGRESSION, FairnessSettings(("city",)))
