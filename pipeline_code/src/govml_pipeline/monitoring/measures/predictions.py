"""Prediction drift: the columns of a model's answers as features, so that the measures of data drift apply to them."""

from __future__ import annotations

from typing import Final

from govml_pipeline.model.predictions import PREDICTION, PROBABILITY
from govml_pipeline.monitoring.sketches.profile import FeatureKind
from govml_pipeline.usecase import Kind

_KINDS: Final[dict[Kind, dict[str, FeatureKind]]] = {
    "regression": {PREDICTION: "number"},
    "timeseries": {PREDICTION: "number"},
    "classification": {PREDICTION: "category"},
    "anomaly": {PREDICTION: "category", "score": "number"},
    "clustering": {PREDICTION: "category", "distance": "number"},
}


def prediction_features(kind: Kind, classes: tuple[str, ...] = ()) -> dict[str, FeatureKind]:
    """Kinds of the columns of `Model.predict`, to profile predictions with.

    Args:
        kind: kind of the use case.
        classes: classes of a classification, each of whose probabilities is a number.
    """
    return {**_KINDS[kind], **{f"{PROBABILITY}{name}": "number" for name in classes}}
