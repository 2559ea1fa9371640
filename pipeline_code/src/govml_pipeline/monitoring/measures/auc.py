"""Area under the ROC curve with its variance, by the method of DeLong."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def auc(negatives: NDArray[np.float64], positives: NDArray[np.float64]) -> tuple[float, float]:
    """Area under the curve and its variance, from ranks.

    DeLong, DeLong and Clarke-Pearson 1988, Biometrics 44(3), 837-845, computed as in Sun and Xu 2014, IEEE Signal
    Processing Letters 21(11), 1389-1393.

    Args:
        negatives: scores, shape (n,), at least two.
        positives: scores that should be higher, shape (m,), at least two.
    """
    from scipy.stats import rankdata

    n, m = len(negatives), len(positives)
    together = rankdata(np.concatenate([negatives, positives]))
    # How many of the other side each score lies above (or below), as a share: the structural components.
    above = (together[n:] - rankdata(positives)) / n
    below = 1 - (together[:n] - rankdata(negatives)) / m
    return float(above.mean()), float(above.var(ddof=1) / m + below.var(ddof=1) / n)
