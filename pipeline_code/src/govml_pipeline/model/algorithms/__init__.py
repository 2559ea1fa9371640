"""The algorithms, by name. A module is imported when its algorithm is asked for: a job pays for its own imports."""

from __future__ import annotations

import importlib
from typing import Final

from govml_pipeline.errors import UserError
from govml_pipeline.model.algorithms.base import Algorithm

_MODULES: Final = {
    "isolation_forest": "govml_pipeline.model.algorithms.isolation_forest",
    "k_means": "govml_pipeline.model.algorithms.k_means",
    "xgboost": "govml_pipeline.model.algorithms.xgboost",
}


def load_algorithm(name: str) -> Algorithm:
    """Import an algorithm.

    Raises:
        UserError: there is no algorithm of this name.
    """
    if name not in _MODULES:
        raise UserError(f"there is no algorithm {name!r}", hint=f"known are {', '.join(sorted(_MODULES))}")
    algorithm: Algorithm = importlib.import_module(_MODULES[name]).ALGORITHM
    return algorithm
