"""Shapley values of any function of features, by sampling orders in which the features become known.

Source: Strumbelj and Kononenko 2014, "Explaining prediction models and individual predictions with feature contributions",
Knowledge and Information Systems 41, 647-665; each order is followed by its reverse, which lowers the variance
(Mitchell et al. 2022, JMLR 23(43)). A feature that is not known yet has the value of a background row. Along one order
the changes add up to f(row) - f(background row), so the values add up exactly whatever the number of orders.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Function = Callable[[NDArray[np.float32]], NDArray[np.float64]]
_SEED: Final = 20170101


def sampled_shapley(
    function: Function, rows: NDArray[np.float32], background: NDArray[np.float32], orders: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Explain rows.

    Args:
        function: features of shape (m, p) to outputs of shape (m,).
        rows: rows to explain, shape (n, p).
        background: rows that stand for "not known", shape (b, p).
        orders: how many orders of the features, rounded up to an even number.

    Returns:
        Contributions of shape (n, p) and the base of each row, shape (n,), with
        `base + values.sum(axis=1) == function(rows)` up to rounding.
    """
    rng = np.random.default_rng(_SEED)
    n, p = rows.shape
    values, base = np.zeros((n, p)), np.zeros(n)
    half = (orders + 1) // 2
    for _ in range(half):
        order = rng.permutation(p)
        unknown = background[rng.integers(0, len(background), n)]
        for path in (order, order[::-1]):
            steps = np.repeat(unknown[None], p + 1, axis=0)
            for step, feature in enumerate(path, start=1):
                steps[step:, :, feature] = rows[:, feature]
            outputs = function(steps.reshape(-1, p)).reshape(p + 1, n)
            values[:, path] += np.diff(outputs, axis=0).T
            base += outputs[0]
    return values / (2 * half), base / (2 * half)


def permutation_importance(function: Function, rows: NDArray[np.float32], repeats: int = 5) -> NDArray[np.float64]:
    """Mean absolute change of the output when one feature is shuffled between rows, shape (p,).

    Breiman 2001, Machine Learning 45, measured it as a loss of accuracy; without a truth the change itself is taken.

    Args:
        function: features of shape (m, p) to outputs of shape (m,).
        rows: shape (n, p).
        repeats: shuffles of each feature.
    """
    rng = np.random.default_rng(_SEED)
    before = function(rows)
    change = np.zeros(rows.shape[1])
    for feature in range(rows.shape[1]):
        for _ in range(repeats):
            shuffled = rows.copy()
            shuffled[:, feature] = rng.permutation(shuffled[:, feature])
            change[feature] += np.abs(function(shuffled) - before).mean()
    return change / repeats
