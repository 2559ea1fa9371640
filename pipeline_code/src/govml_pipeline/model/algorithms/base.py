"""What an algorithm has to offer, and the forms in which it is given rows and gives back what it found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from govml_pipeline.errors import UserError
from govml_pipeline.usecase import Kind, TrainingSettings


@dataclass(frozen=True)
class Labelled:
    """Features of n rows with what is to be learnt about them.

    Args:
        matrix: shape (n, p), missing values as NaN.
        names: names of the features, length p.
        kinds: `q` for a quantity, `c` for a category code, length p.
        label: shape (n,): a number, or the position of the row's class; NaN throughout where nothing is labelled.
        weight: shape (n,), or None: all rows count the same.
        classes: number of classes; 0 where the label is no class.
    """

    matrix: NDArray[np.float32]
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    label: NDArray[np.float64]
    weight: NDArray[np.float64] | None = None
    classes: int = 0


@dataclass(frozen=True)
class Trial:
    """Outcome of one set of parameters.

    Args:
        parameters: the parameters, without seed.
        rounds: how many trees or iterations were best.
        score: measured on the validation rows; less is better.
        metric: what the score is.
    """

    parameters: dict[str, Any]
    rounds: int
    score: float
    metric: str


@dataclass(frozen=True)
class Contributions:
    """How much each feature moved each output away from the base (Shapley values).

    Args:
        names: names of the features, length p.
        values: shape (n, p), on the scale of the model's output: the label's for numbers, log-odds for two classes, the
            predicted class's margin for several.
        base: shape (n,): output of the model before any feature is known; `base + values.sum(axis=1)` is the output.
    """

    names: tuple[str, ...]
    values: NDArray[np.float64]
    base: NDArray[np.float64]


class Fitted(Protocol):
    """A fitted model of one algorithm."""

    def output(self, matrix: NDArray[np.float32]) -> NDArray[np.float64]:
        """What the model says about features of shape (n, p).

        Returns:
            Shape (n,) for numbers; (n, classes) probabilities; (n, 2) of strangeness (higher is stranger) and whether
            that is beyond the threshold (0 or 1); (n, 2) of cluster and distance to its centre.
        """
        ...

    def contributions(self, matrix: NDArray[np.float32]) -> Contributions | None:
        """Shapley values of features of shape (n, p); None where the algorithm has no exact ones."""
        ...

    def save(self, folder: Path) -> None:
        """Write the model into a folder, as files that hold nothing but data."""
        ...


class Algorithm(Protocol):
    """An algorithm: finds rounds and score of parameters, fits, and loads what it saved."""

    #: Kinds of use case that it is for.
    kinds: tuple[Kind, ...]
    #: Whether several hosts can fit one model together (`model.distributed`).
    distributed: bool

    def library(self) -> str:
        """Name and version of the library that fits."""
        ...

    def search(
        self, train: Labelled, validation: Labelled, parameters: dict[str, Any], settings: TrainingSettings, seed: int
    ) -> Trial:
        """Fit on the training rows and measure on the validation rows.

        Raises:
            UserError: the rows do not allow it.
        """
        ...

    def fit(self, rows: Labelled, parameters: dict[str, Any], rounds: int, seed: int) -> Fitted:
        """Fit once; same rows, parameters and seed give the same bytes when saved.

        Raises:
            UserError: the rows do not allow it.
        """
        ...

    def load(self, folder: Path) -> Fitted:
        """Load what `Fitted.save` wrote."""
        ...


def complete(rows: Labelled, algorithm: str) -> NDArray[np.float32]:
    """Return the matrix of rows without missing values, for algorithms that know none.

    Raises:
        UserError: a value is missing or infinite; names the feature.
    """
    bad = ~np.isfinite(rows.matrix).all(axis=0)
    if bad.any():
        raise UserError(
            f"{algorithm} needs complete features: {rows.names[int(bad.argmax())]!r} has missing values",
            hint="let the transformation fill them in, as features.tabular does",
        )
    return rows.matrix
