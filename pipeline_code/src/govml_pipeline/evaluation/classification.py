"""Classification metrics: those of the confusion matrix as functions of sums, rankings and curves by scikit-learn.

Expected calibration error: Naeini, Cooper and Hauskrecht 2015, AAAI; 15 bins of equal width as in Guo et al. 2017, ICML.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from govml_pipeline.errors import UserError
from govml_pipeline.evaluation.bootstrap import Statistics, finite, ratio
from govml_pipeline.evaluation.confusion import confusion_metrics

BINS: Final = 15
PROBABILITY: Final = "probability:"
#: What probabilities of zero count as in the log loss, as scikit-learn does for 64 bits.
_SMALLEST: Final = float(np.finfo(np.float64).eps)


def classes_of(frame: pl.DataFrame) -> tuple[str, ...]:
    """Classes that a frame has columns of probabilities for, in their order."""
    return tuple(name.removeprefix(PROBABILITY) for name in frame.columns if name.startswith(PROBABILITY))


def codes(values: pl.Series, classes: tuple[str, ...]) -> NDArray[np.int64]:
    """Position of each value among the classes, shape (n,).

    Raises:
        UserError: a value is missing or of no known class.
    """
    text = values.cast(pl.String)
    unknown = text.filter(~text.is_in(list(classes)) | text.is_null())
    if unknown.len():
        raise UserError(
            f"{unknown.len():,} of {text.len():,} rows have a {values.name} that the model does not know, "
            f"as {unknown[0]!r}; known are {', '.join(classes)}",
            hint="train on months that hold every class",
        )
    positions = {name: position for position, name in enumerate(classes)}
    return text.replace_strict(positions, return_dtype=pl.Int64).to_numpy()


def classification_statistics(
    truth: NDArray[np.int64], predicted: NDArray[np.int64], probabilities: NDArray[np.float64], positive: int
) -> Statistics:
    """Sums behind all metrics but those of rankings.

    Args:
        truth: class of each row, shape (n,), 0 to k - 1.
        predicted: predicted class, shape (n,).
        probabilities: shape (n, k).
        positive: the class that counts as the event, of two; ignored of more, where precision, recall and F1 are the
            unweighted means over classes that occur in truth or prediction.

    Raises:
        UserError: no rows, or a probability that is not finite.
    """
    n, k = probabilities.shape
    if not n or not np.isfinite(probabilities).all():
        raise UserError("no rows, or a probability that is not finite", hint="look at the model's predictions")
    cells = np.zeros((n, k * k))
    cells[np.arange(n), truth * k + predicted] = 1
    chosen = np.clip(probabilities[np.arange(n), truth], _SMALLEST, 1)
    # With two classes the score of the event alone, as Brier had it for yes and no; with more, summed over classes.
    wrong = ((probabilities - np.eye(k)[truth]) ** 2).sum(axis=1) / (2 if k == 2 else 1)
    confidence, right = top_label(truth, probabilities, positive)
    bin_of = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    bins = np.zeros((n, BINS))
    bins[np.arange(n), bin_of] = confidence - right
    columns = [np.ones(n), -np.log(chosen), wrong, bins, cells]

    def measures(sums: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
        count = sums[..., 0]
        gaps = np.abs(sums[..., 3 : 3 + BINS]).sum(axis=-1)
        matrix = sums[..., 3 + BINS :].reshape(*sums.shape[:-1], k, k)
        return {
            **confusion_metrics(matrix, positive if k == 2 else None),
            "log_loss": ratio(sums[..., 1], count),
            "brier": ratio(sums[..., 2], count),
            "expected_calibration_error": ratio(gaps, count),
        }

    return Statistics(np.column_stack(columns), measures)


def top_label(
    truth: NDArray[np.int64], probabilities: NDArray[np.float64], positive: int
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """What is to be calibrated: the event's probability and whether it came, with two classes; else the top class's."""
    if probabilities.shape[1] == 2:
        return probabilities[:, positive], truth == positive
    top = probabilities.argmax(axis=1)
    return probabilities[np.arange(len(top)), top], truth == top


def ranking_metrics(
    truth: NDArray[np.int64], probabilities: NDArray[np.float64], positive: int
) -> dict[str, float | None]:
    """`roc_auc` and `pr_auc` (average precision), None for a single class; the mean over the classes that occur, of more.

    Ranks are no sums over rows: these two get no interval.
    """
    from sklearn import metrics

    found = np.unique(truth)
    if len(found) < 2:
        return {"roc_auc": None, "pr_auc": None}
    events = [positive] if probabilities.shape[1] == 2 else [int(code) for code in found]
    roc = [metrics.roc_auc_score(truth == event, probabilities[:, event]) for event in events]
    area = [metrics.average_precision_score(truth == event, probabilities[:, event]) for event in events]
    return {"roc_auc": finite(np.mean(roc)), "pr_auc": finite(np.mean(area))}


def reliability(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> list[dict[str, Any]]:
    """The calibration curve: rows, mean confidence and share of hits of each bin that holds rows."""
    bin_of = np.minimum((confidence * BINS).astype(np.int64), BINS - 1)
    return [
        {
            "n": int((bin_of == code).sum()),
            "confidence": float(confidence[bin_of == code].mean()),
            "frequency": float(right[bin_of == code].mean()),
        }
        for code in np.unique(bin_of)
    ]
