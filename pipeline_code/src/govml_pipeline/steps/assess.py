"""Step Assess: is the model accurate, fair, explainable, robust and fast enough, and what does a reviewer have to know?"""

from __future__ import annotations

import argparse
from typing import Any

import polars as pl

from govml_pipeline import paths
from govml_pipeline.acceptance.criteria import parse_criteria
from govml_pipeline.acceptance.known import known_metrics
from govml_pipeline.acceptance.operational import operational_metrics
from govml_pipeline.acceptance.verdict import assess
from govml_pipeline.evaluation.report import task_of
from govml_pipeline.explanation.report import explanation_report
from govml_pipeline.fairness.report import fairness_report
from govml_pipeline.files import all_or_nothing, read_json, write_json, write_text
from govml_pipeline.model.artefact import Model, load_model, unpacked
from govml_pipeline.model_card.ai_verify import ai_verify
from govml_pipeline.model_card.card import model_card
from govml_pipeline.model_card.evidence import Evidence
from govml_pipeline.model_tests.report import model_test_report
from govml_pipeline.report.page import page
from govml_pipeline.robustness.report import robustness_report
from govml_pipeline.steps.evaluate import EVALUATION, PREDICTIONS
from govml_pipeline.steps.prepare import ROWS
from govml_pipeline.steps.validate import REPORT

ASSESSMENT, CARD, CHECKS, PAGE = "assessment.json", "model_card.json", "ai_verify.json", "report.html"
#: Metadata of the model archive, so that nobody has to unpack the archive to compare two models.
METADATA = "metadata.json"
#: What is written apart from the verdict and the reviewers' documents, each to `<name>.json`.
REPORTS = ("operational", "fairness", "explanation", "robustness", "model_tests")


def run(options: argparse.Namespace) -> None:
    """Assess `input/model` on `input/test` and its predictions; leave everything in `output/assessment`."""
    criteria = parse_criteria(options.criteria)
    rows, train = (pl.read_parquet(paths.processing_input(name) / ROWS) for name in ("test", "train"))
    predictions = pl.read_parquet(paths.processing_input("predictions") / PREDICTIONS)
    evaluation = read_json(paths.processing_input("evaluation") / EVALUATION)
    validation = read_json(paths.processing_input("report") / REPORT)
    with unpacked(paths.processing_input("model")) as folder:
        model = load_model(folder)
        operational = operational_metrics(model, folder, rows)
    reports = {"operational": operational, **examine(model, rows, train, predictions)}
    measured = {name: reports[name] for name in ("operational", "fairness", "robustness", "model_tests")}
    assessment = assess(criteria, known_metrics(evaluation=evaluation, **measured))
    evidence = Evidence(
        use_case=model.use_case,
        metadata=model.metadata,
        validation=validation,
        evaluation=evaluation,
        assessment=assessment,
        predictions=predictions,
        **reports,
    )
    card = model_card(evidence)
    # The page is made in any case: it stands as evidence before it is, since it shows the very list it is part of.
    checks = ai_verify({**evidence.documents(), CARD: card, PAGE: True})
    with all_or_nothing(paths.processing_output("assessment")) as output:
        for name in REPORTS:
            write_json(output / f"{name}.json", reports[name])
        write_json(output / METADATA, model.metadata)
        write_json(output / CARD, card)
        write_json(output / CHECKS, checks)
        write_text(output / PAGE, page(evidence, checks))
        write_json(output / ASSESSMENT, assessment)
    print(assessment["reason"])


def examine(
    model: Model, rows: pl.DataFrame, train: pl.DataFrame, predictions: pl.DataFrame
) -> dict[str, dict[str, Any]]:
    """Fairness, explanation, robustness and model tests, by name; rows are the test rows."""
    use_case, task = model.use_case, task_of(model.use_case)
    inputs = [name for name in use_case.contract.names if name in rows.columns]
    return {
        "fairness": fairness_report(predictions, train, task, use_case.fairness),
        "explanation": explanation_report(model, predictions, dict(use_case.card.features) if use_case.card else {}),
        "robustness": robustness_report(model, rows, task),
        "model_tests": model_test_report(model, rows.select(inputs), use_case.model_tests),
    }
