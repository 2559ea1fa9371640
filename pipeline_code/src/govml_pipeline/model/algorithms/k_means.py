"""K-means: scikit-learn fits the centres, and the centres are the model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govml_pipeline.errors import UserError
from govml_pipeline.model.algorithms.arrays import ArrayModel, load_arrays
from govml_pipeline.model.algorithms.base import Labelled, Trial, complete
from govml_pipeline.model.algorithms.scikit_learn import ScikitLearn
from govml_pipeline.usecase import Kind, TrainingSettings


@dataclass(frozen=True)
class Centres(ArrayModel):
    """Fitted centres; see `base.Fitted`.

    Args:
        centres: shape (clusters, p), ordered by their coordinates, so that a cluster's number does not depend on chance.
    """

    centres: NDArray[np.float64]

    def output(self, matrix: NDArray[np.float32]) -> NDArray[np.float64]:
        """Nearest cluster and Euclidean distance to its centre, shape (n, 2)."""
        distance = np.empty((len(matrix), len(self.centres)))
        for cluster, centre in enumerate(self.centres):  # by the difference: the expanded square cancels digits
            distance[:, cluster] = np.sqrt(((matrix - centre) ** 2).sum(axis=1))
        nearest = distance.argmin(axis=1)
        return np.column_stack([nearest, distance[np.arange(len(matrix)), nearest]])


class KMeans(ScikitLearn):
    """The algorithm; see `base.Algorithm`."""

    kinds: tuple[Kind, ...] = ("clustering",)

    def search(
        self, train: Labelled, validation: Labelled, parameters: dict[str, Any], settings: TrainingSettings, seed: int
    ) -> Trial:
        """Score by the Davies-Bouldin index of later months: size of the clusters relative to their distance.

        Raises:
            UserError: the later rows fall into a single cluster.
        """
        from sklearn.metrics import davies_bouldin_score

        del settings
        centres, rounds = _fitted(train, parameters, seed)
        matrix = complete(validation, "k_means")
        cluster = centres.output(matrix)[:, 0]
        found = len(np.unique(cluster))
        if not 1 < found < len(matrix):
            raise UserError(
                f"{len(matrix)} validation rows fall into {found} clusters, which cannot be compared",
                hint="choose another n_clusters, or longer validation months",
            )
        return Trial(parameters, rounds, float(davies_bouldin_score(matrix, cluster)), "davies_bouldin")

    def fit(self, rows: Labelled, parameters: dict[str, Any], rounds: int, seed: int) -> Centres:
        """Fit until the centres rest; `rounds` is what the trial needed and binds nothing."""
        del rounds
        return _fitted(rows, parameters, seed)[0]

    def load(self, folder: Path) -> Centres:
        """Load `model.npz`."""
        return Centres(**load_arrays(folder))


def _fitted(rows: Labelled, parameters: dict[str, Any], seed: int) -> tuple[Centres, int]:
    from sklearn.cluster import KMeans as Reference
    from threadpoolctl import threadpool_limits

    matrix = complete(rows, "k_means").astype(np.float64)
    distinct, wanted = len(np.unique(matrix, axis=0)), int(parameters["n_clusters"])
    if distinct < wanted:
        raise UserError(f"{wanted} clusters of {distinct} different rows", hint="lower n_clusters")
    with threadpool_limits(limits=1):  # sums over threads depend on their number
        fitted = Reference(**parameters, random_state=seed).fit(matrix, sample_weight=rows.weight)
    centres = fitted.cluster_centers_
    return Centres(np.ascontiguousarray(centres[np.lexsort(centres.T[::-1])])), int(fitted.n_iter_)


ALGORITHM = KMeans()
