"""Step Features: accepted rows in; the use case's feature groups written, to a folder or to SageMaker."""

from __future__ import annotations

import argparse
import sys

import polars as pl

from govml_pipeline import paths
from govml_pipeline.errors import UserError
from govml_pipeline.feature_store.declaration import load_declarations
from govml_pipeline.feature_store.group import EVENT_TIME
from govml_pipeline.feature_store.local import LocalStore
from govml_pipeline.feature_store.sagemaker import SageMakerStore
from govml_pipeline.feature_store.store import FeatureStore
from govml_pipeline.feature_store.times import now
from govml_pipeline.steps.validate import ACCEPTED


def run(options: argparse.Namespace) -> None:
    """Compute every group from `input/validated` and write what is new.

    A month that is not over yet is left out: its values would still change, and the online store would show them to
    requests of the same month.
    """
    declarations = load_declarations(options.use_case)
    store = _store(options)
    frames = declarations.compute(pl.read_parquet(paths.processing_input("validated") / ACCEPTED))
    moment = now()
    for group in declarations.groups:
        frame = frames[group.name]
        over = frame.filter(pl.col(EVENT_TIME) < moment)
        added = store.write(group, over)
        print(f"{group.name}: {added:,} of {over.height:,} records are new", end="")
        print(f"; {frame.height - over.height:,} of the month under way left out" if frame.height > over.height else "")
        sys.stdout.flush()


def _store(options: argparse.Namespace) -> FeatureStore:
    if options.store == "local":
        return LocalStore(paths.processing_output("features"))
    if not options.prefix:
        raise UserError(
            "--store sagemaker needs --prefix", hint="AGENCY-ENVIRONMENT-USE-CASE, as in sandbox-dev-hdb-resale"
        )
    return SageMakerStore.connect(options.prefix)
