"""Step Train: rows and transformation in, the model artefact out."""

from __future__ import annotations

import argparse
from pathlib import Path

import polars as pl

from govml_pipeline import paths
from govml_pipeline.errors import UserError
from govml_pipeline.files import all_or_nothing, read_json
from govml_pipeline.model.artefact import save_model
from govml_pipeline.model.training import train
from govml_pipeline.steps.prepare import ROWS
from govml_pipeline.usecase import load_use_case

_DEFAULT_SEED = "20170101"


def run(options: argparse.Namespace) -> None:
    """Train on the channels `train`, `validation` and `transformation`; leave the artefact in the model folder."""
    use_case = load_use_case(options.use_case)
    file = paths.hyperparameters_file()
    hyperparameters: dict[str, str] = read_json(file) if file.exists() else {}
    text = hyperparameters.pop("seed", _DEFAULT_SEED)
    if not text.isdigit():
        raise UserError(f"hyperparameter seed: {text!r} is not a whole number of at least 0")
    transformation = use_case.transformation.load(paths.channel("transformation"))
    outcome = train(
        use_case,
        transformation,
        pl.read_parquet(paths.channel("train") / ROWS),
        pl.read_parquet(paths.channel("validation") / ROWS),
        seed=int(text),
        overrides=hyperparameters,
    )
    with all_or_nothing(paths.model_dir()) as folder:
        metadata = save_model(
            folder,
            use_case,
            outcome.booster,
            transformation,
            training=outcome.summary,
            archive=Path(options.archive) if options.archive else None,
        )
    # The form that a training job's metric definitions match by regular expression.
    print(f"validation-{outcome.summary['validation_metric']}={outcome.summary['validation_score']:.6f}")
    print(f"model {metadata['model_version']}: {outcome.summary['rounds']} trees, {outcome.summary['rows']}")
