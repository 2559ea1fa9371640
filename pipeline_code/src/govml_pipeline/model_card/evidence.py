"""What a run has produced, by the names of its files: what card, page and checklist are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from govml_pipeline.usecase import UseCase


@dataclass(frozen=True)
class Evidence:
    """Everything a reviewer's documents are made from.

    Args:
        use_case: the use case.
        metadata: metadata of the model artefact.
        validation: report of the step Validate.
        evaluation: report of the step Evaluate.
        assessment: verdict with its criteria.
        operational: latency and size.
        fairness: fairness report.
        explanation: explanation report.
        robustness: robustness report.
        model_tests: results of the model tests.
        predictions: test rows with the columns of `Model.predict`.
    """

    use_case: UseCase
    metadata: dict[str, Any]
    validation: dict[str, Any]
    evaluation: dict[str, Any]
    assessment: dict[str, Any]
    operational: dict[str, Any]
    fairness: dict[str, Any]
    explanation: dict[str, Any]
    robustness: dict[str, Any]
    model_tests: dict[str, Any]
    predictions: pl.DataFrame

    def documents(self) -> dict[str, dict[str, Any]]:
        """The files by name, as other tools find them."""
        names = [
            "metadata",
            "validation",
            "evaluation",
            "assessment",
            "operational",
            "fairness",
            "explanation",
            "robustness",
            "model_tests",
        ]
        return {f"{name}.json": getattr(self, name) for name in names}

    def metrics(self) -> tuple[str, dict[str, dict[str, Any]]]:
        """Name and entries of the evaluation's metrics group."""
        return next((name, group) for name, group in self.evaluation.items() if name.endswith("_metrics"))
