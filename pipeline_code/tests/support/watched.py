"""Captured requests as SageMaker writes them, and a baseline to hold them against, without a trained model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from assessed import contract_for

from govml_pipeline.evaluation.report import task_of
from govml_pipeline.features.tabular import TabularTransformation
from govml_pipeline.monitoring.baseline import NO_GROUPS, Baseline
from govml_pipeline.monitoring.judging.drift import CAPACITY, features_of, usual_sizes
from govml_pipeline.monitoring.judging.performance import performance
from govml_pipeline.monitoring.judging.windows import WINDOW
from govml_pipeline.monitoring.settings import MonitoringSettings
from govml_pipeline.monitoring.sketches.profile import profile
from govml_pipeline.usecase import TrainingSettings, UseCase

VERSION = "0123456789abcdef"
SETTINGS = MonitoringSettings(minimum_rows=50, minimum_labels=40)
COLUMNS = {"prediction": pl.Float64}


def visits(settings: MonitoringSettings = SETTINGS) -> UseCase:
    """A use case about the cost of visits to offices; nothing of it is trained."""
    return UseCase(
        name="visits",
        contract=replace(contract_for("cost"), key=("month", "office", "pages", "way", "late", "outcome")),
        transformation=TabularTransformation,
        training=TrainingSettings(parameters={}),
        segments=("office",),
        monitoring=settings,
    )


def answered(month: str, count: int = 200, *, seed: int = 0, error: float = 0.0, spread: float = 5.0) -> pl.DataFrame:
    """Visits of a month with what a model said of their cost: too much by a share `error`.

    Args:
        month: `YYYY-MM`.
        count: rows.
        seed: of the draw.
        error: relative error of every prediction.
        spread: standard deviation of the cost around the prediction.
    """
    rng = np.random.default_rng([seed, *map(ord, month)])
    pages, way = rng.integers(1, 60, count), rng.uniform(1, 30, count).round(3)
    expected = 100 + 2.0 * pages + way
    return pl.DataFrame(
        {
            "inference_id": [f"{month}-{number}" for number in range(count)],
            "row": np.zeros(count, dtype=np.int64),
            "time": [datetime(int(month[:4]), int(month[5:]), 2, tzinfo=UTC) + timedelta(hours=h % 600) for h in range(count)],
            "model_version": [VERSION] * count,
            "month": [month] * count,
            "office": rng.choice(["EAST", "WEST"], count),
            "pages": pages,
            "way": way,
            "late": rng.choice(["NO", "YES"], count),
            "outcome": rng.choice(["A", "B", "C"], count),
            "prediction": expected * (1 + error),
            "cost": (expected + rng.normal(0, spread, count)).round(2),
        },
        schema_overrides={"time": pl.Datetime("us", "UTC"), "row": pl.Int64},
    )  # fmt: skip


def months(first: str, number: int) -> list[str]:
    """So many months from the first on."""
    start = int(first[:4]) * 12 + int(first[5:]) - 1
    return [f"{(start + i) // 12}-{(start + i) % 12 + 1:02d}" for i in range(number)]


def baseline(use_case: UseCase, *, year: str = "2023") -> Baseline:
    """A baseline of twelve ordinary months."""
    rows = pl.concat([answered(month, seed=1) for month in months(f"{year}-01", 12)])
    rows = rows.with_columns(pl.col("month").alias(WINDOW))
    kinds = features_of(rows, use_case.contract, use_case.kind, use_case.monitoring)
    names = use_case.contract.inputs.names
    return Baseline(
        use_case=use_case.name,
        model_version=VERSION,
        contract_version=use_case.contract.version,
        windows=tuple(months(f"{year}-01", 12)),
        prediction={"prediction": "Float64"},
        profile=profile(rows, kinds, capacity=CAPACITY),
        usual=usual_sizes(rows, kinds),
        missing={name: [0.0] * 12 for name in names},
        performance=performance(rows, task_of(use_case), use_case.segments, use_case.monitoring.minimum_labels),
        bias={},
        attribution={},
        fairness=NO_GROUPS,
        sample={},
        joint=[],
    )


def line(row: dict[str, Any], inputs: Sequence[str], **changes: Any) -> str:
    """One line of data capture for one row, as the service writes it.

    Args:
        row: a row of `answered`.
        inputs: the contract's inputs.
        changes: of the row.
    """
    row = {**row, **changes}
    request = {"instances": [{name: row[name] for name in inputs}]}
    answer = {"predictions": [row["prediction"]], "model_version": row["model_version"]}
    return json.dumps(
        {
            "captureData": {
                "endpointInput": _part("INPUT", request),
                "endpointOutput": _part("OUTPUT", answer),
            },
            "eventMetadata": {
                "eventId": f"event-{row['inference_id']}",
                "inferenceId": row["inference_id"],
                "inferenceTime": row["time"].strftime("%Y-%m-%dT%H:%M:%SZ"),
            },
            "eventVersion": "0",
        }
    )


def _part(mode: str, body: Any) -> dict[str, Any]:
    return {"observedContentType": "application/json", "mode": mode, "data": json.dumps(body), "encoding": "JSON"}


def captured(rows: pl.DataFrame, use_case: UseCase) -> bytes:
    """A capture file of rows."""
    names = use_case.contract.inputs.names
    return "".join(line(row, names) + "\n" for row in rows.iter_rows(named=True)).encode()


def labels_of(rows: pl.DataFrame) -> pl.DataFrame:
    """The truths of rows, by inference id."""
    return rows.select("inference_id", "cost")
