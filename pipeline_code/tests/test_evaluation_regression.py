"""Regression and time series metrics against scikit-learn and against their definitions."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from govml_pipeline.errors import UserError
from govml_pipeline.evaluation.bootstrap import grouped, weights
from govml_pipeline.evaluation.measuring import Task
from govml_pipeline.evaluation.regression import regression_metrics, regression_statistics
from govml_pipeline.evaluation.report import evaluate, evaluation_report
from govml_pipeline.evaluation.timeseries import naive_scale, timeseries_statistics

PRICES = hnp.arrays(np.float64, st.shared(st.integers(1, 30), key="n"), elements=st.floats(1e4, 1e7))


@settings(deadline=None, max_examples=60)
@given(PRICES, PRICES)
def test_agree_with_scikit_learn(truth: np.ndarray, predicted: np.ndarray) -> None:
    from sklearn import metrics

    ours = regression_metrics(truth, predicted)
    assert ours["n"] == len(truth)
    assert ours["mae"] == pytest.approx(metrics.mean_absolute_error(truth, predicted))
    assert ours["rmse"] == pytest.approx(metrics.root_mean_squared_error(truth, predicted))
    assert ours["mape"] == pytest.approx(metrics.mean_absolute_percentage_error(truth, predicted) * 100)
    assert ours["bias"] == pytest.approx(((predicted - truth) / truth).mean() * 100)
    assert ours["mdape"] == pytest.approx(np.median(np.abs(predicted / truth - 1)) * 100)
    if ours["r2"] is None:
        assert np.ptp(truth) < 1e-4 * truth.max()
    else:
        assert ours["r2"] == pytest.approx(metrics.r2_score(truth, predicted), rel=1e-5, abs=1e-5)


def test_percentages_and_bias() -> None:
    metrics = regression_metrics(np.array([100.0, 200.0, 100.0]), np.array([110.0, 190.0, 100.0]))
    assert metrics["mape"] == pytest.approx(5.0)
    assert metrics["mdape"] == pytest.approx(5.0)
    assert metrics["bias"] == pytest.approx(5 / 3)


def test_zero_truths_have_no_percentage_error_and_are_counted() -> None:
    some = regression_metrics(np.array([0.0, 100.0]), np.array([50.0, 110.0]))
    assert (some["mape"], some["zero_truths"], some["mae"]) == (pytest.approx(10.0), 1, pytest.approx(30.0))
    none = regression_metrics(np.zeros(2), np.ones(2))
    assert (none["mape"], none["mdape"], none["bias"], none["mae"]) == (None, None, None, 1.0)


@pytest.mark.parametrize("truth", [[5.0], [5.0, 5.0, 5.0], [0.1, 0.1, 0.1]])
def test_one_row_or_a_constant_truth_has_no_r2(truth: list[float]) -> None:
    metrics = regression_metrics(np.array(truth), np.full(len(truth), 6.0))
    assert metrics["r2"] is None
    assert metrics["mae"] == pytest.approx(6 - truth[0])


@pytest.mark.parametrize(
    ("truth", "predicted", "message"),
    [
        ([], [], "at least 1"),
        ([1.0], [1.0, 2.0], "same length"),
        ([np.nan], [1.0], "1 of 1 values of the truth are not finite"),
        ([1.0, 2.0], [1.0, np.inf], "prediction are not finite, the first in row 1"),
    ],
)
def test_refuse_what_cannot_be_measured(truth: list[float], predicted: list[float], message: str) -> None:
    with pytest.raises(UserError, match=message):
        regression_metrics(np.array(truth), np.array(predicted))


def test_report_has_the_paths_that_the_pipeline_reads() -> None:
    frame = pl.DataFrame(
        {"y": [100.0, 200.0], "p": [110.0, 200.0], "town": ["B", "A"], "month": ["2024-09", "2025-08"]}
    )
    report = evaluation_report(frame, truth="y", predicted="p", segments=("town",), time_column="month")
    assert report["kind"] == "regression"
    assert report["regression_metrics"]["mape"] == {"value": pytest.approx(5.0), "unit": "percent"}
    assert report["regression_metrics"]["mae"]["value"] == pytest.approx(5.0)
    assert list(report["segments"]["town"]) == ["A", "B"]
    assert report["segments"]["town"]["B"]["mape"] == pytest.approx(10.0)
    assert report["segments"]["town"]["B"]["few"] is True
    assert report["window"] == {"first_month": "2024-09", "last_month": "2025-08"}


def test_a_missing_segment_is_a_segment_of_its_own() -> None:
    frame = pl.DataFrame({"y": [1.0, 2.0], "p": [1.0, 2.0], "town": ["A", None], "month": ["2024-09"] * 2})
    report = evaluation_report(frame, truth="y", predicted="p", segments=("town",), time_column="month")
    assert list(report["segments"]["town"]) == ["A", "(missing)"]


def test_no_rows_is_a_users_error() -> None:
    frame = pl.DataFrame({"y": [], "prediction": [], "month": []}, schema_overrides={"month": pl.String})
    with pytest.raises(UserError, match="no row"):
        evaluate(frame, Task("regression", "y", "month"))


def drawn(n: int, months: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    block = rng.integers(0, months, n)
    truth = rng.uniform(1e5, 1e6, n)
    return truth, truth * (1 + rng.normal(0, 0.04, n) + 0.02 * np.sin(block)), block


def test_interval_is_that_of_resampling_whole_months_by_hand() -> None:
    truth, predicted, block = drawn(600, 8)
    found = grouped(regression_statistics(truth, predicted), np.zeros(600, dtype=np.int64), 1, block)
    by_hand = []
    for times in weights(8).astype(int):
        rows = np.concatenate([np.tile(np.flatnonzero(block == month), times[month]) for month in range(8)])
        by_hand.append(regression_metrics(truth[rows], predicted[rows]))
    for name in ("mae", "rmse", "mape", "bias", "r2"):
        low, high = np.percentile([metrics[name] for metrics in by_hand], [2.5, 97.5])
        assert found.lower[name][0] == pytest.approx(low)
        assert found.upper[name][0] == pytest.approx(high)


def test_intervals_cover_as_often_as_they_say() -> None:
    """24 months of independent errors: the mean absolute error is inside about 95 times of 100."""
    hits = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        truth = np.full(480, 100.0)
        found = grouped(
            regression_statistics(truth, truth + rng.normal(0, 1, 480)),
            np.zeros(480, dtype=np.int64),
            1,
            np.repeat(np.arange(24), 20),
        )
        hits += found.lower["mae"][0] <= np.sqrt(2 / np.pi) <= found.upper["mae"][0]
    assert 176 <= hits <= 198


def test_same_rows_same_interval_and_few_months_have_none() -> None:
    truth, predicted, block = drawn(300, 6)
    statistics, zero = regression_statistics(truth, predicted), np.zeros(300, dtype=np.int64)
    first, second = (grouped(statistics, zero, 1, block) for _ in range(2))
    assert first.entry(0) == second.entry(0)
    assert first.entry(0)["intervals"]["mae"][0] < first.entry(0)["mae"] < first.entry(0)["intervals"]["mae"][1]
    assert grouped(statistics, zero, 1, block % 2).entry(0)["intervals"] == {}
    by_month = grouped(statistics, block, 6, block)
    assert all(by_month.entry(code)["intervals"] == {} for code in range(6))


SERIES = hnp.arrays(np.float64, st.shared(st.integers(1, 20), key="m"), elements=st.floats(-1e6, 1e6))


@settings(deadline=None, max_examples=40)
@given(SERIES, SERIES, st.floats(1e-3, 1e6))
def test_smape_and_mase_follow_their_definitions(truth: np.ndarray, predicted: np.ndarray, scale: float) -> None:
    ours = timeseries_statistics(truth, predicted, scale=scale).values()
    terms = [
        0.0 if abs(t) + abs(p) == 0 else 2 * abs(p - t) / (abs(t) + abs(p))
        for t, p in zip(truth, predicted, strict=True)
    ]
    assert ours["smape"] == pytest.approx(100 * np.mean(terms), abs=1e-9)
    assert ours["mase"] == pytest.approx(np.abs(predicted - truth).mean() / scale)


def test_mase_without_a_scale_is_not_defined() -> None:
    assert timeseries_statistics(np.ones(2), np.ones(2), scale=None).values()["mase"] is None
    assert timeseries_statistics(np.ones(2), np.ones(2), scale=0.0).values()["mase"] is None


def test_naive_scale_looks_only_at_months_that_follow_each_other() -> None:
    rows = pl.DataFrame(
        {
            "shop": ["a", "a", "a", "b", "b"],
            "month": ["2024-01", "2024-02", "2024-04", "2024-02", "2024-01"],
            "y": [10.0, 14.0, 100.0, 7.0, 5.0],
        }
    )
    arguments = {"truth": "y", "time_column": "month"}
    assert naive_scale(rows, series=("shop",), **arguments) == pytest.approx((4 + 2) / 2)
    assert naive_scale(rows.head(1), series=("shop",), **arguments) is None
    assert naive_scale(rows.head(2), series=(), **arguments) == pytest.approx(4)


def test_time_series_are_reported_by_horizon() -> None:
    frame = pl.DataFrame(
        {
            "month": ["2024-10", "2024-11", "2025-01"],
            "shop": ["a"] * 3,
            "y": [10.0, 12.0, 12.0],
            "prediction": [11.0, 10.0, 15.0],
        }
    )
    report = evaluate(frame, Task("timeseries", "y", "month", series=("shop",)))
    assert {step: entry["mae"] for step, entry in report["horizons"].items()} == {"1": 1.0, "2": 2.0, "4": 3.0}
    assert report["naive_forecast"] == {"mae": 2.0, "from": "test window"}
    assert report["regression_metrics"]["mase"]["value"] == pytest.approx(1.0)
    learnt = frame.with_columns(pl.lit(0.0).alias("y"))
    other = evaluate(frame, Task("timeseries", "y", "month", series=("shop",)), learnt_from=learnt)
    assert other["regression_metrics"]["mase"]["value"] is None
