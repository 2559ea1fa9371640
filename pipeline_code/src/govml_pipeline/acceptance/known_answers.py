"""Known answers: a sample of test rows with what the tested model said about them.

They travel with the model package. Wherever the model is served later, the same rows must get the same answers, and two
models are compared on them.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

import polars as pl

from govml_pipeline.evaluation.measuring import Task
from govml_pipeline.usecase import UseCase

#: So many rows are kept: enough to tell models apart, small enough for every check to send them all.
ROWS: Final = 300


def known_answers(
    use_case: UseCase, task: Task, rows: pl.DataFrame, predictions: pl.DataFrame, *, model_version: str
) -> dict[str, Any]:
    """Choose rows and put them in the form in which an endpoint takes and answers them.

    The rows with the smallest digests are chosen. So the choice does not depend on their order, and a row that is in the
    test months of two models tends to be among the known answers of both.

    Args:
        use_case: the model's use case.
        task: what is measured, see `evaluation.report.task_of`.
        rows: the n test rows, with the target where there is one.
        predictions: columns of `Model.predict` for these rows, in their order, n rows.
        model_version: version of the model that answered.

    Returns:
        `use_case`, `model_version`, `kind`, `positive` (None where no value counts as the event), `test_rows` (n), and
        `rows`, each with `instance`, `answer` (as `/invocations` gives it) and `truth` (None where there is none).
    """
    names = [name for name in use_case.contract.inputs.names if name in rows.columns]
    instances = [
        {name: value for name, value in row.items() if value is not None} for row in rows.select(names).to_dicts()
    ]
    truths = rows[task.target].to_list() if task.target else [None] * rows.height
    answers = predictions.to_series().to_list() if predictions.width == 1 else predictions.to_dicts()
    digests = [_digest(instance, truth) for instance, truth in zip(instances, truths, strict=True)]
    # Rows that are alike in everything have one digest: their place keeps the order fixed.
    chosen = sorted(range(rows.height), key=lambda place: (digests[place], place))[:ROWS]
    return {
        "use_case": use_case.name,
        "model_version": model_version,
        "kind": use_case.kind,
        "positive": task.positive,
        "test_rows": rows.height,
        "rows": [{"instance": instances[at], "answer": answers[at], "truth": truths[at]} for at in chosen],
    }


def _digest(instance: dict[str, Any], truth: Any) -> str:
    return hashlib.sha256(json.dumps([instance, truth], sort_keys=True, ensure_ascii=False).encode()).hexdigest()
