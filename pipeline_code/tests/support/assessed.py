"""A small use case of every kind, trained and assessed, with names that try to break out of a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from govml_pipeline.acceptance.criteria import Criterion
from govml_pipeline.acceptance.known import known_metrics
from govml_pipeline.acceptance.operational import operational_metrics
from govml_pipeline.acceptance.verdict import assess
from govml_pipeline.data.contract import Contract, parse_contract
from govml_pipeline.data.split import split_by_month
from govml_pipeline.evaluation.measuring import with_predictions
from govml_pipeline.evaluation.report import evaluate, task_of
from govml_pipeline.fairness.settings import FairnessSettings
from govml_pipeline.features.tabular import TabularTransformation
from govml_pipeline.features.tabular_settings import TabularSettings
from govml_pipeline.model.algorithms.base import Trial
from govml_pipeline.model.artefact import Model, save_model
from govml_pipeline.model.training import train
from govml_pipeline.model_card.evidence import Evidence
from govml_pipeline.model_tests.kinds import Invariance
from govml_pipeline.steps.assess import examine
from govml_pipeline.usecase import Kind, TrainingSettings, UseCase

HOSTILE = "</td><script>alert(1)</script>"
KINDS: dict[str, dict[str, Any]] = {
    "regression": {"target": "cost", "parameters": {"max_depth": 3, "eta": 0.3}},
    "timeseries": {"target": "cost", "parameters": {"max_depth": 3, "eta": 0.3}, "series": ("office",)},
    "binary": {"target": "late", "parameters": {"max_depth": 3, "eta": 0.3}},
    "multiclass": {"target": "outcome", "parameters": {"max_depth": 3, "eta": 0.3}},
    "anomaly": {
        "target": "",
        "parameters": {"n_estimators": 20, "contamination": 0.05},
        "algorithm": "isolation_forest",
    },
    "labelled_anomaly": {
        "target": "late",
        "parameters": {"n_estimators": 20, "contamination": 0.05},
        "algorithm": "isolation_forest",
    },
    "clustering": {"target": "", "parameters": {"n_clusters": 3, "n_init": 2}, "algorithm": "k_means"},
}


def kind_of(name: str) -> Kind:
    short: dict[str, Kind] = {"binary": "classification", "multiclass": "classification", "labelled_anomaly": "anomaly"}
    return short.get(name, name)  # type: ignore[arg-type, return-value]


def contract_for(target: str) -> Contract:
    return parse_contract(f"""
columns = [
    {{ name = "month", kind = "month" }},
    {{ name = "office", kind = "category", unknown = "warn", values = ["EAST"] }},
    {{ name = "pages", kind = "integer", minimum = 0, maximum = 500 }},
    {{ name = "way", kind = "decimal", required = false }},
    {{ name = "cost", kind = "decimal" }},
    {{ name = "late", kind = "category", values = ["NO", "YES"] }},
    {{ name = "outcome", kind = "category", values = ["A", "B", "C"] }},
]
[dataset]
name = "visits"
version = 1
title = "Visits"
publisher = "P"
notice = ""
time_column = "month"
target = "{target}"
""")


def make_rows(count: int = 1500) -> pl.DataFrame:
    rng = np.random.default_rng(5)
    month = np.sort(rng.integers(0, 24, count))
    pages, way = rng.integers(1, 60, count), rng.uniform(0, 30, count)
    cost = 20 + 2 * pages + way + rng.normal(0, 4, count)
    return pl.DataFrame(
        {
            "month": [f"{2023 + value // 12}-{value % 12 + 1:02d}" for value in month],
            "office": rng.choice(["EAST", "WEST", HOSTILE], count, p=[0.5, 0.4, 0.1]),
            "pages": pages,
            "way": way,
            "cost": cost,
            "late": np.where(pages + rng.normal(0, 12, count) > 40, "YES", "NO"),
            "outcome": rng.permutation(np.array(["A", "B", "C"]).repeat(count // 3))
            if count % 3 == 0
            else rng.choice(["A", "B", "C"], count),
        }
    )


def assessed(name: str, folder: Path) -> Evidence:
    """Train and assess the use case of one kind."""
    settings, kind = KINDS[name], kind_of(name)
    contract = contract_for(settings["target"])
    plain = kind in ("anomaly", "clustering")
    ignore = ("cost", "late", "outcome")
    chosen = TabularSettings(
        contract=contract,
        kind=kind,
        ignore=tuple(column for column in ignore if column != settings["target"]),
        scale=plain,
        series=settings.get("series", ()),
    )
    transformation: type[TabularTransformation] = type("Chosen", (TabularTransformation,), {"settings": chosen})
    use_case = UseCase(
        name=f"toy_{name}",
        contract=contract,
        transformation=transformation,
        training=TrainingSettings(parameters=settings["parameters"], algorithm=settings.get("algorithm", "xgboost")),
        kind=kind,
        segments=("office",),
        fairness=FairnessSettings(groups=("office",), minimum_rows=30),
        model_tests=(Invariance(name="idle", why=f"Nothing changes {HOSTILE}.", change=lambda rows: rows),),
    )
    rows = make_rows()
    split = split_by_month(rows, "month", test_months=8, validation_months=4)
    fitted = transformation.fit(split.train, rows)
    trial = Trial(dict(settings["parameters"]), 15, 0.5, "score")
    trained = train(use_case, fitted, split.train, split.validation, trial=trial, seed=1)
    metadata = save_model(folder, use_case, trained, fitted, archive=None)
    model = Model(use_case, trained.fitted, trained.labels, fitted, metadata)
    predictions = with_predictions(split.test, model.predict(split.test))
    matrix = fitted.transform(split.test).matrix if kind == "clustering" else None
    evaluation = {
        **evaluate(predictions, task_of(use_case), segments=("office",), matrix=matrix),
        "model_version": model.version,
    }
    operational = operational_metrics(model, folder, split.test)
    reports = examine(model, split.test, split.train, predictions)
    known = known_metrics(
        evaluation=evaluation,
        operational=operational,
        fairness=reports["fairness"],
        robustness=reports["robustness"],
        model_tests=reports["model_tests"],
    )
    return Evidence(
        use_case=use_case,
        metadata=metadata,
        validation=VALIDATION,
        evaluation=evaluation,
        assessment=assess((Criterion("robustness.deterministic", "min", 1),), known),
        operational=operational,
        predictions=predictions,
        **reports,
    )


VALIDATION: dict[str, Any] = {
    "contract": {"name": "visits", "version": 1},
    "dataset": {
        "title": "Visits & costs",
        "notice": "Open <data>",
        "sha256": "0" * 64,
        "files": [{"name": "visits.csv", "sha256": "0" * 64, "rows": 1500}],
        "rows_read": 1500,
        "rows_accepted": 1500,
        "rows_quarantined": 0,
        "first_month": "2023-01",
        "last_month": "2024-12",
    },
    "quarantine": {"by_reason": [], "examples": []},
    "columns": {"cost": {"missing": 0}},
}
