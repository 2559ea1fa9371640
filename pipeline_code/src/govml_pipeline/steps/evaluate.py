"""Step Evaluate: the model and the test months in; metrics and predictions out."""

from __future__ import annotations

import argparse

import polars as pl

from govml_pipeline import paths
from govml_pipeline.evaluation.regression import evaluation_report
from govml_pipeline.files import all_or_nothing, write_json
from govml_pipeline.model.artefact import load_model, unpacked
from govml_pipeline.steps.prepare import ROWS

EVALUATION, PREDICTIONS = "evaluation.json", "predictions.parquet"


def run(options: argparse.Namespace) -> None:  # noqa: ARG001  the model knows its use case
    """Predict `input/test` with `input/model` into `output/evaluation` and `output/predictions`."""
    rows = pl.read_parquet(paths.processing_input("test") / ROWS)
    with unpacked(paths.processing_input("model")) as folder:
        model = load_model(folder)
    contract = model.use_case.contract
    frame = pl.concat([rows, model.predict(rows)], how="horizontal")
    report = evaluation_report(
        frame,
        truth=contract.target,
        predicted="prediction",
        segments=model.use_case.segments,
        time_column=contract.time_column,
    )
    report["model_version"] = model.version
    with (
        all_or_nothing(paths.processing_output("evaluation")) as evaluation,
        all_or_nothing(paths.processing_output("predictions")) as predictions,
    ):
        write_json(evaluation / EVALUATION, report)
        frame.write_parquet(predictions / PREDICTIONS)
    metrics = {name: entry["value"] for name, entry in report["regression_metrics"].items()}
    print(
        f"{metrics['n']:,} rows, {report['window']['first_month']} to {report['window']['last_month']}: "
        f"MAPE {metrics['mape']:.2f} %, MAE {metrics['mae']:,.0f}, R2 {metrics['r2']:.4f}"
    )
