"""The robustness report: every perturbation with what it changed, and determinism."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl

from govml_pipeline.errors import UserError
from govml_pipeline.evaluation.bootstrap import finite
from govml_pipeline.evaluation.measuring import Task
from govml_pipeline.explanation.attribution import sample
from govml_pipeline.model.artefact import Model
from govml_pipeline.robustness.change import ERROR, error_of, finite_answers, prediction_change
from govml_pipeline.robustness.determinism import determinism
from govml_pipeline.robustness.perturbations import Perturbation, perturbations

ROWS: Final = 2000


def robustness_report(model: Model, rows: pl.DataFrame, task: Task) -> dict[str, Any]:
    """Perturb a fixed sample of test rows and look at the answers.

    Args:
        model: the model.
        rows: test rows, at least one.
        task: what is measured.

    Returns:
        `rows`; `error`, what the changes of error are measured in; `perturbations`, each with `what`, `answered` (the
        model gave a finite answer for every row), `prediction_change` (mean, percent), `prediction_change_p95`,
        `error_change`, or `failed` with the reason; `determinism`; `measures`, flat, what criteria may name.
    """
    part = rows[sample(rows.height, ROWS).tolist()]
    answers = model.predict(part)
    before = error_of(part, answers, task)
    outcomes = {
        change.name: {"what": change.what, **_outcome(model, part, answers, change=change, before=before, task=task)}
        for change in perturbations(model.use_case.contract, part)
    }
    same = determinism(model, part, answers)
    measures: dict[str, float | None] = {"deterministic": float(same["deterministic"])}
    for name, outcome in outcomes.items():
        measures |= {f"{name}.{key}": value for key, value in outcome.items() if key.endswith("_change")}
    measures["unanswered"] = float(sum(not outcome["answered"] for outcome in outcomes.values()))
    return {
        "rows": part.height,
        "error": ERROR.get(task.kind),
        "perturbations": outcomes,
        "determinism": same,
        "measures": measures,
    }


def _outcome(
    model: Model,
    rows: pl.DataFrame,
    answers: pl.DataFrame,
    *,
    change: Perturbation,
    before: float | None,
    task: Task,
) -> dict[str, Any]:
    try:
        changed = model.predict(change.apply(rows))
    # What a use case's own transformation may raise on values that it has never seen: a finding, no reason to stop.
    except (UserError, ValueError, KeyError, ArithmeticError, pl.exceptions.PolarsError) as error:
        return {"answered": False, "failed": f"{type(error).__name__}: {error}"[:300], "prediction_change": None}
    moved = prediction_change(answers, changed, task.kind)
    known = moved[np.isfinite(moved)]
    after = error_of(rows, changed, task)
    return {
        "answered": finite_answers(changed),
        "prediction_change": finite(known.mean()) if len(known) else None,
        "prediction_change_p95": finite(np.percentile(known, 95)) if len(known) else None,
        "error_change": None if before is None or after is None else after - before,
    }
