"""Rows for algorithms, without a use case."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from govml_pipeline.model.algorithms.base import Labelled


def labelled(
    matrix: NDArray[np.float64], label: NDArray[np.float64] | None = None, *, classes: int = 0, categories: int = 0
) -> Labelled:
    """Rows with features `f0`, `f1`...; the first `categories` of them are category codes."""
    width = matrix.shape[1]
    return Labelled(
        matrix=matrix.astype(np.float32),
        names=tuple(f"f{column}" for column in range(width)),
        kinds=tuple("c" if column < categories else "q" for column in range(width)),
        label=np.full(len(matrix), np.nan) if label is None else label.astype(np.float64),
        classes=classes,
    )
