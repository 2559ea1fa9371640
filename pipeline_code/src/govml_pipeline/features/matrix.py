"""The form in which a transformation hands rows to a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol, Self, runtime_checkable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from govml_pipeline.data.row_reader import Row

#: Up to so many rows, one by one costs less than a data frame: setting that up takes what some fifty rows take.
FEW: Final = 32


@dataclass(frozen=True)
class Features:
    """Features of n rows.

    Args:
        matrix: shape (n, p), missing values as NaN.
        baseline: shape (n,), what is already known of the target on the scale of the model's label.
    """

    matrix: NDArray[np.float32]
    baseline: NDArray[np.float64]


class Transformation(Protocol):
    """A fitted transformation: one artefact, used unchanged in training, evaluation and serving."""

    #: Names of the features, length p.
    names: tuple[str, ...]
    #: `q` for a quantity, `c` for a category code, length p (XGBoost's notation).
    kinds: tuple[str, ...]

    @classmethod
    def fit(cls, train: pl.DataFrame, history: pl.DataFrame) -> Self:
        """Fit on the training rows; `history` holds all rows, of which a row may only use strictly earlier months."""
        ...

    def transform(self, rows: pl.DataFrame) -> Features:
        """Return the features of validated rows; the target is not looked at."""
        ...

    def label(self, rows: pl.DataFrame, features: Features) -> NDArray[np.float64]:
        """What the model learns, shape (n,), from rows with a target."""
        ...

    def target(self, features: Features, output: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn the model's output back into the target's unit, shape (n,)."""
        ...

    def save(self, folder: Path) -> dict[str, Any]:
        """Write the state into a folder, as JSON and Parquet; return a summary for people."""
        ...

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a state.

        Raises:
            UserError: the state was written by another version of the format.
        """
        ...


@runtime_checkable
class RowTransformation(Protocol):
    """What a transformation may offer for requests of few rows, where setting a data frame up costs more than its work."""

    def transform_rows(self, rows: Sequence[Row]) -> Features:
        """Return what `transform` returns for the same rows, to the last bit.

        Args:
            rows: validated rows, value by column.

        Raises:
            ValueError: these rows need `transform`.
        """
        ...


def by_row(transformation: Transformation) -> RowTransformation | None:
    """Return the transformation if it can do few rows one by one.

    Not where a derived class has a `transform` of its own but no `transform_rows`: the two would say different things.
    """
    for kind in type(transformation).__mro__:
        if "transform_rows" in vars(kind):
            return transformation if isinstance(transformation, RowTransformation) else None
        if "transform" in vars(kind):
            break
    return None
