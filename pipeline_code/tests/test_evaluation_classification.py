"""Classification metrics against scikit-learn, on inputs that hypothesis makes."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govml_pipeline.errors import UserError
from govml_pipeline.evaluation.classification import BINS, classification_statistics, ranking_metrics
from govml_pipeline.evaluation.measuring import Task
from govml_pipeline.evaluation.report import evaluate

TASK = Task("classification", "y", "month")


@st.composite
def problems(draw: st.DrawFn, classes: st.SearchStrategy[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    k, n = draw(classes), draw(st.integers(1, 40))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    truth = rng.integers(0, draw(st.integers(1, k)), n)
    probabilities = rng.dirichlet(np.full(k, draw(st.sampled_from([0.05, 1.0, 20.0]))), n)
    return truth, probabilities.argmax(axis=1), probabilities


def reference(truth: np.ndarray, predicted: np.ndarray, probabilities: np.ndarray) -> dict[str, Any]:
    from sklearn import metrics

    k = probabilities.shape[1]
    average = {"average": "binary", "pos_label": 1} if k == 2 else {"average": "macro"}
    undefined = np.nan if k == 2 else 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        precision, recall, f1, _ = metrics.precision_recall_fscore_support(
            truth, predicted, zero_division=undefined, **average
        )
        return {
            "accuracy": metrics.accuracy_score(truth, predicted),
            "balanced_accuracy": metrics.balanced_accuracy_score(truth, predicted),
            "precision": precision,
            "recall": recall,
            "f1": f1,
            "mcc": metrics.matthews_corrcoef(truth, predicted),
            "log_loss": metrics.log_loss(truth, probabilities, labels=range(k)),
            "brier": metrics.brier_score_loss(truth, probabilities, labels=range(k), scale_by_half=k == 2),
        }


@settings(deadline=None, max_examples=150)
@given(problems(st.integers(2, 5)))
def test_agree_with_scikit_learn(problem: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    ours = classification_statistics(*problem, positive=1).values()
    for name, expected in reference(*problem).items():
        if np.isnan(expected):
            assert ours[name] is None, name
        else:
            assert ours[name] == pytest.approx(expected, abs=1e-9), name


@settings(deadline=None, max_examples=60)
@given(problems(st.just(2)))
def test_calibration_error_follows_its_definition(problem: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    truth, _, probabilities = problem
    event, total = probabilities[:, 1], 0.0
    for low in np.arange(BINS) / BINS:
        inside = (event >= low) & ((event < low + 1 / BINS) | ((low == (BINS - 1) / BINS) & (event == 1)))
        if inside.any():
            total += inside.mean() * abs(event[inside].mean() - (truth[inside] == 1).mean())
    ours = classification_statistics(*problem, positive=1).values()["expected_calibration_error"]
    assert ours == pytest.approx(total, abs=1e-9)


@settings(deadline=None, max_examples=60)
@given(problems(st.integers(2, 4)))
def test_rankings_follow_their_definitions(problem: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    """ROC AUC: how often an event's score beats another row's, ties half. Average precision: sum over recall steps."""
    truth, _, probabilities = problem
    ours = ranking_metrics(truth, probabilities, 1)
    found = np.unique(truth)
    if len(found) < 2:
        assert ours == {"roc_auc": None, "pr_auc": None}
        return
    areas, precisions = [], []
    for event in [1] if probabilities.shape[1] == 2 else found:
        hit, score = truth == event, probabilities[:, event]
        pairs = score[hit][:, None] - score[~hit][None, :]
        areas.append(((pairs > 0) + 0.5 * (pairs == 0)).mean())
        steps = [(score >= level) for level in sorted(set(score), reverse=True)]
        recall = [0.0, *((hit & step).sum() / hit.sum() for step in steps)]
        precisions.append(sum((hit & s).sum() / s.sum() * d for s, d in zip(steps, np.diff(recall), strict=True)))
    assert ours["roc_auc"] == pytest.approx(np.mean(areas))
    assert ours["pr_auc"] == pytest.approx(np.mean(precisions))


def frame(n: int = 400, months: int = 6) -> pl.DataFrame:
    rng = np.random.default_rng(4)
    share = rng.uniform(0, 1, n)
    return pl.DataFrame(
        {
            "month": [f"2025-0{1 + row % months}" for row in range(n)],
            "y": np.where(rng.uniform(0, 1, n) < share, "yes", "no"),
            "prediction": np.where(share > 0.5, "yes", "no"),
            "probability:no": 1 - share,
            "probability:yes": share,
        }
    )


def test_report_of_two_classes() -> None:
    report = evaluate(frame(), TASK)
    metrics = report["binary_classification_metrics"]
    assert metrics["f1"]["lower"] < metrics["f1"]["value"] < metrics["f1"]["upper"]
    assert "lower" not in metrics["roc_auc"]
    assert report["positive"] == "yes"
    assert sum(map(sum, report["confusion_matrix"])) == 400
    assert sum(point["n"] for point in report["calibration"]) == 400


def test_the_event_may_be_named() -> None:
    rows = frame()
    as_no = evaluate(rows, Task("classification", "y", "month", positive="no"))["binary_classification_metrics"]
    expected = ((rows["y"] == "no") & (rows["prediction"] == "no")).sum() / (rows["y"] == "no").sum()
    assert as_no["recall"]["value"] == pytest.approx(expected)
    with pytest.raises(UserError, match="no class of the model"):
        evaluate(rows, Task("classification", "y", "month", positive="maybe"))


def test_a_single_class_in_the_window_has_no_ranking() -> None:
    metrics = evaluate(frame().filter(pl.col("y") == "no"), TASK)["binary_classification_metrics"]
    assert metrics["roc_auc"]["value"] is None
    assert metrics["recall"]["value"] is None
    assert metrics["mcc"]["value"] == 0
    assert metrics["accuracy"]["value"] > 0.5


@pytest.mark.parametrize("label", ["maybe", None])
def test_a_class_that_the_model_does_not_know_is_refused(label: str | None) -> None:
    rows = frame(10).with_columns(pl.lit(label, dtype=pl.String).alias("y"))
    with pytest.raises(UserError, match="10 of 10 rows have a y that the model does not know"):
        evaluate(rows, TASK)


def test_a_probability_that_is_no_number_is_refused() -> None:
    with pytest.raises(UserError, match="not finite"):
        evaluate(frame(10).with_columns(pl.lit(np.nan).alias("probability:yes")), TASK)
