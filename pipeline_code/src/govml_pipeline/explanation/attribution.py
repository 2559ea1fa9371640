"""Contributions of a model's features on a sample: exact where the algorithm has them, sampled where it has none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from govml_pipeline.explanation.shapley import Function, permutation_importance, sampled_shapley
from govml_pipeline.model.artefact import Model

#: Rows that are explained: at most so many by exact values, and so many by sampling. The time of TreeSHAP grows with rows,
#: trees and the square of their depth: 150 trees of depth 8 took 2.4 ms a row on two busy cores.
EXACT_ROWS: Final = 500
SAMPLED_ROWS: Final = 100
_ORDERS: Final = 16
_SEED: Final = 20170101


@dataclass(frozen=True)
class Attribution:
    """Contributions on a sample of rows.

    Args:
        method: how they were found, for people.
        unit: what is explained, with its scale.
        names: names of the features, length p.
        kinds: `q` or `c`, length p.
        rows: position of each explained row, shape (n,).
        matrix: features of the explained rows, shape (n, p).
        values: contributions, shape (n, p).
        base: output before any feature is known, shape (n,).
        output: what the model says on the same scale, shape (n,); None: it cannot be had apart from the contributions.
        importance: permutation importance, shape (p,), where the contributions are sampled.
    """

    method: str
    unit: str
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: NDArray[np.int64]
    matrix: NDArray[np.float32]
    values: NDArray[np.float64]
    base: NDArray[np.float64]
    output: NDArray[np.float64] | None
    importance: NDArray[np.float64] | None = None

    @property
    def largest_gap(self) -> float | None:
        """Largest difference between base plus contributions and output, relative to the spread of the outputs."""
        if self.output is None:
            return None
        gap = np.abs(self.base + self.values.sum(axis=1) - self.output).max()
        return float(gap / max(float(np.ptp(self.output)), 1e-9))


def attribute(model: Model, rows: pl.DataFrame) -> Attribution:
    """Explain a fixed sample of rows.

    Args:
        model: the model.
        rows: validated rows, at least one.
    """
    chosen = sample(rows.height, EXACT_ROWS)
    part = rows[chosen.tolist()]
    matrix = model.transformation.transform(part).matrix
    exact = model.contributions(part)
    if exact is not None:
        return Attribution(
            "exact Shapley values of the trees (TreeSHAP)",
            UNITS.get(model.use_case.kind, "model output"),
            exact.names,
            model.transformation.kinds,
            chosen,
            matrix,
            exact.values,
            exact.base,
            _raw_output(model, matrix),
        )
    explained = sample(len(chosen), SAMPLED_ROWS)

    def function(features: NDArray[np.float32]) -> NDArray[np.float64]:
        return first_output(model, features)

    return sampled(function, model, chosen[explained], matrix[explained], background=matrix)


UNITS: Final = {
    "regression": "output of the trees, on the scale of the label",
    "timeseries": "output of the trees, on the scale of the label",
    "classification": "log-odds",
}


def sampled(
    function: Function,
    model: Model,
    positions: NDArray[np.int64],
    matrix: NDArray[np.float32],
    *,
    background: NDArray[np.float32],
) -> Attribution:
    """Explain rows by sampling; arguments as of `Attribution` and `sampled_shapley`."""
    values, base = sampled_shapley(function, matrix, background, _ORDERS)
    what = {"anomaly": "strangeness", "clustering": "distance to the centre"}.get(model.use_case.kind, "model output")
    return Attribution(
        f"sampled Shapley values ({_ORDERS} orders of the features) and permutation importance",
        what,
        model.transformation.names,
        model.transformation.kinds,
        positions,
        matrix,
        values,
        base,
        function(matrix),
        permutation_importance(function, background),
    )


def first_output(model: Model, matrix: NDArray[np.float32]) -> NDArray[np.float64]:
    """The number that is explained, shape (n,): strangeness, distance to the own centre, or the output itself."""
    output = model.fitted.output(matrix)
    if output.ndim == 1:
        return output
    return output[:, 1] if model.use_case.kind == "clustering" else output[:, 0]


def _raw_output(model: Model, matrix: NDArray[np.float32]) -> NDArray[np.float64] | None:
    """Output on the scale of exact contributions; for several classes it is no function of the probabilities."""
    output = model.fitted.output(matrix)
    if output.ndim == 1:
        return output
    if output.shape[1] != 2:
        return None
    return np.asarray(np.log(output[:, 1]) - np.log(output[:, 0]))


def sample(rows: int, most: int) -> NDArray[np.int64]:
    """Positions of at most so many rows, the same at every call, in order."""
    if rows <= most:
        return np.arange(rows)
    return np.sort(np.random.default_rng(_SEED).choice(rows, most, replace=False))
