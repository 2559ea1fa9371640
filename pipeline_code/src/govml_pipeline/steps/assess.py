"""Step Assess: is the model accurate, fair, explainable, robust and fast enough, and what does a reviewer have to know?"""

from __future__ import annotations

import argparse

import polars as pl

from govml_pipeline import paths
from govml_pipeline.acceptance.criteria import parse_criteria
from govml_pipeline.acceptance.known import known_metrics
from govml_pipeline.acceptance.operational import operational_metrics
from govml_pipeline.acceptance.verdict import assess
from govml_pipeline.evaluation.report import task_of
from govml_pipeline.explanation.report import explanation_report
from govml_pipeline.fairness.report import fairness_report
from govml_pipeline.files import all_or_nothing, read_json, write_json
from govml_pipeline.model.artefact import load_model, unpacked
from govml_pipeline.model_tests.report import model_test_report
from govml_pipeline.robustness.report import robustness_report
from govml_pipeline.steps.evaluate import EVALUATION, PREDICTIONS
from govml_pipeline.steps.prepare import ROWS

ASSESSMENT = "assessment.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the step's own arguments."""
    parser.add_argument(
        "--criteria", required=True, help='JSON, as in {"mape": {"max": 4}, "operational.latency_p99_ms": {"max": 50}}'
    )


def run(options: argparse.Namespace) -> None:
    """Assess `input/model` into `output/assessment`."""
    criteria = parse_criteria(options.criteria)
    rows = pl.read_parquet(paths.processing_input("test") / ROWS)
    train = pl.read_parquet(paths.processing_input("train") / ROWS)
    predictions = pl.read_parquet(paths.processing_input("predictions") / PREDICTIONS)
    evaluation = read_json(paths.processing_input("evaluation") / EVALUATION)
    with unpacked(paths.processing_input("model")) as folder:
        model = load_model(folder)
        operational = operational_metrics(model, folder, rows)
    use_case, task = model.use_case, task_of(model.use_case)
    fairness = fairness_report(predictions, train, task, use_case.fairness)
    explanation = explanation_report(model, predictions, {})
    robustness = robustness_report(model, rows, task)
    tests = model_test_report(model, rows.select(use_case.contract.names), use_case.model_tests)
    known = known_metrics(
        evaluation=evaluation, operational=operational, fairness=fairness, robustness=robustness, model_tests=tests
    )
    assessment = assess(criteria, known)
    with all_or_nothing(paths.processing_output("assessment")) as output:
        write_json(output / "operational.json", operational)
        write_json(output / "fairness.json", fairness)
        write_json(output / "explanation.json", explanation)
        write_json(output / "robustness.json", robustness)
        write_json(output / "model_tests.json", tests)
        write_json(output / ASSESSMENT, assessment)
    print(assessment["reason"])
