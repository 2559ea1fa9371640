"""What a use case has to say about itself; everything else is generic."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

from govml_pipeline.data.contract import Contract
from govml_pipeline.errors import UserError
from govml_pipeline.features.derivation import Derivation
from govml_pipeline.features.matrix import Transformation


@dataclass(frozen=True)
class TrainingSettings:
    """How the model is trained.

    Args:
        parameters: XGBoost parameters, without seed.
        max_rounds: at most so many trees.
        early_stopping_rounds: stop when the validation months have not improved for so many trees.
        recency_half_life: months after which a training row counts half (None: all count the same).
    """

    parameters: dict[str, Any]
    max_rounds: int
    early_stopping_rounds: int
    recency_half_life: float | None = None


@dataclass(frozen=True)
class UseCase:
    """One use case: a package `usecases.<name>` whose module `definition` holds it as `USE_CASE`.

    Args:
        name: name of the package.
        contract: data contract of the raw data.
        transformation: class of its fitted transformation.
        training: training settings.
        segments: columns by which errors are reported.
        derivation: what the step `transform` computes from each row; None: the use case has no such step.
    """

    name: str
    contract: Contract
    transformation: type[Transformation]
    training: TrainingSettings
    segments: tuple[str, ...] = ()
    derivation: Derivation | None = None


def load_use_case(name: str) -> UseCase:
    """Import a use case.

    Raises:
        UserError: there is no such use case.
    """
    package = f"usecases.{name}"
    try:
        module = importlib.import_module(f"{package}.definition")
    except ModuleNotFoundError as error:
        if error.name not in ("usecases", package, f"{package}.definition"):
            raise
        raise UserError(f"there is no use case {name!r}", hint="a use case is a folder of usecases/") from error
    use_case: UseCase = module.USE_CASE
    return use_case
