"""Step Predict: a model's answers to a file of validated rows. A later model's evaluation asks the champion with it."""

from __future__ import annotations

import argparse

import polars as pl

from govml_pipeline.errors import UserError
from govml_pipeline.model.artefact import load_model, unpacked


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
