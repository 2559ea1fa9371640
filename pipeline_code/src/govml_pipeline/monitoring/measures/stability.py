"""Population stability index: how far shares of bins have moved.

PSI = sum over bins of (q - p) ln(q / p), p and q the shares of the baseline and the current rows: the symmetrised
Kullback-Leibler divergence (Jeffreys). Credit scoring calls 0.1 a moderate and 0.25 a large shift (Siddiqi 2006, Credit Risk
Scorecards, chapter 9), whatever the number of rows; what chance alone makes of it is in `psi_by_chance`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

#: Share that stands for an empty bin, whose logarithm does not exist; the usual choice for large samples.
_FLOOR: Final = 1e-4


def psi(baseline: NDArray[np.int64], current: NDArray[np.int64]) -> float | None:
    """PSI of two counts of the same bins, shape (k,) each; None if either side has no rows.

    An empty bin counts as half a row, but as no less than a share of 0.0001: of few rows the latter would say too much.
    """
    if not baseline.sum() or not current.sum():
        return None
    p, q = _shares(baseline), _shares(current)
    return float(np.sum((q - p) * np.log(q / p)))


def psi_by_chance(bins: int, baseline_rows: int, current_rows: int, confidence: float = 0.95) -> float | None:
    """The PSI that two samples of one distribution stay under with this confidence.

    It is distributed as (1/n + 1/m) times chi-square with k - 1 degrees of freedom: Yurdakul and Naranjo 2020, Statistical
    properties of the population stability index, Journal of Risk Model Validation 14(4).

    Args:
        bins: k, the number of bins.
        baseline_rows: n.
        current_rows: m.
        confidence: between 0 and 1.
    """
    from scipy.stats import chi2

    if not baseline_rows or not current_rows:
        return None
    if bins < 2:
        return 0.0
    return float((1 / baseline_rows + 1 / current_rows) * chi2.ppf(confidence, bins - 1))


def _shares(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    shares: NDArray[np.float64] = counts / counts.sum()
    return np.where(counts == 0, max(_FLOOR, 0.5 / counts.sum()), shares)
