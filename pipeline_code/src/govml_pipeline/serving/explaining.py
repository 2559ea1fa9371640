"""Why a prediction is what it is: how much each feature moved it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from govml_pipeline.explanation.attribution import UNITS
from govml_pipeline.serving.errors import RequestError
from govml_pipeline.serving.inference import Predictions

#: Features that an explanation names; the others are summed up.
NAMED: Final = 8


def explanations(predictions: Predictions) -> list[dict[str, Any]]:
    """Explain each prediction by exact Shapley values.

    Args:
        predictions: n predictions.

    Returns:
        For each row `base`, `contributions` (`feature`, `value` or None for a category's code and what is missing,
        `contribution`; the largest first), `rest` (sum of the others) and `unit`; base, contributions and rest add up to
        the model's output in that unit.

    Raises:
        RequestError: the model's algorithm has no exact Shapley values.
    """
    matrix = predictions.features.matrix
    model = predictions.model
    found = model.fitted.contributions(matrix)
    if found is None:
        raise RequestError(
            "explanation_unavailable", f"{model.use_case.training.algorithm} has no exact contributions: ask without"
        )
    kinds, unit = model.transformation.kinds, UNITS.get(model.use_case.kind, "model output")
    rows = []
    for position, values in enumerate(found.values):
        largest = np.argsort(-np.abs(values), kind="stable")[:NAMED].tolist()
        contributions = [
            {
                "feature": found.names[feature],
                "value": _value(float(matrix[position, feature])) if kinds[feature] == "q" else None,
                "contribution": float(values[feature]),
            }
            for feature in largest
        ]
        rest = float(values.sum() - values[largest].sum())
        rows.append({"base": float(found.base[position]), "contributions": contributions, "rest": rest, "unit": unit})
    return rows


def _value(value: float) -> float | None:
    return value if np.isfinite(value) else None
