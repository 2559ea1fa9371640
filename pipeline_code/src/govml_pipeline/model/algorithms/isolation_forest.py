"""Isolation forest (Liu, Ting and Zhou, 2008): a row that random splits separate early is strange.

scikit-learn fits it. What is saved is the trees as plain arrays, which this module scores, so that loading a model runs no
code of others; a test holds the scores against scikit-learn's.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from govml_pipeline.model.algorithms.arrays import ArrayModel, load_arrays
from govml_pipeline.model.algorithms.base import Labelled, Trial, complete
from govml_pipeline.model.algorithms.scikit_learn import ScikitLearn
from govml_pipeline.usecase import Kind, TrainingSettings

_LEAF: Final = -1
#: Rows scored at a time: bounds the memory to (rows, trees) positions.
_CHUNK: Final = 8192
_EULER: Final = 0.5772156649015329


@dataclass(frozen=True)
class Forest(ArrayModel):
    """Trees as arrays, all trees one after the other; see `base.Fitted`.

    Args:
        roots: position of each tree's root, shape (trees,).
        feature: feature that a node asks for, -1 in a leaf, shape (nodes,).
        split: a row with at most this value goes left, shape (nodes,).
        left: position of the node to the left, shape (nodes,).
        right: position of the node to the right, shape (nodes,).
        length: expected length of the path of a row that ends here, shape (nodes,).
        scale: mean of the length over all trees that stands for a score of 0.5, shape (1,).
        threshold: score above which a row is flagged, shape (1,).
    """

    roots: NDArray[np.int64]
    feature: NDArray[np.int64]
    split: NDArray[np.float64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    length: NDArray[np.float64]
    scale: NDArray[np.float64]
    threshold: NDArray[np.float64]

    def output(self, matrix: NDArray[np.float32]) -> NDArray[np.float64]:
        """Strangeness (0 to 1) and whether it is beyond the threshold, shape (n, 2)."""
        score = self.score(matrix)
        return np.column_stack([score, score > self.threshold[0]])

    def score(self, matrix: NDArray[np.float32]) -> NDArray[np.float64]:
        """Strangeness of rows of shape (n, p), shape (n,): the negative of scikit-learn's `score_samples`."""
        parts = [self._score(matrix[start : start + _CHUNK]) for start in range(0, len(matrix), _CHUNK)]
        return np.concatenate(parts) if parts else np.empty(0)

    def _score(self, matrix: NDArray[np.float32]) -> NDArray[np.float64]:
        rows = np.arange(len(matrix))[:, None]
        node = np.broadcast_to(self.roots, (len(matrix), len(self.roots)))
        while (asked := self.feature[node]).max() > _LEAF:
            below = matrix[rows, np.maximum(asked, 0)] <= self.split[node]
            node = np.where(asked == _LEAF, node, np.where(below, self.left[node], self.right[node]))
        return 2.0 ** -(self.length[node].mean(axis=1) / self.scale[0])


class IsolationForest(ScikitLearn):
    """The algorithm; see `base.Algorithm`."""

    kinds: tuple[Kind, ...] = ("anomaly",)

    def search(
        self, train: Labelled, validation: Labelled, parameters: dict[str, Any], settings: TrainingSettings, seed: int
    ) -> Trial:
        """Score on later months: 1 - area under the ROC curve where both labels occur there.

        Without labels, how far the flagged share is from the declared one, relative to it: a threshold that does not
        hold on later months is of no use, and nothing else can be known.
        """
        del settings
        forest = self.fit(train, parameters, int(parameters["n_estimators"]), seed)
        score, flagged = forest.output(complete(validation, "isolation_forest")).T
        known = np.isfinite(validation.label)
        if len(np.unique(validation.label[known])) == 2:
            from sklearn.metrics import roc_auc_score

            value, metric = 1 - float(roc_auc_score(validation.label[known], score[known])), "one_minus_auc"
        else:
            declared = float(parameters["contamination"])
            value, metric = abs(float(flagged.mean()) - declared) / declared, "flagged_share_error"
        return Trial(parameters, len(forest.roots), value, metric)

    def fit(self, rows: Labelled, parameters: dict[str, Any], rounds: int, seed: int) -> Forest:
        """Fit `rounds` trees; the threshold lets `contamination` of these rows be flagged."""
        from sklearn.ensemble import IsolationForest as Reference

        matrix = complete(rows, "isolation_forest")
        settings = {name: value for name, value in parameters.items() if name != "contamination"}
        settings |= {"n_estimators": rounds}
        # One job: its order of trees is that of the seeds. The labels, where there are any, are not looked at.
        fitted = Reference(**settings, n_jobs=1, random_state=seed).fit(matrix, sample_weight=rows.weight)
        unset = _arrays(fitted)
        threshold = np.quantile(unset.score(matrix), 1 - float(parameters["contamination"]), keepdims=True)
        return Forest(**{**vars(unset), "threshold": threshold})

    def load(self, folder: Path) -> Forest:
        """Load `model.npz`."""
        return Forest(**load_arrays(folder))


def _arrays(fitted: Any) -> Forest:
    """Lay a fitted scikit-learn forest out as arrays, still without a threshold."""
    parts: list[dict[str, NDArray[Any]]] = []
    roots, start = [], 0
    for estimator, columns in zip(fitted.estimators_, fitted.estimators_features_, strict=True):
        tree = estimator.tree_
        inner = tree.children_left != _LEAF
        depth = np.zeros(tree.node_count)
        for node in np.flatnonzero(inner):  # a parent stands before its children
            depth[[tree.children_left[node], tree.children_right[node]]] = depth[node] + 1
        parts.append(
            {
                "feature": np.where(inner, np.asarray(columns)[np.maximum(tree.feature, 0)], _LEAF),
                "split": tree.threshold,
                "left": tree.children_left + start,
                "right": tree.children_right + start,
                "length": depth + _unfinished(tree.n_node_samples),
            }
        )
        roots.append(start)
        start += tree.node_count
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    scale = _unfinished(np.array([fitted.max_samples_]))
    return Forest(np.array(roots, dtype=np.int64), **joined, scale=scale, threshold=np.array([np.inf]))


def _unfinished(samples: NDArray[np.int64]) -> NDArray[np.float64]:
    """Expected length of the path that would separate so many rows (equation 1 of the paper)."""
    count = np.maximum(samples.astype(np.float64), 2)
    expected = 2 * (np.log(count - 1) + _EULER) - 2 * (count - 1) / count
    return np.where(samples <= 1, 0.0, np.where(samples == 2, 1.0, expected))


ALGORITHM = IsolationForest()
