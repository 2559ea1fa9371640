"""What a use case has to say about itself; everything else is generic."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from govml_pipeline.data.contract import Contract
from govml_pipeline.errors import UserError
from govml_pipeline.fairness.settings import FairnessSettings
from govml_pipeline.features.derivation import Derivation
from govml_pipeline.features.matrix import Transformation
from govml_pipeline.model_card.text import CardText
from govml_pipeline.model_tests.base import ModelTest
from govml_pipeline.monitoring.settings import MonitoringSettings

#: What a use case asks of its model.
Kind = Literal["regression", "classification", "anomaly", "clustering", "timeseries"]
Value = int | float | bool | str


@dataclass(frozen=True)
class TrainingSettings:
    """How the model is trained.

    Args:
        parameters: parameters of the algorithm, without seed.
        algorithm: name of a module of `model.algorithms`.
        max_rounds: at most so many trees, where the algorithm adds them one by one.
        early_stopping_rounds: stop when the validation months have not improved for so many trees.
        recency_half_life: months after which a training row counts half (None: all count the same).
        search: values that tuning tries, by parameter; each of the type of that parameter's default.

    Raises:
        UserError: a searched parameter has no default, or a value of it is of another type.
    """

    parameters: Mapping[str, Value]
    algorithm: str = "xgboost"
    max_rounds: int = 1000
    early_stopping_rounds: int = 30
    recency_half_life: float | None = None
    search: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the search space against the defaults."""
        for name, values in self.search.items():
            if name not in self.parameters:
                raise UserError(
                    f"search space: {name!r} has no default",
                    hint=f"parameters with a default are {', '.join(sorted(self.parameters))}",
                )
            wanted = type(self.parameters[name])
            # A whole number will do for a decimal one; True is an int to Python, but no depth of a tree.
            odd = [value for value in values if type(value) is not wanted and (wanted, type(value)) != (float, int)]
            if odd or not values or len(set(values)) != len(values):
                what = f"{odd[0]!r} is not of type {wanted.__name__}" if odd else "no value, or one twice"
                raise UserError(f"search space: {name}: {what}", hint="give different values of the default's type")


@dataclass(frozen=True)
class UseCase:
    """One use case: a package `usecases.<name>` whose module `definition` holds it as `USE_CASE`.

    Args:
        name: name of the package.
        contract: data contract of the raw data.
        transformation: class of its fitted transformation.
        training: training settings.
        kind: what is asked of the model; decides how it is labelled, what it answers and how it is measured.
        segments: columns by which errors are reported.
        derivation: what the step `transform` computes from each row; None: the use case has no such step.
        positive: value of the target that counts as the event, with two classes or labelled anomalies; None: the last
            in sorted order.
        fairness: groups among which the model has to be fair; None: none are declared, and the reports say so.
        model_tests: behavioural tests that step Assess runs.
        card: what only people can say about the model; None: the card says that it is not stated.
        monitoring: how the served model is watched.
    """

    name: str
    contract: Contract
    transformation: type[Transformation]
    training: TrainingSettings
    kind: Kind = "regression"
    segments: tuple[str, ...] = ()
    derivation: Derivation | None = None
    positive: str | None = None
    fairness: FairnessSettings | None = None
    model_tests: tuple[ModelTest, ...] = ()
    card: CardText | None = None
    monitoring: MonitoringSettings = field(default_factory=MonitoringSettings)


def load_use_case(name: str) -> UseCase:
    """Import a use case.

    Raises:
        UserError: there is no such use case, or its settings contradict each other.
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
