"""The champion as a step finds it: a folder that holds `model.tar.gz`, or does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from govml_pipeline.champion.answers import answers_of
from govml_pipeline.champion.comparison import compare
from govml_pipeline.champion.losses import NotComparable
from govml_pipeline.errors import UserError
from govml_pipeline.evaluation.measuring import Task
from govml_pipeline.model.artefact import METADATA, unpacked

ARCHIVE = "model.tar.gz"


def champion_report(folder: Path, rows: pl.DataFrame, challenger: pl.DataFrame, task: Task) -> dict[str, Any]:
    """Hold the challenger against the champion in a folder.

    A comparison that is not possible is a finding about the champion, not a failure of the challenger's evaluation: it
    is reported, and a criterion on it is not met.

    Args:
        folder: the step's input; without a model in it there is no champion yet.
        rows: n test rows.
        challenger: the new model's answers to them.
        task: what is measured.

    Returns:
        `present`; where there is a champion, `model_version` and what `comparison.compare` says.
    """
    if not (folder / ARCHIVE).is_file() and not (folder / METADATA).is_file():
        return {"present": False}
    try:
        with unpacked(folder) as model:
            version, answers = answers_of(model, rows)
    except (NotComparable, UserError) as error:
        return {"present": True, "model_version": None, "compared": False, "reason": str(error)}
    return {"present": True, "model_version": version, **compare(rows, challenger, answers, task)}


def champion_metrics(report: dict[str, Any]) -> dict[str, float | None]:
    """What an acceptance criterion may ask of the comparison.

    Returns:
        `champion.win_confidence`: 1 where there is nobody to beat, None where the two could not be compared; and, where
        they could, `champion.improvement_percent`.
    """
    if not report.get("present"):
        return {"champion.win_confidence": 1.0}
    if not report["compared"]:
        return {"champion.win_confidence": None, "champion.improvement_percent": None}
    return {f"champion.{name}": report[name] for name in ("win_confidence", "improvement_percent")}
