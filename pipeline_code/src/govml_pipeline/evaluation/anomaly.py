"""Metrics of anomaly detection: with labels those of finding them, without labels how much is flagged and how scores lie."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from govml_pipeline.errors import UserError
from govml_pipeline.evaluation.bootstrap import Statistics, finite, ratio

#: How many of the highest scores a person looks at first; `precision_at_k` is the share of anomalies among them.
TOP: Final = 100
QUANTILES: Final = (0.5, 0.9, 0.95, 0.99, 0.999)


def anomaly_statistics(event: NDArray[np.float64], flagged: NDArray[np.bool_]) -> Statistics:
    """Sums behind `flagged_share` and, of the rows with a label, `precision`, `recall` and `f1`.

    Args:
        event: 1 for an anomaly, 0 for none, NaN where nobody knows, shape (n,).
        flagged: what the model says, shape (n,).
    """
    known = np.isfinite(event)
    anomaly = np.nan_to_num(event) > 0
    columns = (np.ones(len(event)), flagged, anomaly & flagged, flagged & known, anomaly)
    return Statistics(np.column_stack(columns).astype(np.float64), _from_sums)


def _from_sums(sums: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    count, flagged, found, flagged_known, anomalies = np.moveaxis(sums, -1, 0)
    return {
        "flagged_share": ratio(flagged, count),
        "precision": ratio(found, flagged_known),
        "recall": ratio(found, anomalies),
        "f1": ratio(2 * found, flagged_known + anomalies),
    }


def score_metrics(event: NDArray[np.float64], score: NDArray[np.float64]) -> dict[str, Any]:
    """Metrics of the ranking and of the scores; none is a sum over rows, so that none gets an interval.

    Args:
        event: as `anomaly_statistics`.
        score: higher is stranger, shape (n,).

    Returns:
        `pr_auc` (average precision) and `precision_at_k` of the rows with a label, None without both labels; `k`, at
        most 100; `labelled`, rows with a label; `score_q50` to `score_q99_9`.

    Raises:
        UserError: no rows, or a score that is not finite.
    """
    from sklearn import metrics

    if not len(score) or not np.isfinite(score).all():
        raise UserError("no rows, or a score that is not finite", hint="look at the model's predictions")
    known = np.isfinite(event)
    labels, scores = event[known] > 0, score[known]
    ranked = len(np.unique(labels)) == 2
    top = min(TOP, len(scores))
    highest = np.argsort(-scores, kind="stable")[:top]
    return {
        "pr_auc": finite(metrics.average_precision_score(labels, scores)) if ranked else None,
        "precision_at_k": float(labels[highest].mean()) if ranked else None,
        "k": float(top),
        "labelled": float(known.sum()),
        **{
            f"score_q{100 * level:g}".replace(".", "_"): float(np.quantile(score, level, method="linear"))
            for level in QUANTILES
        },
    }
