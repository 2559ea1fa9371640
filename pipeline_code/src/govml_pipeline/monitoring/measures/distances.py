"""Distances between two distributions: Jensen-Shannon over bins, Wasserstein over numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def jensen_shannon(baseline: NDArray[np.int64], current: NDArray[np.int64]) -> float | None:
    """Jensen-Shannon distance, 0 (same shares) to 1 (no bin in common); None if either side has no rows.

    The square root of the divergence to base 2, which is a metric: Endres and Schindelin 2003, IEEE Transactions on
    Information Theory 49(7), 1858-1860. Empty bins need no floor.

    Args:
        baseline: rows of each bin, shape (k,).
        current: rows of each bin, shape (k,).
    """
    from scipy.spatial.distance import jensenshannon

    if not baseline.sum() or not current.sum():
        return None
    return float(np.nan_to_num(jensenshannon(baseline, current, base=2)))  # rounding may make the root of -1e-17


def wasserstein(values: NDArray[np.float64], baseline: NDArray[np.int64], current: NDArray[np.int64]) -> float | None:
    """First Wasserstein distance in standard deviations of the baseline; infinities do not count.

    How far a number has to move on average to turn one distribution into the other (Ramdas, Garcia and Cuturi 2017,
    Entropy 19(2), 47, for the form in one dimension).

    Args:
        values: distinct numbers in ascending order, shape (k,).
        baseline: rows of each number, shape (k,).
        current: rows of each number, shape (k,).

    Returns:
        None if either side has no finite number, if the baseline is constant and the current rows are not all the same
        constant (there is no scale), or if the numbers are too large for their differences.
    """
    finite = np.isfinite(values)
    values, baseline, current = values[finite], baseline[finite], current[finite]
    if not baseline.sum() or not current.sum():
        return None
    p, q = baseline / baseline.sum(), current / current.sum()
    # Divided by the largest first: squares of large numbers would overflow.
    unit = float(np.abs(values).max()) or 1.0
    scaled = values / unit
    between = np.diff(scaled)
    distance = float(np.sum(np.abs(np.cumsum(p - q)[:-1]) * between))
    spread = float(np.sqrt(np.sum(p * (scaled - np.sum(p * scaled)) ** 2)))
    if np.count_nonzero(baseline) < 2 or not spread:
        return 0.0 if not distance else None
    return distance / spread
