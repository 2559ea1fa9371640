"""Step Train: rows, transformation and the best trial in; the model artefact out."""

from __future__ import annotations

import argparse
from pathlib import Path

import polars as pl

from govml_pipeline import paths
from govml_pipeline.errors import UserError
from govml_pipeline.files import all_or_nothing
from govml_pipeline.model.artefact import save_model, unpacked
from govml_pipeline.model.distributed import read_cluster
from govml_pipeline.model.hyperparameters import read_hyperparameters
from govml_pipeline.model.training import read_trial, train
from govml_pipeline.steps.prepare import ROWS
from govml_pipeline.usecase import load_use_case


def run(options: argparse.Namespace) -> None:
    """Train on the channels `train`, `validation`, `transformation` and `trial`; leave the artefact in the model folder.

    With several hosts each trains on its share of the rows, and the first one leaves the artefact.

    Raises:
        UserError: a hyperparameter other than the seed, since the trial has the parameters; no trial, or a host that
            did not come.
    """
    use_case = load_use_case(options.use_case)
    seed, others = read_hyperparameters()
    if others:
        raise UserError(
            f"unknown hyperparameter {min(others)!r}", hint="parameters come from the trial; only seed is given here"
        )
    with unpacked(paths.channel("trial")) as folder:
        trial = read_trial(folder, use_case)
    cluster = read_cluster()
    transformation = use_case.transformation.load(paths.channel("transformation"))
    trained = train(
        use_case,
        transformation,
        pl.read_parquet(paths.channel("train") / ROWS),
        pl.read_parquet(paths.channel("validation") / ROWS),
        trial=trial,
        seed=seed,
        cluster=cluster,
    )
    if not cluster.leads:
        print(f"host {cluster.rank + 1} of {len(cluster.hosts)}: done, {cluster.hosts[0]} saves the model")
        return
    with all_or_nothing(paths.model_dir()) as folder:
        archive = Path(options.archive) if options.archive else None
        metadata = save_model(folder, use_case, trained, transformation, archive=archive)
    print(
        f"model {metadata['model_version']}: {use_case.training.algorithm}, {trial.rounds} rounds, "
        f"{trained.summary['rows']}"
    )
