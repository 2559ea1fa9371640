"""Step Trial: rows, transformation and a draw of parameters in; how good they are on the validation months out."""

from __future__ import annotations

import argparse

import polars as pl

from govml_pipeline import paths
from govml_pipeline.files import all_or_nothing, write_json
from govml_pipeline.model.hyperparameters import read_hyperparameters, typed
from govml_pipeline.model.training import TRIAL, run_trial
from govml_pipeline.steps.prepare import ROWS
from govml_pipeline.usecase import load_use_case


def run(options: argparse.Namespace) -> None:
    """Measure on the channels `train`, `validation` and `transformation`; leave `trial.json` in the model folder.

    The hyperparameter `trials` says how many trials there are: with a single one nothing is searched, so what was drawn
    is ignored and the use case's defaults are measured.
    """
    use_case = load_use_case(options.use_case)
    seed, drawn = read_hyperparameters()
    single = drawn.pop("trials", "1") == "1"
    parameters = typed(drawn, use_case.training.parameters)
    trial = run_trial(
        use_case,
        use_case.transformation.load(paths.channel("transformation")),
        pl.read_parquet(paths.channel("train") / ROWS),
        pl.read_parquet(paths.channel("validation") / ROWS),
        parameters=use_case.training.parameters if single else parameters,
        seed=seed,
    )
    with all_or_nothing(paths.model_dir()) as folder:
        write_json(folder / TRIAL, trial)
    print(f"{trial['metric']} after {trial['rounds']} rounds, {trial['seconds']:.1f} s: {trial['parameters']}")
    # The form that the tuning job's metric definition matches.
    print(f"validation-score={trial['score']:.10g}")
