"""Metrics of clusterings, by scikit-learn: how apart the clusters are, and how they agree with labels if there are any.

None of them is a sum over rows, so none gets an interval but the share of the largest cluster.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from govml_pipeline.errors import UserError
from govml_pipeline.evaluation.bootstrap import Statistics, finite, ratio

#: The silhouette compares every pair of rows; it is measured on at most so many, drawn with a fixed seed.
SAMPLE: Final = 2000
_SEED: Final = 20170101


def cluster_statistics(cluster: NDArray[np.int64], distance: NDArray[np.float64]) -> Statistics:
    """Sums behind `mean_distance` (to the own centre) and `largest_share` (rows in the overall largest cluster).

    Args:
        cluster: cluster of each row, shape (n,), at least 0.
        distance: distance to its centre, shape (n,).

    Raises:
        UserError: no rows, or a distance that is not finite.
    """
    if not len(cluster) or not np.isfinite(distance).all():
        raise UserError("no rows, or a distance that is not finite", hint="look at the model's predictions")
    largest = cluster == np.bincount(cluster).argmax()
    rows = np.column_stack([np.ones(len(cluster)), distance, largest]).astype(np.float64)
    return Statistics(
        rows,
        lambda sums: {
            "mean_distance": ratio(sums[..., 1], sums[..., 0]),
            "largest_share": ratio(sums[..., 2], sums[..., 0]),
        },
    )


def separation(matrix: NDArray[np.float32] | None, cluster: NDArray[np.int64]) -> dict[str, float | None]:
    """`silhouette`, `davies_bouldin`, `calinski_harabasz`; None for one cluster, or as many as rows, or no features.

    Args:
        matrix: features, shape (n, p), finite.
        cluster: cluster of each row, shape (n,).
    """
    from sklearn import metrics

    names = ("silhouette", "davies_bouldin", "calinski_harabasz")
    if matrix is None or not 1 < len(np.unique(cluster)) < len(cluster):
        return dict.fromkeys(names)
    chosen = np.arange(len(cluster))
    if len(cluster) > SAMPLE:
        chosen = np.sort(np.random.default_rng(_SEED).choice(len(cluster), SAMPLE, replace=False))
    compared = 1 < len(np.unique(cluster[chosen])) < len(chosen)
    return {
        "silhouette": finite(metrics.silhouette_score(matrix[chosen], cluster[chosen])) if compared else None,
        "davies_bouldin": finite(metrics.davies_bouldin_score(matrix, cluster)),
        "calinski_harabasz": finite(metrics.calinski_harabasz_score(matrix, cluster)),
    }


def agreement(labels: NDArray[Any], cluster: NDArray[np.int64]) -> dict[str, float]:
    """`ari` (adjusted Rand), `nmi` (normalised mutual information) and `v_measure` against labels of shape (n,)."""
    from sklearn import metrics

    return {
        "ari": float(metrics.adjusted_rand_score(labels, cluster)),
        "nmi": float(metrics.normalized_mutual_info_score(labels, cluster)),
        "v_measure": float(metrics.v_measure_score(labels, cluster)),
    }
