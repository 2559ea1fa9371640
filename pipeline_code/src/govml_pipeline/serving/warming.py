"""A first prediction before anybody asks, so that the first caller does not wait for libraries to settle."""

from __future__ import annotations

from typing import Final

import numpy as np

from govml_pipeline.model.artefact import Model

_ROWS: Final = 4


def warm(model: Model) -> None:
    """Let the model answer for features that are all missing, few and one by one; what comes out is of no interest."""
    missing = np.full((_ROWS, len(model.transformation.names)), np.nan, dtype=np.float32)
    model.fitted.output(missing)
    model.fitted.output(missing[:1])
