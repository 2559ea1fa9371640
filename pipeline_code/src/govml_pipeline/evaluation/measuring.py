"""A frame of predictions made ready for measuring, by the kind of the use case."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from govml_pipeline.errors import UserError
from govml_pipeline.evaluation import anomaly, classification, clustering, regression, timeseries
from govml_pipeline.evaluation.bootstrap import Statistics
from govml_pipeline.usecase import Kind

PREDICTION = "prediction"


@dataclass(frozen=True)
class Task:
    """What is measured.

    Args:
        kind: kind of the use case.
        target: column with the truth; empty: there is none.
        time_column: column with `YYYY-MM`.
        positive: the value that counts as the event; None: the last in sorted order.
        series: columns that tell time series apart.
    """

    kind: Kind
    target: str
    time_column: str
    positive: str | None = None
    series: tuple[str, ...] = ()


@dataclass(frozen=True)
class Measured:
    """Statistics of rows, with what is not a function of sums.

    Args:
        group: name of the metrics group, as SageMaker names those that it knows.
        statistics: the sums.
        whole: metrics without interval.
        units: unit of a metric, where it has one.
        more: further parts of the report.
    """

    group: str
    statistics: Statistics
    whole: dict[str, float | None]
    units: dict[str, str] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)


def with_predictions(rows: pl.DataFrame, predictions: pl.DataFrame) -> pl.DataFrame:
    """Rows beside what the model says about them.

    Raises:
        UserError: a column of the rows has the name of a prediction's.
    """
    twice = [name for name in predictions.columns if name in rows.columns]
    if twice:
        raise UserError(
            f"the data has a column {twice[0]!r}, which is what a column of the predictions is called",
            hint="give the column another name in the data contract",
        )
    return pl.concat([rows, predictions], how="horizontal")


def measure(
    frame: pl.DataFrame, task: Task, *, matrix: NDArray[np.float32] | None = None, scale: float | None = None
) -> Measured:
    """Make the statistics of a frame of predictions.

    Args:
        frame: rows with the columns of `Model.predict`, at least one row.
        task: what is measured.
        matrix: features of the rows, shape (n, p): what distances between clusters are measured on.
        scale: error of the naive forecast (time series), see `timeseries.naive_scale`.

    Raises:
        UserError: no rows, or something in them that cannot be measured.
    """
    if frame.is_empty():
        raise UserError("there is no row to measure", hint="give the test window months that have rows")
    if task.kind == "classification":
        return _classification(frame, task)
    if task.kind == "anomaly":
        return _anomaly(frame, task)
    if task.kind == "clustering":
        return _clustering(frame, task, matrix)
    truth, predicted = (frame[name].cast(pl.Float64).fill_null(np.nan).to_numpy() for name in (task.target, PREDICTION))
    units = {**regression.UNITS, "smape": "percent", "mase": "naive forecast"}
    statistics = (
        regression.regression_statistics(truth, predicted)
        if task.kind == "regression"
        else timeseries.timeseries_statistics(truth, predicted, scale=scale)
    )
    whole = {
        "mdape": regression.median_percentage_error(truth, predicted),
        "zero_truths": float((truth == 0).sum()),
    }
    return Measured("regression_metrics", statistics, whole, units)


def _classification(frame: pl.DataFrame, task: Task) -> Measured:
    classes = classification.classes_of(frame)
    positive = positive_of(classes, task)
    truth, predicted = (classification.codes(frame[name], classes) for name in (task.target, PREDICTION))
    probabilities = frame.select(f"{classification.PROBABILITY}{name}" for name in classes).to_numpy()
    statistics = classification.classification_statistics(truth, predicted, probabilities, positive)
    confusion = np.bincount(truth * len(classes) + predicted, minlength=len(classes) ** 2)
    confidence, right = classification.top_label(truth, probabilities, positive)
    return Measured(
        "binary_classification_metrics" if len(classes) == 2 else "multiclass_classification_metrics",
        statistics,
        classification.ranking_metrics(truth, probabilities, positive),
        more={
            "classes": list(classes),
            "positive": classes[positive] if len(classes) == 2 else None,
            "confusion_matrix": confusion.reshape(len(classes), -1).tolist(),
            "calibration": classification.reliability(confidence, right),
        },
    )


def positive_of(classes: tuple[str, ...], task: Task) -> int:
    """Position of the class that counts as the event."""
    if task.positive is not None and task.positive not in classes:
        raise UserError(
            f"{task.positive!r}, which counts as the event, is no class of the model: {', '.join(classes)}",
            hint="mend `positive` of the use case",
        )
    return classes.index(task.positive) if task.positive is not None else len(classes) - 1


def _anomaly(frame: pl.DataFrame, task: Task) -> Measured:
    event = np.full(frame.height, np.nan)
    if task.target:
        text = frame[task.target].cast(pl.String)
        positive = task.positive if task.positive is not None else text.drop_nulls().max()
        event = (text == positive).cast(pl.Float64).fill_null(np.nan).to_numpy()
    flagged, score = frame[PREDICTION].to_numpy(), frame["score"].to_numpy()
    whole = anomaly.score_metrics(event, score)
    return Measured("anomaly_detection_metrics", anomaly.anomaly_statistics(event, flagged), whole)


def _clustering(frame: pl.DataFrame, task: Task, matrix: NDArray[np.float32] | None) -> Measured:
    cluster = frame[PREDICTION].cast(pl.Int64).to_numpy()
    whole: dict[str, float | None] = {**clustering.separation(matrix, cluster)}
    if task.target:
        whole |= clustering.agreement(frame[task.target].cast(pl.String).fill_null("").to_numpy(), cluster)
    numbers, sizes = np.unique(cluster, return_counts=True)
    whole["clusters"] = float(len(numbers))
    return Measured(
        "clustering_metrics",
        clustering.cluster_statistics(cluster, frame["distance"].to_numpy()),
        whole,
        more={"sizes": {str(number): int(size) for number, size in zip(numbers, sizes, strict=True)}},
    )
