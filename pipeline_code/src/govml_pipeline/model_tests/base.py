"""What a model test is. Three kinds, after Ribeiro et al. 2020, "Beyond Accuracy: Behavioral Testing of NLP Models with
CheckList", ACL 2020: invariance, directional expectation, minimum functionality.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

Change = Callable[[pl.DataFrame], pl.DataFrame]


class Predictor(Protocol):
    """Whatever answers rows with the columns of `Model.predict`."""

    def predict(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Answer n rows."""
        ...


@dataclass(frozen=True)
class Checked:
    """What a test found out about the rows that it applies to.

    Args:
        rows: those rows.
        before: what the model says about them.
        after: what it says about the changed rows; None: the test changes nothing.
        violated: whether each row breaks the test, shape (n,).
        average: whether the rows together break it; None: the test asks each row.
    """

    rows: pl.DataFrame
    before: pl.DataFrame
    after: pl.DataFrame | None
    violated: NDArray[np.bool_]
    average: bool | None = None


@dataclass(frozen=True, kw_only=True)
class ModelTest(ABC):
    """One behavioural test.

    Args:
        name: short name, unique in the use case.
        why: what the test protects, one sentence for people.
        allowed: share of rows that may break the test, 0 to 1.
    """

    name: str
    why: str
    allowed: float = 0.0

    @abstractmethod
    def check(self, model: Predictor, rows: pl.DataFrame) -> Checked:
        """Apply the test to rows."""


def numbers(predictions: pl.DataFrame) -> NDArray[np.float64]:
    """The number by which answers are compared, shape (n,): the prediction; of an anomaly its score."""
    column = "score" if "score" in predictions.columns else "prediction"
    return predictions[column].cast(pl.Float64).to_numpy()
