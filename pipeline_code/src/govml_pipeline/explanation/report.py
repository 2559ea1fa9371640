"""The explanation report: features in the order of their influence, and single predictions taken apart."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl

from govml_pipeline.evaluation.bootstrap import finite
from govml_pipeline.evaluation.measuring import PREDICTION
from govml_pipeline.explanation.attribution import Attribution, attribute
from govml_pipeline.explanation.ranking import ranking
from govml_pipeline.model.artefact import Model

#: Base and contributions of single precision add up to the output within this, relative to the spread of outputs.
TOLERANCE: Final = 1e-4
_SHOWN: Final = 8


def explanation_report(model: Model, frame: pl.DataFrame, meanings: dict[str, str]) -> dict[str, Any]:
    """Explain a model on test rows.

    Args:
        model: the model.
        frame: test rows with the columns of `Model.predict`.
        meanings: what a feature means, by name, where somebody has said so; the contract's descriptions are taken else.

    Returns:
        `method`, `unit`, `rows` explained, `features` (see `ranking`), `importance` by permutation where the values are
        sampled, `examples`, and `additivity`: whether base and contributions add up to the output.
    """
    found = attribute(model, frame)
    described = {column.name: column.description for column in model.use_case.contract.columns if column.description}
    gap = found.largest_gap
    report: dict[str, Any] = {
        "method": found.method,
        "unit": found.unit,
        "rows": len(found.rows),
        "base": float(found.base.mean()),
        "features": ranking(found.names, found.kinds, found.matrix, found.values, {**described, **meanings}),
        "additivity": {"largest_gap": gap, "holds": None if gap is None else gap <= TOLERANCE},
        "examples": _examples(found, frame, model),
    }
    if found.importance is not None:
        report["importance"] = dict(zip(found.names, map(float, found.importance), strict=True))
    return report


def _examples(found: Attribution, frame: pl.DataFrame, model: Model) -> list[dict[str, Any]]:
    """A low, a middle and a high output among the explained rows, with what moved them most."""
    output = found.base + found.values.sum(axis=1)
    order = np.argsort(output, kind="stable")
    picked = [order[int(share * (len(order) - 1))] for share in (0.05, 0.5, 0.95)]
    inputs = [name for name in model.use_case.contract.inputs.names if name in frame.columns]
    examples = []
    for title, position in zip(("low", "middle", "high"), picked, strict=True):
        row = frame.row(int(found.rows[position]), named=True)
        values = found.values[position]
        largest = np.argsort(-np.abs(values), kind="stable")[:_SHOWN]
        examples.append(
            {
                "example": title,
                "inputs": {name: row[name] for name in inputs},
                "prediction": row[PREDICTION],
                "base": float(found.base[position]),
                "output": float(output[position]),
                "contributions": [
                    {
                        "feature": found.names[feature],
                        "value": _value(found, position, feature),
                        "contribution": float(values[feature]),
                    }
                    for feature in largest
                ],
                "rest": float(values.sum() - values[largest].sum()),
            }
        )
    return examples


def _value(found: Attribution, position: int, feature: int) -> float | None:
    """The feature's value; None for category codes, whose number means nothing, and for missing ones."""
    return finite(found.matrix[position, feature]) if found.kinds[feature] == "q" else None
