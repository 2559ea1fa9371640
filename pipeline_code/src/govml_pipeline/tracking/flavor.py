"""How MLflow loads the model: a module of this package opens the artefact's folder, so that nothing is unpickled.

MLflow's `python_function` flavour takes a loader module instead of a pickled object (MLflow documentation, "Custom Python
Models"); whoever loads the model needs this package, which the artefact brings as `code/<hash>.zip`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from govml_pipeline.model.artefact import Model, load_model


class LoadedModel:
    """What `mlflow.pyfunc.load_model` wraps.

    Args:
        model: the model.
    """

    def __init__(self, model: Model) -> None:
        self.model = model

    def predict(self, model_input: Any, params: dict[str, object] | None = None) -> Any:  # noqa: ARG002  MLflow's signature
        """Predict rows that keep the contract, in pandas frames, as MLflow hands and takes them; see the signature."""
        return self.model.predict(pl.from_pandas(model_input)).to_pandas()


def _load_pyfunc(data_path: str) -> LoadedModel:
    return LoadedModel(load_model(Path(data_path)))
