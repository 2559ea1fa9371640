"""Step Predict: a model's answers to a file of validated rows. A later model's evaluation asks the champion with it."""

from __future__ import annotations

import argparse
from pathlib import Path

import polars as pl

from govml_pipeline.errors import UserError
from govml_pipeline.model.artefact import load_model, unpacked


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the step's own arguments."""
    parser.add_argument("--model-dir", type=Path, required=True, help="folder with model.tar.gz, or of an unpacked one")
    parser.add_argument("--rows", type=Path, required=True, help="Parquet file of rows, as the step Prepare writes it")
    parser.add_argument("--output", type=Path, required=True, help="Parquet file for the predictions")


def run(options: argparse.Namespace) -> None:
    """Predict `--rows` into `--output`; the last line that is printed is the model's version.

    Raises:
        UserError: no usable model, a file that cannot be read, or rows of another contract.
    """
    try:
        rows = pl.read_parquet(options.rows)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise UserError(f"{options.rows}: cannot be read ({error})", hint="give a Parquet file of rows") from error
    with unpacked(options.model_dir) as folder:
        model = load_model(folder)
    model.require_inputs(rows)
    model.predict(rows).write_parquet(options.output)
    print(model.version)
