"""Step Prepare: accepted rows in; rows split by time and the fitted transformation out."""

from __future__ import annotations

import argparse

import polars as pl

from govml_pipeline import paths
from govml_pipeline.data.split import split_by_month
from govml_pipeline.files import all_or_nothing
from govml_pipeline.steps.validate import ACCEPTED
from govml_pipeline.usecase import load_use_case

ROWS = "rows.parquet"


def run(options: argparse.Namespace) -> None:
    """Split `input/validated` into `output/{train,validation,test}` and fit `output/transformation`.

    The splits hold validated rows, not features: every step that needs features makes them with the transformation.
    """
    use_case = load_use_case(options.use_case)
    rows = pl.read_parquet(paths.processing_input("validated") / ACCEPTED)
    split = split_by_month(
        rows,
        use_case.contract.time_column,
        test_months=options.test_months,
        validation_months=options.validation_months,
    )
    parts = {"train": split.train, "validation": split.validation, "test": split.test}
    transformation = use_case.transformation.fit(split.train, rows)
    for name, part in parts.items():
        with all_or_nothing(paths.processing_output(name)) as folder:
            part.write_parquet(folder / ROWS)
    with all_or_nothing(paths.processing_output("transformation")) as folder:
        summary = transformation.save(folder)

    time = use_case.contract.time_column
    for name, part in parts.items():
        print(f"{name}: {part.height:,} rows, {part[time].min()!s} to {part[time].max()!s}")
    print("transformation: " + ", ".join(f"{value:,} {name}" for name, value in summary.items()))
