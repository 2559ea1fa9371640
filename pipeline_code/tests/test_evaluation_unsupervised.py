"""Metrics of anomaly detection and clustering, against scikit-learn and against their definitions."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govml_pipeline.errors import UserError
from govml_pipeline.evaluation.anomaly import anomaly_statistics, score_metrics
from govml_pipeline.evaluation.clustering import agreement, separation
from govml_pipeline.evaluation.measuring import Task, with_predictions
from govml_pipeline.evaluation.report import evaluate

SEEDS = st.integers(0, 2**32 - 1)


@settings(deadline=None, max_examples=60)
@given(SEEDS, st.integers(1, 60))
def test_anomalies_agree_with_scikit_learn(seed: int, n: int) -> None:
    from sklearn import metrics

    rng = np.random.default_rng(seed)
    event = rng.choice([0.0, 1.0, np.nan], n)
    score = rng.uniform(0, 1, n).round(1)
    flagged = score > 0.6
    known = np.isfinite(event)
    ours = anomaly_statistics(event, flagged).values()
    assert ours["flagged_share"] == pytest.approx(flagged.mean())
    for name, measure in (
        ("precision", metrics.precision_score),
        ("recall", metrics.recall_score),
        ("f1", metrics.f1_score),
    ):
        expected = measure(event[known] > 0, flagged[known], zero_division=np.nan) if known.any() else np.nan
        assert ours[name] is None if np.isnan(expected) else ours[name] == pytest.approx(expected)
    ranked = score_metrics(event, score)
    if len(np.unique(event[known])) < 2:
        assert ranked["pr_auc"] is None
    else:
        assert ranked["pr_auc"] == pytest.approx(metrics.average_precision_score(event[known] > 0, score[known]))
        assert ranked["precision_at_k"] == pytest.approx((event[known] > 0).mean())  # k is all rows here


def test_precision_at_k_looks_at_the_highest_scores() -> None:
    score = np.arange(1000.0)
    event = (score >= 950).astype(float)
    assert score_metrics(event, score)["precision_at_k"] == pytest.approx(0.5)
    assert score_metrics(event, score)["k"] == 100


def anomalies(n: int = 90) -> pl.DataFrame:
    score = np.linspace(0, 1, n)
    return pl.DataFrame(
        {
            "month": [f"2025-0{1 + row % 3}" for row in range(n)],
            "score": score,
            "prediction": score > 0.9,
            "y": np.where(score > 0.95, "fraud", "fine"),
        }
    )


def test_report_with_and_without_labels() -> None:
    labelled = evaluate(anomalies(), Task("anomaly", "y", "month", positive="fraud"))["anomaly_detection_metrics"]
    assert labelled["recall"]["value"] == 1.0
    assert labelled["precision"]["value"] == pytest.approx(5 / 9)
    bare = evaluate(anomalies().drop("y"), Task("anomaly", "", "month"))["anomaly_detection_metrics"]
    assert bare["flagged_share"]["value"] == pytest.approx(0.1)
    assert bare["precision"]["value"] is bare["recall"]["value"] is bare["pr_auc"]["value"] is None
    assert bare["score_q50"]["value"] == pytest.approx(0.5)
    assert bare["score_q99_9"]["value"] == pytest.approx(0.999, abs=1e-3)


def test_a_score_that_is_no_number_is_refused() -> None:
    with pytest.raises(UserError, match="score that is not finite"):
        evaluate(anomalies().with_columns(pl.lit(np.inf).alias("score")), Task("anomaly", "", "month"))


def test_agreement_follows_the_definitions() -> None:
    """Adjusted Rand by counting pairs; the V-measure is the harmonic mean, equal to NMI with arithmetic averaging."""
    rng = np.random.default_rng(0)
    labels, cluster = rng.integers(0, 3, 80), rng.integers(0, 4, 80)
    ours = agreement(labels, cluster)
    same_label, same_cluster = (values[:, None] == values[None, :] for values in (labels, cluster))
    upper = np.triu_indices(80, 1)
    a, b = same_label[upper], same_cluster[upper]
    expected = a.sum() * b.sum() / len(a)
    assert ours["ari"] == pytest.approx(((a & b).sum() - expected) / ((a.sum() + b.sum()) / 2 - expected))
    assert ours["v_measure"] == pytest.approx(ours["nmi"])
    assert agreement(labels, labels) == {"ari": 1.0, "nmi": pytest.approx(1.0), "v_measure": pytest.approx(1.0)}


def test_separation_follows_the_definitions() -> None:
    rng = np.random.default_rng(1)
    matrix = np.vstack([rng.normal(0, 1, (20, 2)), rng.normal(6, 1, (30, 2))]).astype(np.float32)
    cluster = np.repeat([0, 1], [20, 30])
    ours = separation(matrix, cluster)
    distance = np.sqrt(((matrix[:, None] - matrix[None]) ** 2).sum(-1))
    inner = np.array(
        [distance[row, cluster == cluster[row]].sum() / ((cluster == cluster[row]).sum() - 1) for row in range(50)]
    )
    outer = np.array([distance[row, cluster != cluster[row]].mean() for row in range(50)])
    assert ours["silhouette"] == pytest.approx(((outer - inner) / np.maximum(inner, outer)).mean(), rel=1e-5)
    centres = np.array([matrix[cluster == code].mean(axis=0) for code in (0, 1)])
    spread = [np.linalg.norm(matrix[cluster == code] - centres[code], axis=1).mean() for code in (0, 1)]
    assert ours["davies_bouldin"] == pytest.approx(sum(spread) / np.linalg.norm(centres[0] - centres[1]), rel=1e-5)
    between = sum((cluster == c).sum() * ((centres[c] - matrix.mean(axis=0)) ** 2).sum() for c in (0, 1))
    within = ((matrix - centres[cluster]) ** 2).sum()
    assert ours["calinski_harabasz"] == pytest.approx(between / within * 48, rel=1e-4)


def test_one_cluster_has_no_separation_but_sizes() -> None:
    rows = pl.DataFrame({"month": ["2025-01"] * 3, "prediction": [2, 2, 2], "distance": [1.0, 2.0, 3.0]})
    report = evaluate(rows, Task("clustering", "", "month"), matrix=np.zeros((3, 1), dtype=np.float32))
    metrics = report["clustering_metrics"]
    assert metrics["silhouette"]["value"] is None
    assert metrics["mean_distance"]["value"] == pytest.approx(2.0)
    assert report["sizes"] == {"2": 3}
    assert "ari" not in metrics


def test_the_silhouette_of_many_rows_is_that_of_a_fixed_sample() -> None:
    rng = np.random.default_rng(2)
    cluster = rng.integers(0, 2, 5000)
    matrix = (cluster[:, None] * 10 + rng.normal(0, 1, (5000, 2))).astype(np.float32)
    first, second = separation(matrix, cluster), separation(matrix, cluster)
    assert first == second
    assert first["silhouette"] > 0.8


def test_a_column_named_like_a_prediction_is_refused() -> None:
    rows, said = pl.DataFrame({"distance": [1.0]}), pl.DataFrame({"prediction": [0], "distance": [2.0]})
    with pytest.raises(UserError, match="the data has a column 'distance'"):
        with_predictions(rows, said)
    assert with_predictions(rows.rename({"distance": "way"}), said).columns == ["way", "prediction", "distance"]
