"""Training of a gradient-boosted model on validated rows, reproducibly: same rows, settings and seed, same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import xgboost
from numpy.typing import NDArray

from govml_pipeline.data import months
from govml_pipeline.errors import UserError
from govml_pipeline.features.matrix import Features, Transformation
from govml_pipeline.usecase import UseCase


@dataclass(frozen=True)
class Trained:
    """A trained booster and what there is to tell about its training."""

    booster: xgboost.Booster
    summary: dict[str, Any]


def train(
    use_case: UseCase,
    transformation: Transformation,
    train_rows: pl.DataFrame,
    validation_rows: pl.DataFrame,
    *,
    seed: int,
    overrides: dict[str, str] | None = None,
) -> Trained:
    """Find the number of trees on the validation months, then train on training and validation months together.

    Args:
        use_case: gives the settings.
        transformation: fitted on the training rows.
        train_rows: validated rows, shape (n, columns).
        validation_rows: validated rows of later months.
        seed: seed of row and column sampling.
        overrides: XGBoost parameters of the use case by name, as text (SageMaker hyperparameters).

    Raises:
        UserError: an override that the use case does not know or that is no number.
    """
    settings = use_case.training
    parameters = {**settings.parameters, **_typed(overrides or {}, settings.parameters), "seed": seed}
    first = _labelled(use_case, transformation, train_rows).quantile()
    later = _labelled(use_case, transformation, validation_rows).quantile(ref=first)
    history: dict[str, dict[str, list[float]]] = {}
    search = xgboost.train(
        parameters,
        first,
        num_boost_round=settings.max_rounds,
        evals=[(later, "validation")],
        early_stopping_rounds=settings.early_stopping_rounds,
        evals_result=history,
        verbose_eval=False,
    )
    rounds = search.best_iteration + 1
    both = _labelled(use_case, transformation, pl.concat([train_rows, validation_rows]))
    booster = xgboost.train(parameters, both.quantile(), num_boost_round=rounds, verbose_eval=False)
    summary = {
        "parameters": parameters,
        "rounds": rounds,
        "validation_score": float(search.best_score),
        "validation_metric": next(iter(history["validation"])),
        "rows": {"train": train_rows.height, "validation": validation_rows.height},
        "months": {"first": both.first, "last": both.last},
    }
    return Trained(booster, summary)


@dataclass(frozen=True)
class _Labelled:
    """Features and labels of one set of rows, ready for XGBoost."""

    features: Features
    label: NDArray[np.float64]
    weight: NDArray[np.float64] | None
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    first: str
    last: str

    def quantile(self, ref: xgboost.DMatrix | None = None) -> xgboost.QuantileDMatrix:
        return xgboost.QuantileDMatrix(
            self.features.matrix,
            self.label,
            weight=self.weight,
            feature_names=list(self.names),
            feature_types=list(self.kinds),
            enable_categorical=True,
            ref=ref,
        )


def _labelled(use_case: UseCase, transformation: Transformation, rows: pl.DataFrame) -> _Labelled:
    features = transformation.transform(rows)
    month = rows.select(months.number_expression(use_case.contract.time_column)).to_series().to_numpy()
    half_life = use_case.training.recency_half_life
    return _Labelled(
        features=features,
        label=transformation.label(rows, features),
        weight=None if half_life is None else 0.5 ** ((month.max() - month) / half_life),
        names=transformation.names,
        kinds=transformation.kinds,
        first=months.text(int(month.min())),
        last=months.text(int(month.max())),
    )


def _typed(overrides: dict[str, str], defaults: dict[str, Any]) -> dict[str, Any]:
    typed: dict[str, Any] = {}
    for name, value in overrides.items():
        if name not in defaults:
            raise UserError(
                f"unknown hyperparameter {name!r}", hint=f"known are {', '.join(sorted(defaults))} and seed"
            )
        kind = type(defaults[name])
        try:
            typed[name] = kind(value)
        except ValueError as error:
            raise UserError(f"hyperparameter {name}: {value!r} is not of type {kind.__name__}") from error
    return typed
