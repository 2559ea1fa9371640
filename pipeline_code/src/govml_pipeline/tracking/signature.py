"""The model's signature in MLflow's terms: which columns go in by the data contract, and which come out by the kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from govml_pipeline.model.artefact import Model
from govml_pipeline.model.predictions import prediction_columns

if TYPE_CHECKING:
    from mlflow.models import ModelSignature

_TYPES: Final = {"month": "string", "category": "string", "text": "string", "integer": "long", "decimal": "double"}
_OUTPUTS: Final = {pl.String: "string", pl.Float64: "double", pl.Int64: "long", pl.Boolean: "boolean"}


def signature_of(model: Model) -> ModelSignature:
    """Return the signature of a loaded model; the target is no input."""
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema

    contract, kind, classes = model.use_case.contract, model.use_case.kind, model.labels.classes
    inputs = [
        ColSpec(_TYPES[column.kind], column.name, required=column.required)
        for column in contract.columns
        if column.name != contract.target
    ]
    # The columns of an answer to one row, whatever it says.
    output = np.zeros(1) if kind in ("regression", "timeseries") else np.zeros((1, max(2, len(classes))))
    answer = prediction_columns(kind, classes, output)
    outputs = [ColSpec(_OUTPUTS[column.dtype.base_type()], column.name) for column in answer.get_columns()]
    return ModelSignature(inputs=Schema(inputs), outputs=Schema(outputs))
