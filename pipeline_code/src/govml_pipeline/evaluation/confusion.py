"""Metrics of confusion matrices, any number of them at once.

Matthews correlation for several classes: Gorodkin 2004, Computational Biology and Chemistry 28, 367-374.
"""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from govml_pipeline.evaluation.bootstrap import ratio


def confusion_metrics(matrix: NDArray[np.float64], positive: int | None) -> dict[str, NDArray[np.float64]]:
    """Metrics of matrices of shape (..., k, k) with the truth in rows, each of shape (...).

    Args:
        matrix: numbers of rows by truth and prediction.
        positive: the class whose precision, recall and F1 are given; None: their mean over classes that occur.

    Returns:
        `accuracy`; `balanced_accuracy`, the mean recall of classes that occur in the truth; `precision`, NaN where
        nothing is predicted as the event; `recall`, NaN where no event is; `f1`; `mcc`, 0 where truth or prediction is
        constant, as scikit-learn has it. A class's precision or recall that is not defined counts as 0 in a mean.
    """
    hits = np.diagonal(matrix, axis1=-2, axis2=-1)
    truth, predicted, total = matrix.sum(axis=-1), matrix.sum(axis=-2), matrix.sum(axis=(-2, -1))
    precision, recall, f1 = ratio(hits, predicted), ratio(hits, truth), ratio(2 * hits, truth + predicted)
    balanced = nan_mean(recall)
    if positive is None:
        occurs = truth + predicted > 0
        precision, recall, f1 = (
            nan_mean(np.where(occurs, np.nan_to_num(part), np.nan)) for part in (precision, recall, f1)
        )
    else:
        precision, recall, f1 = precision[..., positive], recall[..., positive], f1[..., positive]
    right = hits.sum(axis=-1)
    covariance = right * total - (truth * predicted).sum(axis=-1)
    spread = (total**2 - (truth**2).sum(axis=-1)) * (total**2 - (predicted**2).sum(axis=-1))
    correlation = np.where(spread > 0, ratio(covariance, np.sqrt(np.maximum(spread, 0))), 0.0)
    return {
        "accuracy": ratio(right, total),
        "balanced_accuracy": balanced,
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "mcc": np.where(total > 0, correlation, np.nan),
    }


def nan_mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over the last axis of what is not NaN; NaN where nothing is left."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.asarray(np.nanmean(values, axis=-1))
