"""Rows made ready for an algorithm: features, label and weight, by the kind of the use case."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from govml_pipeline.data import months
from govml_pipeline.errors import UserError
from govml_pipeline.features.matrix import Features, Transformation
from govml_pipeline.model.algorithms.base import Labelled
from govml_pipeline.usecase import UseCase


@dataclass(frozen=True)
class Labels:
    """What the targets of a use case mean to an algorithm.

    Args:
        classes: values of the target in sorted order, as text; empty where the kind has no classes.
    """

    classes: tuple[str, ...] = ()

    @classmethod
    def fit(cls, use_case: UseCase, rows: pl.DataFrame) -> Labels:
        """Learn the classes of all rows that a model is made from.

        Raises:
            UserError: the target is missing in a row, or always the same: there is nothing to learn.
        """
        if use_case.kind in ("anomaly", "clustering"):
            return cls()
        target = rows[use_case.contract.target]
        if target.null_count():
            raise UserError(
                f"{target.null_count():,} of {rows.height:,} rows have no {target.name}",
                hint="make the target required in the contract, so that such rows are quarantined",
            )
        distinct = target.unique()
        if distinct.len() < 2:
            raise UserError(
                f"every row has {target.name} = {distinct[0]!r}: there is nothing to learn",
                hint="deliver rows with other values, or more months",
            )
        return cls(tuple(sorted(map(str, distinct)))) if use_case.kind == "classification" else cls()

    def of(
        self, use_case: UseCase, transformation: Transformation, rows: pl.DataFrame, *, latest: int | None = None
    ) -> Labelled:
        """Return the rows as an algorithm takes them.

        Args:
            use_case: gives kind and settings.
            transformation: makes the features.
            rows: validated rows, shape (n, columns).
            latest: number of the month whose rows have the weight 1; that of the newest row when None.

        Raises:
            UserError: a label is not finite.
        """
        features = transformation.transform(rows)
        month = month_numbers(use_case, rows)
        newest = month.max() if latest is None else latest
        half_life = use_case.training.recency_half_life
        return Labelled(
            matrix=features.matrix,
            names=transformation.names,
            kinds=transformation.kinds,
            label=self._label(use_case, transformation, rows, features),
            weight=None if half_life is None else 0.5 ** ((newest - month) / half_life),
            classes=len(self.classes),
        )

    def _label(
        self, use_case: UseCase, transformation: Transformation, rows: pl.DataFrame, features: Features
    ) -> NDArray[np.float64]:
        target = use_case.contract.target
        if use_case.kind == "clustering" or not target:
            return np.full(rows.height, np.nan)
        if use_case.kind == "anomaly":
            return events(use_case, rows[target])
        if use_case.kind == "classification":
            return np.searchsorted(np.array(self.classes), rows[target].cast(pl.String).to_numpy()).astype(np.float64)
        label = transformation.label(rows, features)
        if not np.isfinite(label).all():
            first = rows[target][int((~np.isfinite(label)).argmax())]
            raise UserError(
                f"{target} = {first!r} has no finite label", hint="a target that is learnt as a logarithm is above 0"
            )
        return label


def month_numbers(use_case: UseCase, rows: pl.DataFrame) -> NDArray[np.int64]:
    """Number of each row's month, shape (n,)."""
    return rows.select(months.number_expression(use_case.contract.time_column)).to_series().to_numpy()


def events(use_case: UseCase, target: pl.Series) -> NDArray[np.float64]:
    """Whether each row is the event (1) or not (0), NaN where nobody knows, shape (n,)."""
    text = target.cast(pl.String)
    known = text.drop_nulls()
    positive = use_case.positive if use_case.positive is not None else known.max()
    return (text == positive).cast(pl.Float64).fill_null(np.nan).to_numpy()
