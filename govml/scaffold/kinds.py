"""What differs between the kinds of use case: algorithm, parameters, what is measured first, and what is accepted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from govml.scaffold.columns import Kind


@dataclass(frozen=True)
class Choices:
    """Defaults of one kind.

    Args:
        algorithm: name of the pipeline's algorithm.
        parameters: its parameters.
        search: values that tuning tries.
        settings: further arguments of the transformation's settings.
        headline: metric that people know the model by.
        criteria: default acceptance criteria.
        article: the kind in a sentence.
    """

    algorithm: str
    parameters: Mapping[str, Any]
    search: Mapping[str, tuple[Any, ...]]
    settings: Mapping[str, Any]
    headline: str
    criteria: Mapping[str, Mapping[str, float]]
    article: str


_TREES: Final = MappingProxyType(
    {"max_depth": 6, "eta": 0.1, "min_child_weight": 5, "subsample": 0.8, "colsample_bytree": 0.8}
)
_TREES_SEARCH: Final = MappingProxyType({"max_depth": (4, 6, 8), "eta": (0.05, 0.1), "min_child_weight": (1, 5, 20)})
_FOREST: Final = MappingProxyType({"n_estimators": 200, "max_samples": 256, "max_features": 1.0, "contamination": 0.03})

CHOICES: Final[Mapping[Kind, Choices]] = MappingProxyType(
    {
        "regression": Choices(
            "xgboost", _TREES, _TREES_SEARCH, {}, "regression_metrics.mae", {"r2": {"min": 0.3}}, "A regression"
        ),
        "timeseries": Choices(
            "xgboost", _TREES, _TREES_SEARCH, {}, "regression_metrics.mae", {"r2": {"min": 0.3}}, "A forecast of series"
        ),
        "classification": Choices(
            "xgboost", _TREES, _TREES_SEARCH, {}, "binary_classification_metrics.roc_auc", {"roc_auc": {"min": 0.65}},
            "A classification",
        ),
        "anomaly": Choices(
            "isolation_forest", _FOREST, {"n_estimators": (100, 200), "max_samples": (128, 256, 512)}, {},
            "anomaly_detection_metrics.flagged_share", {"flagged_share": {"max": 0.1}}, "Anomaly detection",
        ),
        "clustering": Choices(
            "k_means", {"n_clusters": 3, "n_init": 4}, {"n_clusters": (2, 3, 4, 5)}, {"scale": True},
            "clustering_metrics.silhouette", {"silhouette": {"min": 0.05}}, "A clustering",
        ),
    }
)  # fmt: skip


def choices(kind: Kind, classes: int) -> Choices:
    """Return the defaults of a kind; a target of more than two classes is measured as such."""
    chosen = CHOICES[kind]
    if kind == "classification" and classes > 2:
        several = {"accuracy": {"min": 0.4}}
        return Choices(
            **{**vars(chosen), "headline": "multiclass_classification_metrics.accuracy", "criteria": several}
        )
    return chosen
