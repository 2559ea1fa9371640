"""A model's output as the columns that people and programs read, by the kind of the use case."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from govml_pipeline.usecase import Kind

PREDICTION = "prediction"
PROBABILITY = "probability:"


def prediction_columns(kind: Kind, classes: tuple[str, ...], output: NDArray[np.float64]) -> pl.DataFrame:
    """Name the columns of an output.

    Args:
        kind: kind of the use case.
        classes: classes of the target, in the order of the output's columns.
        output: `Fitted.output`; for regression and time series in the target's unit, shape (n,).

    Returns:
        Regression and time series: `prediction` (float). Classification: `prediction` (the class as text) and
        `probability:<class>` of each. Anomaly: `score` (higher is stranger) and `prediction` (bool). Clustering:
        `prediction` (int) and `distance`.
    """
    if kind == "classification":
        chosen = pl.Series(PREDICTION, [classes[position] for position in output.argmax(axis=1)], dtype=pl.String)
        shares = [pl.Series(f"{PROBABILITY}{name}", output[:, column]) for column, name in enumerate(classes)]
        return pl.DataFrame([chosen, *shares])
    if kind == "anomaly":
        return pl.DataFrame({"score": output[:, 0], PREDICTION: output[:, 1] > 0})
    if kind == "clustering":
        return pl.DataFrame({PREDICTION: output[:, 0].astype(np.int64), "distance": output[:, 1]})
    return pl.DataFrame({PREDICTION: output})


def prediction_values(kind: Kind, classes: tuple[str, ...], output: NDArray[np.float64]) -> list[Any]:
    """Return what `prediction_columns` holds, row by row: the number itself where it has one column, an object else."""
    if kind in ("regression", "timeseries"):
        numbers: list[Any] = output.tolist()
        return numbers
    if kind == "classification":
        names = [f"{PROBABILITY}{name}" for name in classes]
        chosen = output.argmax(axis=1).tolist()
        return [
            {PREDICTION: classes[position], **dict(zip(names, shares, strict=True))}
            for position, shares in zip(chosen, output.tolist(), strict=True)
        ]
    if kind == "anomaly":
        return [{"score": score, PREDICTION: flag > 0} for score, flag in output.tolist()]
    return [{PREDICTION: int(cluster), "distance": distance} for cluster, distance in output.tolist()]
