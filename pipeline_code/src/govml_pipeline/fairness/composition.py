"""Fairness of a clustering: which groups are in which cluster."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl


def composition(cluster: pl.Series, group: pl.Series, minimum_rows: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Rows of each group by cluster, and how far that is from the same mixture everywhere.

    Args:
        cluster: cluster of each row, shape (n,).
        group: group of each row as text, shape (n,).
        minimum_rows: groups and clusters of fewer rows enter no measure.

    Returns:
        Shares of the groups in each cluster with its number of rows; and the measures `cramers_v` (0: the cluster says
        nothing about the group, 1: it tells it) and `composition_gap` (largest difference of a group's share of a
        cluster from its share of all rows), None with fewer than two groups or clusters.
    """
    from scipy.stats.contingency import association

    groups, columns = np.unique(group.to_numpy(), return_inverse=True)
    clusters, lines = np.unique(cluster.to_numpy(), return_inverse=True)
    table = np.bincount(lines * len(groups) + columns, minlength=len(groups) * len(clusters))
    table = table.reshape(len(clusters), len(groups))
    shown = {
        str(number): {
            "rows": int(row.sum()),
            "shares": {str(name): float(share) for name, share in zip(groups, row / row.sum(), strict=True)},
        }
        for number, row in zip(clusters, table, strict=True)
    }
    kept = table[table.sum(axis=1) >= minimum_rows][:, table.sum(axis=0) >= minimum_rows]
    kept = kept[:, kept.sum(axis=0) > 0][kept.sum(axis=1) > 0]
    if min(kept.shape) < 2:
        return shown, {"cramers_v": None, "composition_gap": None}
    shares, overall = kept / kept.sum(axis=1, keepdims=True), kept.sum(axis=0) / kept.sum()
    return shown, {
        "cramers_v": float(association(kept, method="cramer")),
        "composition_gap": float(np.abs(shares - overall).max()),
    }
