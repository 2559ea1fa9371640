"""Gradient-boosted trees: regression and classification."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import xgboost
from numpy.typing import NDArray

import govml_pipeline.model  # noqa: F401  sets how OpenMP waits, before XGBoost computes
from govml_pipeline.errors import UserError
from govml_pipeline.model.algorithms.base import Contributions, Labelled, Trial
from govml_pipeline.usecase import Kind, TrainingSettings

_FILE: Final = "model.ubj"
_CLASSES: Final = "classes"
#: Fixed, not "all cores": sums over threads may depend on their number, and the same data must give the same model.
_THREADS: Final = 2
#: Up to so many rows waking a second thread costs more than it saves.
_FEW: Final = 64


class Booster:
    """A fitted booster; see `base.Fitted`.

    Args:
        booster: knows names and kinds of its features, and how many classes it has by its attribute `classes`.
    """

    def __init__(self, booster: xgboost.Booster) -> None:
        self.booster = booster
        self.classes = int(booster.attr(_CLASSES) or 0)
        # A second one, since setting threads on one that other requests are using is not safe.
        self._for_few = booster.copy()
        self._for_few.set_param({"nthread": 1})

    def output(self, matrix: NDArray[np.float32]) -> NDArray[np.float64]:
        """Numbers of shape (n,), or probabilities of shape (n, classes).

        In place, without a DMatrix, and few rows on one thread: 0.26 ms for a row and 400 trees of depth 8, against
        0.65 ms the usual way, on two busy cores. Every way gives the same bits.
        """
        booster = self._for_few if len(matrix) <= _FEW else self.booster
        found = np.asarray(booster.inplace_predict(matrix, validate_features=False), dtype=np.float64)
        if self.classes == 2:
            return np.column_stack([1 - found, found])
        return found.reshape(len(matrix), self.classes) if self.classes else found

    def contributions(self, matrix: NDArray[np.float32]) -> Contributions:
        """Exact Shapley values of the trees (TreeSHAP, as XGBoost computes it)."""
        names = tuple(self.booster.feature_names or ())
        rows = xgboost.DMatrix(
            matrix, feature_names=names, feature_types=self.booster.feature_types, enable_categorical=True
        )
        values = self.booster.predict(rows, pred_contribs=True).astype(np.float64)
        if values.ndim == 3:  # one block per class: that of the predicted class
            values = values[np.arange(len(values)), self.output(matrix).argmax(axis=1)]
        return Contributions(names, values[:, :-1], values[:, -1])

    def save(self, folder: Path) -> None:
        """Write `model.ubj`, XGBoost's universal binary JSON."""
        self.booster.save_model(folder / _FILE)


class XGBoost:
    """The algorithm; see `base.Algorithm`."""

    kinds: tuple[Kind, ...] = ("regression", "timeseries", "classification")
    distributed = True

    def library(self) -> str:
        """Name and version of the library."""
        return f"xgboost {xgboost.__version__}"

    def search(
        self, train: Labelled, validation: Labelled, parameters: dict[str, Any], settings: TrainingSettings, seed: int
    ) -> Trial:
        """Add trees until the validation rows have not improved for `settings.early_stopping_rounds` of them."""
        history: dict[str, dict[str, list[float]]] = {}
        complete = complete_parameters(parameters, train, seed)
        with refusals():
            first = quantile(train, complete)
            found = xgboost.train(
                complete,
                first,
                num_boost_round=settings.max_rounds,
                evals=[(quantile(validation, complete, ref=first), "validation")],
                early_stopping_rounds=settings.early_stopping_rounds,
                evals_result=history,
                verbose_eval=False,
            )
        metric = list(history["validation"])[-1]  # the one that early stopping looks at
        if found.best_score != min(history["validation"][metric]):
            raise UserError(
                f"eval_metric {metric!r} is one of which more is better", hint="choose one of which less is better"
            )
        return Trial(parameters, found.best_iteration + 1, float(found.best_score), metric)

    def fit(self, rows: Labelled, parameters: dict[str, Any], rounds: int, seed: int) -> Booster:
        """Fit so many trees."""
        complete = complete_parameters(parameters, rows, seed)
        with refusals():
            booster = xgboost.train(complete, quantile(rows, complete), num_boost_round=rounds, verbose_eval=False)
        booster.set_attr(**{_CLASSES: str(rows.classes)})
        return Booster(booster)

    def load(self, folder: Path) -> Booster:
        """Load `model.ubj`."""
        return Booster(xgboost.Booster(model_file=folder / _FILE))


def complete_parameters(parameters: dict[str, Any], rows: Labelled, seed: int) -> dict[str, Any]:
    """Parameters of XGBoost: those given, the seed, and what follows from the rows where nothing is given."""
    defaults: dict[str, Any] = {"nthread": _THREADS, "tree_method": "hist"}
    if rows.classes == 2:
        defaults["objective"] = "binary:logistic"
    elif rows.classes:
        defaults |= {"objective": "multi:softprob", "num_class": rows.classes}
    return {**defaults, **parameters, "seed": seed}


@contextmanager
def refusals() -> Iterator[None]:
    """Turn XGBoost's complaints about parameters or labels into errors without a traceback.

    Raises:
        UserError: what XGBoost says, without its stack.
    """
    try:
        yield
    except xgboost.core.XGBoostError as error:
        said = str(error).partition("Stack trace")[0].strip()
        raise UserError(f"XGBoost: {said}", hint="mend the parameters of the use case's TrainingSettings") from error


def quantile(rows: Labelled, parameters: dict[str, Any], ref: xgboost.DMatrix | None = None) -> xgboost.QuantileDMatrix:
    """Rows as XGBoost trains on them: binned by quantiles, or by those of `ref`."""
    return xgboost.QuantileDMatrix(
        rows.matrix,
        rows.label,
        weight=rows.weight,
        feature_names=list(rows.names),
        feature_types=list(rows.kinds),
        enable_categorical=True,
        max_bin=parameters.get("max_bin"),
        ref=ref,
    )


ALGORITHM = XGBoost()
