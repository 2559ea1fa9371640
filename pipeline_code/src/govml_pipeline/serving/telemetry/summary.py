"""What metrics tell of predictions: numbers as they are, classes by name."""

from __future__ import annotations

from typing import Final

import numpy as np

from govml_pipeline.serving.inference import Predictions

#: Numbers of one request that enter the distribution at most, evenly spread over its rows: telling them takes 2 us each.
MOST: Final = 1000


def numbers(predictions: Predictions) -> list[float]:
    """Predicted numbers: values, scores of anomalies, distances to a cluster's centre; none of a classification."""
    kind, output = predictions.model.use_case.kind, predictions.output
    if kind == "classification":
        return []
    column = output if output.ndim == 1 else output[:, 1 if kind == "clustering" else 0]
    found: list[float] = column[:: -(-len(column) // MOST)].tolist()
    return found


def counts(predictions: Predictions) -> dict[str, int]:
    """How many rows got which class, cluster or flag; nothing of a prediction that is a number."""
    kind, output = predictions.model.use_case.kind, predictions.output
    if kind in ("regression", "timeseries"):
        return {}
    if kind == "classification":
        chosen, names = output.argmax(axis=1), predictions.model.labels.classes
    else:
        chosen = output[:, 1 if kind == "anomaly" else 0].astype(np.int64)
        names = ("false", "true") if kind == "anomaly" else ()
    positions, found = np.unique(chosen, return_counts=True)
    return {
        names[position] if names else str(position): count
        for position, count in zip(positions.tolist(), found.tolist(), strict=True)
    }
