"""The reports of a run as flat names and numbers, which is what MLflow compares runs by."""

from __future__ import annotations

from typing import Any

#: The metric of each kind by which segments are compared.
HEADLINE = {
    "regression": "mape",
    "timeseries": "mape",
    "classification": "f1",
    "anomaly": "f1",
    "clustering": "silhouette",
}


def overall(evaluation: dict[str, Any]) -> dict[str, Any]:
    """Return the metrics over all rows: the one group whose name ends in `_metrics`, as SageMaker names them."""
    return next(group for name, group in evaluation.items() if name.endswith("_metrics"))


def headline(evaluation: dict[str, Any]) -> str:
    """Name of the metric that stands for the model; the first there is, if the kind's own could not be computed."""
    wanted, found = HEADLINE.get(evaluation.get("kind", "regression"), "mape"), overall(evaluation)
    return wanted if wanted in found else next(iter(found))


def metrics_of(evaluation: dict[str, Any], validation: dict[str, Any], training: dict[str, Any]) -> dict[str, float]:
    """Flatten the reports: `test_<metric>` with its interval's ends, the headline of each segment, score and row counts.

    Args:
        evaluation: report of the step Evaluate.
        validation: report of the step Validate.
        training: the model's account of its training.
    """
    metrics: dict[str, Any] = {}
    for name, entry in overall(evaluation).items():
        metrics[f"test_{name}"] = entry.get("value")
        metrics |= {f"test_{name}_{end}": entry[end] for end in ("lower", "upper") if entry.get(end) is not None}
    metrics[f"validation_{training['validation_metric']}"] = training["validation_score"]
    metrics["rows_accepted"] = validation["dataset"]["rows_accepted"]
    metrics["rows_quarantined"] = validation["dataset"]["rows_quarantined"]
    name = headline(evaluation)
    for segment, values in evaluation.get("segments", {}).items():
        for value, numbers in values.items():
            entry = numbers.get(name)
            metrics[f"test_{name}.{segment}.{_plain(value)}"] = entry["value"] if isinstance(entry, dict) else entry
    return {name: float(value) for name, value in metrics.items() if isinstance(value, int | float)}


def _plain(value: str) -> str:
    """Return a category's name in the characters that MLflow takes in a metric's name."""
    return "".join(letter if letter.isalnum() or letter in "_-. /" else "_" for letter in value)
