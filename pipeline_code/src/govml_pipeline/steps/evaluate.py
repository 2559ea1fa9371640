"""Step Evaluate: the model, the champion if there is one, and the test months in; metrics and predictions out."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import polars as pl

from govml_pipeline import paths
from govml_pipeline.acceptance.known_answers import known_answers
from govml_pipeline.champion.input import champion_report
from govml_pipeline.evaluation.measuring import with_predictions
from govml_pipeline.evaluation.report import evaluate, task_of
from govml_pipeline.files import all_or_nothing, write_json
from govml_pipeline.model.artefact import load_model, unpacked
from govml_pipeline.monitoring.baseline import BASELINE, make_baseline
from govml_pipeline.steps.prepare import ROWS

EVALUATION, PREDICTIONS, KNOWN_ANSWERS = "evaluation.json", "predictions.parquet", "known_answers.json"
#: Metrics of the line that the job prints, by group.
_SHOWN = {
    "regression_metrics": ("mape", "mae", "r2"),
    "binary_classification_metrics": ("roc_auc", "f1", "log_loss"),
    "multiclass_classification_metrics": ("accuracy", "f1", "log_loss"),
    "anomaly_detection_metrics": ("flagged_share", "precision", "recall"),
    "clustering_metrics": ("clusters", "silhouette", "davies_bouldin"),
}


def run(options: argparse.Namespace) -> None:  # noqa: ARG001  the model knows its use case
    """Predict `input/test` with `input/model` into `output/evaluation` and `output/predictions`."""
    rows = pl.read_parquet(paths.processing_input("test") / ROWS)
    with unpacked(paths.processing_input("model")) as folder:
        model = load_model(folder)
    use_case = model.use_case
    said = model.predict(rows)
    frame, task = with_predictions(rows, said), task_of(use_case)
    matrix = model.transformation.transform(rows).matrix if use_case.kind == "clustering" else None
    report = evaluate(frame, task, segments=use_case.segments, matrix=matrix)
    report["model_version"] = model.version
    report["champion"] = champion_report(_champion(), rows, said, task)
    with (
        all_or_nothing(paths.processing_output("evaluation")) as evaluation,
        all_or_nothing(paths.processing_output("predictions")) as predictions,
    ):
        write_json(evaluation / EVALUATION, report)
        frame.write_parquet(predictions / PREDICTIONS)
        # Beside the predictions, which only jobs without network see: the rows are data, and go to no tracking server.
        answers = known_answers(use_case, task, rows, said, model_version=model.version)
        write_json(predictions / KNOWN_ANSWERS, answers)
        write_json(predictions / BASELINE, make_baseline(model, rows, said).as_json())
    print(
        f"{frame.height:,} rows, {report['window']['first_month']} to {report['window']['last_month']}: {line(report)}"
    )
    print(champion_line(report["champion"]))


def _champion() -> Path:
    """Where the champion would be; a run by hand need not bring the folder."""
    return paths.base_dir() / "processing" / "input" / "champion"


def champion_line(report: dict[str, Any]) -> str:
    """How the new model stands against the one that serves, for people."""
    if not report["present"]:
        return "no champion to compare with"
    if not report["compared"]:
        return f"not compared with the champion: {report['reason']}"
    sure = report["win_confidence"]
    return (
        f"{report['loss']} {report['challenger']:.4g} against the champion's {report['champion']:.4g} "
        f"({report['model_version']}): {report['improvement_percent']:+.2f} %, "
        + ("too few months to be sure of it" if sure is None else f"better in {sure:.1%} of the draws")
    )


def line(report: dict[str, Any]) -> str:
    """The main metrics of an evaluation for people, with intervals where there are any."""
    group, names = next((group, names) for group, names in _SHOWN.items() if group in report)
    parts = []
    for name in names:
        entry = report[group][name]
        if entry["value"] is None:
            parts.append(f"{name} not defined")
            continue
        interval = f" ({entry['lower']:,.4g} to {entry['upper']:,.4g})" if "lower" in entry else ""
        parts.append(f"{name} {entry['value']:,.4g}{interval}")
    return ", ".join(parts)
