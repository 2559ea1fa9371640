"""What a use case chooses of the generic transformation in `features.tabular`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from govml_pipeline.data.contract import Column, Contract
from govml_pipeline.usecase import Kind


@dataclass(frozen=True)
class TabularSettings:
    """What a use case chooses.

    Args:
        contract: the data contract; its inputs of kind integer, decimal and category become features.
        kind: kind of the use case.
        ignore: inputs that are no features.
        categories: inputs of kind text that are treated as categories.
        one_hot_limit: a category of more values than this is encoded by share and past.
        clip: shares of the training rows beyond which a number is an outlier (None: nothing is clipped).
        scale: give numbers mean 0 and standard deviation 1, as distances need it; trees do not.
        log_target: learn the logarithm of the target, which must be above 0.
        positive: value of the target that is the event; None: the last in sorted order.
        series: columns that tell series apart, for kind timeseries; the series' own level is the model's baseline.
        lags: months back at which a series' value is a feature of its own.
        label_delay: whole months after its own until a row's target is known.
        half_life: months after which a past target counts half.
    """

    contract: Contract
    kind: Kind
    ignore: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    one_hot_limit: int = 12
    clip: tuple[float, float] | None = (0.001, 0.999)
    scale: bool = False
    log_target: bool = False
    positive: str | None = None
    series: tuple[str, ...] = ()
    lags: tuple[int, ...] = (1, 12)
    label_delay: int = 0
    half_life: float = 12.0

    @property
    def quantities(self) -> list[str]:
        """Inputs that are numbers."""
        return [column.name for column in self._inputs() if column.kind in ("integer", "decimal")]

    @property
    def classes(self) -> list[str]:
        """Inputs that are categories."""
        return [column.name for column in self._inputs() if column.kind == "category" or column.name in self.categories]

    def optional(self, name: str) -> bool:
        """Whether a value of an input may be missing."""
        return any(column.name == name and not column.required for column in self.contract.columns)

    def _inputs(self) -> list[Column]:
        return [column for column in self.contract.inputs.columns if column.name not in self.ignore]

    def event(self, train: pl.DataFrame) -> str | None:
        """Value of the target whose past is a feature: the positive one, or the last of two; None: there is none."""
        if self.kind != "classification" or self.positive is not None:
            return self.positive
        values = train[self.contract.target].drop_nulls().cast(pl.String).unique().sort()
        return str(values[-1]) if values.len() == 2 else None

    def learnt(self, rows: pl.DataFrame, event: str | None) -> NDArray[np.float64]:
        """What the past is a mean of, shape (n,): the target, its logarithm, or whether it is the event; NaN: unknown."""
        if self.kind in ("anomaly", "clustering") or not self.contract.target:
            return np.full(rows.height, np.nan)
        target = rows[self.contract.target]
        if self.kind == "classification":
            happened = (target.cast(pl.String) == event) if event is not None else pl.Series([None] * rows.height)
            return happened.cast(pl.Float64).fill_null(np.nan).to_numpy()
        value = target.cast(pl.Float64).fill_null(np.nan).to_numpy()
        with np.errstate(divide="ignore", invalid="ignore"):  # a value without logarithm is refused when it is labelled
            return np.log(value) if self.log_target else value
