"""Tests of whether two samples may come from one distribution: Kolmogorov-Smirnov for numbers, chi-square for categories.

A p-value answers whether there is any difference, not whether it matters: with a million rows the smallest one is found.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

#: Up to so many rows a side the p-value of Kolmogorov-Smirnov is exact; beyond, the limit distribution is close.
_EXACT_ROWS: Final = 1000
#: From so many effective rows on, scipy's distribution for a finite number of them takes long (0.7 s at 10^6 rows a side),
#: and the limit with Stephens' correction is within 1 % of it.
_LIMIT_ROWS: Final = 10_000


@dataclass(frozen=True)
class TestResult:
    """Result of a test.

    Args:
        statistic: the test's statistic.
        p_value: how often chance alone makes one as large, 0 to 1.
    """

    __test__ = False  # no test class of pytest's

    statistic: float
    p_value: float


def kolmogorov_smirnov(baseline: NDArray[np.int64], current: NDArray[np.int64]) -> TestResult | None:
    """Largest distance between both distribution functions, 0 to 1, with its p-value; None if either side has no rows.

    With ties, the p-value is too large, never too small (Conover 1999, Practical Nonparametric Statistics, 6.3).

    Args:
        baseline: rows of each number, in the order of the numbers, shape (k,).
        current: rows of each number, shape (k,).
    """
    from scipy import stats
    from scipy.special import kolmogorov

    n, m = int(baseline.sum()), int(current.sum())
    if not n or not m:
        return None
    if max(n, m) <= _EXACT_ROWS:
        ranks = np.arange(len(baseline))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # where the exact one cannot be had, scipy takes the limit distribution
            found = stats.ks_2samp(np.repeat(ranks, baseline), np.repeat(ranks, current), method="exact")
        return TestResult(float(found.statistic), float(found.pvalue))
    distance = float(np.abs(np.cumsum(baseline) / n - np.cumsum(current) / m).max())
    effective = max(round(n / (n + m) * m), 1)
    if effective < _LIMIT_ROWS:
        p_value = stats.kstwo.sf(distance, effective)  # as scipy's `ks_2samp` does
    else:
        root = math.sqrt(effective)
        # Stephens 1970, Journal of the Royal Statistical Society B 32(1), 115-122.
        p_value = kolmogorov((root + 0.12 + 0.11 / root) * distance)
    return TestResult(distance, float(np.clip(p_value, 0.0, 1.0)))


def chi_square(baseline: NDArray[np.int64], current: NDArray[np.int64]) -> TestResult | None:
    """Pearson's chi-square test of homogeneity, without continuity correction; None if either side has no rows.

    Args:
        baseline: rows of each category, shape (k,), no category empty on both sides.
        current: rows of each category, shape (k,).
    """
    from scipy.stats import chi2_contingency

    if not baseline.sum() or not current.sum():
        return None
    if len(baseline) < 2:
        return TestResult(0.0, 1.0)
    found = chi2_contingency(np.stack([baseline, current]), correction=False)
    return TestResult(float(found.statistic), float(found.pvalue))


def cramers_v(test: TestResult | None, rows: int) -> float | None:
    """Size of the difference that a chi-square test of two samples found, 0 to 1, whatever the number of rows.

    Cramer 1946, Mathematical Methods of Statistics, 21.9; the smaller side of the table is 2.
    """
    return None if test is None else float(min(np.sqrt(test.statistic / rows), 1.0))
