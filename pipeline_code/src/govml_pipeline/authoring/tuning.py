"""Tuning jobs: the search space, the budget, and the way a trial's container learns its command.

The API of tuning jobs takes no entrypoint: SageMaker starts a trial's container with the single argument `train`. The
image has a program of that name (`image/train`), which runs what the variable `GOVML_COMMAND` says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sagemaker.core.parameter import CategoricalParameter
from sagemaker.core.workflow import Join
from sagemaker.mlops.workflow import TuningStep

from govml_pipeline.authoring.sdk import ProtectedTuner
from govml_pipeline.authoring.training import ENTRYPOINT, EntrypointTrainer
from govml_pipeline.usecase import Value

COMMAND_VARIABLE: Final = "GOVML_COMMAND"
OBJECTIVE: Final = "validation:score"
#: What a trial prints: `validation-score=<number>`, to be minimised.
OBJECTIVE_REGEX: Final = r"validation-score=([0-9.eE+-]+)"


@dataclass(frozen=True)
class Budget:
    """How a search goes and how much it may cost; each a plain value or a pipeline parameter.

    Args:
        strategy: Grid, Random or Bayesian.
        trials: number of trials.
        parallel: how many of them at once.
        seed: seed of the search.
    """

    strategy: Any
    trials: Any
    parallel: Any
    seed: Any


def command_of(arguments: list[str]) -> dict[str, str]:
    """Return the environment that tells a trial's container to run the code archive with `arguments`.

    Raises:
        ValueError: an argument with a space, which the container would take for two.
    """
    if odd := [argument for argument in arguments if not argument or " " in argument]:
        raise ValueError(f"a trial's arguments are plain words, {odd[0]!r} is none")
    return {COMMAND_VARIABLE: " ".join([*ENTRYPOINT, *arguments])}


def search_space(search: Mapping[str, Sequence[Value]]) -> dict[str, CategoricalParameter]:
    """Return the ranges of a search space: lists of values, the one kind of range that all three strategies take.

    Args:
        search: values to try by hyperparameter.

    Raises:
        ValueError: it is empty; a tuning job needs something to vary.
    """
    if not search:
        raise ValueError("the use case has no search space: give TrainingSettings.search at least one hyperparameter")
    return {name: CategoricalParameter([str(value) for value in values]) for name, values in search.items()}


def protected_tuner(
    trainer: EntrypointTrainer, ranges: dict[str, CategoricalParameter], budget: Budget
) -> ProtectedTuner:
    """Return a tuner whose trials are jobs of `trainer`; the score they print is minimised."""
    return ProtectedTuner(
        model_trainer=trainer,
        objective_metric_name=OBJECTIVE,
        objective_type="Minimize",
        metric_definitions=[{"Name": OBJECTIVE, "Regex": OBJECTIVE_REGEX}],
        hyperparameter_ranges=ranges,
        strategy=budget.strategy,
        max_jobs=budget.trials,
        max_parallel_jobs=budget.parallel,
        random_seed=budget.seed,
        early_stopping_type="Off",  # a trial prints its score once, at its end
    )


def best_model_of(step: TuningStep) -> Join:
    """S3 URI of the best trial's `model.tar.gz`.

    The prefix is asked of the job, not put together again: a cached step's trials lie where the run that made them put
    them, not below this run.
    """
    return Join(
        on="/",
        values=[
            step.properties.TrainingJobDefinition.OutputDataConfig.S3OutputPath,
            step.properties.BestTrainingJob.TrainingJobName,
            "output",
            "model.tar.gz",
        ],
    )
