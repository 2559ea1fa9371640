"""Bias drift: do the declared groups still fare as they did on the baseline?

One measure a kind: for numbers how many times larger the worst group's percentage error is than that of all rows, for
decisions the largest difference of true and false positive rates (equalised odds). Size of a change: the ratio's relative
growth, or the difference's growth in points; less of either is no drift.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from govml_pipeline.evaluation.measuring import Task
from govml_pipeline.fairness.report import fairness_report
from govml_pipeline.fairness.settings import FairnessSettings
from govml_pipeline.monitoring.judging.signals import Signal, unusual
from govml_pipeline.usecase import Kind

#: Measure of each kind of use case, and whether its growth is told relative to what it was.
MEASURES: Final[dict[Kind, tuple[str, bool]]] = {
    "regression": ("mape_worst_ratio", True),
    "timeseries": ("mape_worst_ratio", True),
    "classification": ("equalized_odds_difference", False),
    "anomaly": ("equalized_odds_difference", False),
}


def unfairness(rows: pl.DataFrame, task: Task, settings: FairnessSettings | None) -> dict[str, float]:
    """The measure by column of groups; a column with fewer than two groups of enough rows is left out.

    Args:
        rows: labelled rows with the columns of `Model.predict`.
        task: what is measured.
        settings: declared groups; None: none are.
    """
    if settings is None or task.kind not in MEASURES or not task.target or rows.is_empty():
        return {}
    measure, _ = MEASURES[task.kind]
    report = fairness_report(rows, rows, task, settings)["groups"]
    known = {column: found["measures"].get(measure) for column, found in report.items()}
    return {column: float(value) for column, value in known.items() if value is not None}


def bias_signals(
    window: str, now: dict[str, float], baseline: dict[str, dict[str, float]], kind: Kind, rows: int
) -> tuple[Signal, ...]:
    """Compare a window's measures with those of the baseline's windows.

    Args:
        window: name of the window.
        now: `unfairness` of its rows.
        baseline: the same by window of the baseline.
        kind: kind of the use case.
        rows: labelled rows.
    """
    found = []
    for column, value in now.items():
        usual = [entry[column] for entry in baseline.values() if column in entry]
        if not usual:
            continue
        name, relative = MEASURES[kind]
        mean = float(np.mean(usual))
        grown = max(0.0, value - mean) / (mean if relative and mean else 1.0)
        says = f"{name} of {column} {value:.3g} against {mean:.3g}"
        found.append(Signal("bias_drift", column, window, grown, unusual(value, usual), rows, 1, says))
    return tuple(found)
