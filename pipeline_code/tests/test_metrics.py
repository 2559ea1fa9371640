"""Metrics against scikit-learn, which comes with MLflow."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from govml_pipeline.evaluation.regression import by_segment, evaluation_report, regression_metrics

PRICES = hnp.arrays(np.float64, st.shared(st.integers(2, 30), key="n"), elements=st.floats(1e4, 1e7))


@settings(deadline=None, max_examples=50)
@given(PRICES, PRICES)
def test_agree_with_scikit_learn(truth: np.ndarray, predicted: np.ndarray) -> None:
    from sklearn import metrics

    ours = regression_metrics(truth, predicted)
    assert ours["n"] == len(truth)
    assert ours["mae"] == pytest.approx(metrics.mean_absolute_error(truth, predicted))
    assert ours["rmse"] == pytest.approx(metrics.root_mean_squared_error(truth, predicted))
    assert ours["mape"] == pytest.approx(metrics.mean_absolute_percentage_error(truth, predicted) * 100)
    if ours["r2"] is None:
        assert np.ptp(truth) == 0
    else:
        assert ours["r2"] == pytest.approx(metrics.r2_score(truth, predicted), rel=1e-6, abs=1e-6)


def test_percentages_and_bias() -> None:
    metrics = regression_metrics(np.array([100.0, 200.0, 100.0]), np.array([110.0, 190.0, 100.0]))
    assert metrics["mape"] == pytest.approx(5.0)
    assert metrics["mdape"] == pytest.approx(5.0)
    assert metrics["bias"] == pytest.approx(5 / 3)


@pytest.mark.parametrize(("truth", "predicted"), [([], []), ([1.0], [1.0, 2.0]), ([np.nan], [1.0]), ([1.0], [np.inf])])
def test_refuse_what_cannot_be_measured(truth: list[float], predicted: list[float]) -> None:
    with pytest.raises(ValueError):
        regression_metrics(np.array(truth), np.array(predicted))


def test_report_has_the_paths_that_the_pipeline_reads() -> None:
    frame = pl.DataFrame(
        {"y": [100.0, 200.0], "p": [110.0, 200.0], "town": ["B", "A"], "month": ["2024-09", "2025-08"]}
    )
    report = evaluation_report(frame, truth="y", predicted="p", segments=("town",), time_column="month")
    assert report["regression_metrics"]["mape"] == {"value": pytest.approx(5.0), "unit": "percent"}
    assert report["regression_metrics"]["mae"]["value"] == pytest.approx(5.0)
    assert list(report["segments"]["town"]) == ["A", "B"]
    assert report["segments"]["town"]["B"]["mape"] == pytest.approx(10.0)
    assert report["window"] == {"first_month": "2024-09", "last_month": "2025-08"}
    assert by_segment(frame, "town", truth="y", predicted="p") == report["segments"]["town"]
