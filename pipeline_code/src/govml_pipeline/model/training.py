"""Training in two moves: a trial measures parameters on the validation months; training fits once, on all of them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import polars as pl

from govml_pipeline.data import months
from govml_pipeline.errors import UserError
from govml_pipeline.features.matrix import Transformation
from govml_pipeline.files import read_json
from govml_pipeline.model.algorithms import load_algorithm
from govml_pipeline.model.algorithms.base import Algorithm, Fitted, Trial
from govml_pipeline.model.distributed import Cluster, joined
from govml_pipeline.model.labelling import Labels, month_numbers
from govml_pipeline.usecase import UseCase, Value

TRIAL = "trial.json"


@dataclass(frozen=True)
class Trained:
    """A fitted model and what there is to tell about its training.

    Args:
        fitted: the algorithm's model.
        labels: classes of the target.
        summary: parameters, rounds, validation score, rows and months.
    """

    fitted: Fitted
    labels: Labels
    summary: dict[str, Any]


def algorithm_of(use_case: UseCase) -> Algorithm:
    """Return the use case's algorithm.

    Raises:
        UserError: there is none of that name, or it is not for the use case's kind.
    """
    algorithm = load_algorithm(use_case.training.algorithm)
    if use_case.kind not in algorithm.kinds:
        raise UserError(
            f"use case {use_case.name!r}: {use_case.training.algorithm} does not do {use_case.kind}",
            hint=f"it does {', '.join(algorithm.kinds)}",
        )
    return algorithm


def run_trial(
    use_case: UseCase,
    transformation: Transformation,
    train: pl.DataFrame,
    validation: pl.DataFrame,
    *,
    parameters: Mapping[str, Value],
    seed: int,
) -> dict[str, Any]:
    """Measure parameters on the validation months, and find how many rounds are best.

    Args:
        use_case: gives algorithm and settings.
        transformation: fitted on the training rows.
        train: validated rows, shape (n, columns).
        validation: validated rows of later months.
        parameters: parameters of the algorithm, without seed.
        seed: seed of every draw.

    Returns:
        What `trial.json` holds: `parameters`, `rounds`, `score` (less is better), `metric` and `seconds`.

    Raises:
        UserError: the rows do not allow it.
    """
    started = time.perf_counter()
    labels = Labels.fit(use_case, pl.concat([train, validation]))
    first, later = (labels.of(use_case, transformation, rows) for rows in (train, validation))
    trial = algorithm_of(use_case).search(first, later, dict(parameters), use_case.training, seed)
    return {**asdict(trial), "seconds": round(time.perf_counter() - started, 3)}


def read_trial(folder: Path, use_case: UseCase) -> Trial:
    """Read the `trial.json` of a trial of this use case.

    Raises:
        UserError: there is none, or it is not one of this use case.
    """
    file = folder / TRIAL
    if not file.is_file():
        raise UserError(f"{folder} holds no {TRIAL}", hint="give the model of the best trial of the step Tune")
    found = read_json(file)
    found.pop("seconds", None)
    trial = Trial(**found)
    if set(trial.parameters) != set(use_case.training.parameters):
        raise UserError(
            f"{file}: its parameters are not those of use case {use_case.name!r}", hint="run the step Tune again"
        )
    return trial


def train(
    use_case: UseCase,
    transformation: Transformation,
    train_rows: pl.DataFrame,
    validation_rows: pl.DataFrame,
    *,
    trial: Trial,
    seed: int,
    cluster: Cluster | None = None,
) -> Trained:
    """Fit once on training and validation months together, with a trial's parameters and rounds.

    Args:
        use_case: gives algorithm and settings.
        transformation: fitted on the training rows.
        train_rows: validated rows, shape (n, columns), all of them on every host.
        validation_rows: validated rows of later months.
        trial: gives parameters and rounds.
        seed: seed of every draw.
        cluster: the hosts that train together, each on its share of the rows; None: this one alone.

    Raises:
        UserError: the rows do not allow it, the algorithm knows a single host only, or a host is missing.
    """
    hosts = cluster or Cluster()
    algorithm = algorithm_of(use_case)
    if len(hosts.hosts) > 1 and not algorithm.distributed:
        raise UserError(
            f"{use_case.training.algorithm} trains on one host, the job has {len(hosts.hosts)}",
            hint="set the pipeline's parameter InstanceCount to 1",
        )
    rows = pl.concat([train_rows, validation_rows])
    labels = Labels.fit(use_case, rows)
    month = month_numbers(use_case, rows)
    labelled = labels.of(use_case, transformation, hosts.share(rows), latest=int(month.max()))
    with joined(hosts):
        fitted = algorithm.fit(labelled, trial.parameters, trial.rounds, seed)
    summary = {
        "algorithm": use_case.training.algorithm,
        "parameters": {**trial.parameters, "seed": seed},
        "rounds": trial.rounds,
        "validation_score": trial.score,
        "validation_metric": trial.metric,
        "rows": {"train": train_rows.height, "validation": validation_rows.height},
        "hosts": len(hosts.hosts),
        "months": {"first": months.text(int(month.min())), "last": months.text(int(month.max()))},
    }
    return Trained(fitted, labels, summary)
