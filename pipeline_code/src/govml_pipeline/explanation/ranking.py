"""Features in the order of their influence, with the direction of it, and which of the first are so beyond chance."""

from __future__ import annotations

import warnings
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

#: A feature is stable if it is among the first so many in 95 of 100 resamples of the explained rows.
TOP: Final = 10
_RESAMPLES: Final = 100
_SHARE: Final = 0.95
_SEED: Final = 20170101


def ranking(
    names: tuple[str, ...],
    kinds: tuple[str, ...],
    matrix: NDArray[np.float32],
    values: NDArray[np.float64],
    meanings: dict[str, str],
) -> list[dict[str, Any]]:
    """Features by mean absolute contribution, the largest first.

    Args:
        names: names of the features, length p.
        kinds: `q` for quantities, `c` for category codes, length p.
        matrix: features, shape (n, p).
        values: contributions, shape (n, p).
        meanings: what a feature means, by name, where somebody has said so.

    Returns:
        For each feature `feature`, `mean_absolute` (the unit of the contributions), `share` of all of them, `direction`
        (rank correlation of value and contribution, -1 to 1; None for categories and constants), `stable`, `meaning`.
    """
    size = np.abs(values)
    mean = size.mean(axis=0)
    total = mean.sum()
    stable = _stable(size)
    return [
        {
            "feature": names[position],
            "mean_absolute": float(mean[position]),
            "share": float(mean[position] / total) if total > 0 else 0.0,
            "direction": _direction(matrix[:, position], values[:, position]) if kinds[position] == "q" else None,
            "stable": bool(stable[position]),
            "meaning": meanings.get(names[position]),
        }
        for position in np.argsort(-mean, kind="stable")
    ]


def _stable(size: NDArray[np.float64]) -> NDArray[np.bool_]:
    n, p = size.shape
    drawn = np.random.default_rng(_SEED).multinomial(n, np.full(n, 1 / n), size=_RESAMPLES) @ size
    first = np.argsort(-drawn, axis=1, kind="stable")[:, :TOP]
    share = np.bincount(first.ravel(), minlength=p) / _RESAMPLES
    return (share >= _SHARE) & (size.sum(axis=0) > 0)


def _direction(feature: NDArray[np.float32], contribution: NDArray[np.float64]) -> float | None:
    """Spearman's rank correlation over rows that have the feature."""
    from scipy.stats import spearmanr

    known = np.isfinite(feature)
    if known.sum() < 3:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a constant has no rank correlation
        found = float(spearmanr(feature[known], contribution[known]).statistic)
    return found if np.isfinite(found) else None
