"""The pipeline's steps as functions, for a notebook or a REPL: what is tried there moves to the pipeline as it is.

    use_case = load_use_case("hdb_resale")
    rows = load_rows(use_case, Path("raw"))
    prepared = prepare(use_case, rows)
    model = train(use_case, prepared, parameters={"max_depth": 6})
    report, predictions = evaluate(model, prepared.split.test)

A use case that is being changed is given as it stands in the notebook: `replace(use_case, transformation=Mine)`. Once it
is good, the class goes into `usecases/<name>/features.py`, the parameters into `definition.py`, and nothing else changes.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from govml_pipeline.data.split import Split, split_by_month
from govml_pipeline.data.validation import list_files, validate_files
from govml_pipeline.errors import UserError
from govml_pipeline.features.matrix import Transformation
from govml_pipeline.model.algorithms.base import Trial
from govml_pipeline.model.artefact import Model
from govml_pipeline.model.training import run_trial
from govml_pipeline.model.training import train as train_once
from govml_pipeline.usecase import UseCase, Value, load_use_case

__all__ = ["Prepared", "evaluate", "load_rows", "load_use_case", "prepare", "sample_rows", "train"]
_SEED: Final = 20170101


@dataclass(frozen=True)
class Prepared:
    """What the step Prepare makes.

    Args:
        split: training, validation and test rows.
        transformation: fitted on the training rows.
    """

    split: Split
    transformation: Transformation


def load_rows(use_case: UseCase, folder: Path) -> pl.DataFrame:
    """Return the rows of a folder of CSV files that keep the contract, as the step Validate accepts them.

    Raises:
        UserError: the files are refused.
    """
    files, _ = list_files(folder)
    return validate_files(files, use_case.contract).rows


def sample_rows(use_case: UseCase, *, rows: int = 10_000, seed: int = 1) -> pl.DataFrame:
    """Return rows of the use case's synthetic sample.

    Raises:
        UserError: the data source has no sample, or cannot make this one.
    """
    from govml_pipeline.data.__main__ import source_module

    module = source_module(use_case.contract.name, "sample")
    with tempfile.TemporaryDirectory(prefix="govml-sample-") as folder:
        module.write_sample(Path(folder), seed=seed, rows=rows)
        return load_rows(use_case, Path(folder))


def prepare(use_case: UseCase, rows: pl.DataFrame, *, test_months: int = 12, validation_months: int = 6) -> Prepared:
    """Split rows by time and fit the transformation, as the step Prepare does.

    Raises:
        UserError: a window holds no rows.
    """
    split = split_by_month(
        rows, use_case.contract.time_column, test_months=test_months, validation_months=validation_months
    )
    return Prepared(split, use_case.transformation.fit(split.train, rows))


def train(
    use_case: UseCase,
    prepared: Prepared,
    *,
    parameters: Mapping[str, Value] | None = None,
    seed: int = _SEED,
) -> Model:
    """Measure parameters and fit with them, as the steps Trial and Train do.

    Args:
        use_case: as it stands.
        prepared: split rows and fitted transformation.
        parameters: those that differ from the use case's.
        seed: seed of every draw.

    Returns:
        The model; `model.metadata["training"]` tells about its training. Its version is `notebook`, since only a
        model that the pipeline has saved has a digest.

    Raises:
        UserError: a parameter without default, or rows from which nothing can be learnt.
    """
    defaults = use_case.training.parameters
    if unknown := sorted(set(parameters or {}) - set(defaults)):
        raise UserError(
            f"unknown parameter {unknown[0]!r}", hint=f"give it a default; known are {', '.join(sorted(defaults))}"
        )
    rows = prepared.split
    found = run_trial(
        use_case,
        prepared.transformation,
        rows.train,
        rows.validation,
        parameters={**defaults, **(parameters or {})},
        seed=seed,
    )
    found.pop("seconds")
    trained = train_once(
        use_case, prepared.transformation, rows.train, rows.validation, trial=Trial(**found), seed=seed
    )
    metadata = {"model_version": "notebook", "use_case": use_case.name, "training": trained.summary}
    return Model(use_case, trained.fitted, trained.labels, prepared.transformation, metadata)


def evaluate(model: Model, rows: pl.DataFrame) -> tuple[dict[str, Any], pl.DataFrame]:
    """Measure a model, as the step Evaluate does; return the report and the rows with their predictions."""
    from govml_pipeline.evaluation import report

    use_case = model.use_case
    frame = pl.concat([rows, model.predict(rows)], how="horizontal")
    matrix = model.transformation.transform(rows).matrix if use_case.kind == "clustering" else None
    return report.evaluate(frame, report.task_of(use_case), segments=use_case.segments, matrix=matrix), frame
