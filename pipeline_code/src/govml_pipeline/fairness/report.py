"""The fairness report: representation, treatment, and gaps, for each declared column of groups."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from govml_pipeline.data import months
from govml_pipeline.errors import UserError
from govml_pipeline.evaluation.bootstrap import grouped
from govml_pipeline.evaluation.classification import classes_of
from govml_pipeline.evaluation.measuring import PREDICTION, Task, measure, positive_of
from govml_pipeline.evaluation.report import by_value
from govml_pipeline.fairness.composition import composition
from govml_pipeline.fairness.decisions import decisions
from govml_pipeline.fairness.numbers import number_findings, number_measures
from govml_pipeline.fairness.representation import MISSING, representation
from govml_pipeline.fairness.settings import FairnessSettings

#: A group whose percentage error is so many times that of all rows is a finding, if it is beyond chance: the inverse of
#: the four-fifths rule.
WORSE_BY: Final = 1.25
APPLIES: Final = {
    "regression": "Errors are compared, not predictions: groups may differ in what is predicted.",
    "timeseries": "Errors are compared, not predictions: groups may differ in what is predicted.",
    "classification": "Rates of the event; of each class against the rest where there are several. Not all can be equal "
    "at once where base rates differ: choose the one that fits the decision.",
    "anomaly": "How often rows of a group are flagged; error rates where every row is labelled.",
    "clustering": "Which groups are in which cluster; a cluster is no decision, so there is no parity to ask for.",
}


def fairness_report(
    frame: pl.DataFrame, train: pl.DataFrame, task: Task, settings: FairnessSettings | None
) -> dict[str, Any]:
    """Assess the declared groups.

    Args:
        frame: test rows with the columns of `Model.predict`.
        train: rows that the model learnt from.
        task: what is measured.
        settings: the use case's groups; None: it declares none, and the report says so.

    Returns:
        `declared`; `applies`; `minimum_rows`; `groups`, by column: `representation`, `measures` (what criteria may
        name), `findings`, and by kind `values`, `outcomes` or `composition`.

    Raises:
        UserError: a column of groups does not exist.
    """
    if settings is None:
        return {"declared": False, "applies": APPLIES[task.kind], "groups": {}}
    unknown = [name for name in settings.groups if name not in frame.columns or name not in train.columns]
    if unknown:
        raise UserError(
            f"fairness: there is no column {unknown[0]!r}", hint="name columns of the data contract as groups"
        )
    report = {}
    for column in settings.groups:
        group = frame[column].cast(pl.String).fill_null(MISSING)
        event = _event(frame, task) if task.target else None
        found = _treatment(frame.with_columns(group.alias(column)), column, task, settings)
        target = task.target if task.kind in ("regression", "timeseries") else ""
        report[column] = {
            "representation": representation(train, frame, column, event=event, target=target),
            **found,
        }
    return {
        "declared": True,
        "applies": APPLIES[task.kind],
        "minimum_rows": settings.minimum_rows,
        "groups": report,
    }


def _treatment(frame: pl.DataFrame, column: str, task: Task, settings: FairnessSettings) -> dict[str, Any]:
    if task.kind == "clustering":
        shown, measures = composition(frame[PREDICTION], frame[column], settings.minimum_rows)
        return {"composition": shown, "measures": measures, "findings": []}
    if task.kind in ("classification", "anomaly"):
        return decisions(frame[column], _outcomes(frame, task), settings.minimum_rows)
    measured = measure(frame, task)
    month = frame.select(months.number_expression(task.time_column)).to_series().cast(pl.Int64).to_numpy()
    values = by_value(measured, frame[column], month)
    overall = grouped(measured.statistics, np.zeros(frame.height, dtype=np.int64), 1, month).entry(0)
    for entry in values.values():
        entry["share"] = entry["n"] / frame.height
        entry.pop("few", None)
        if entry["n"] < settings.minimum_rows:
            entry["few"] = True
    enough = {name: entry for name, entry in values.items() if not entry.get("few")}
    return {
        "values": values,
        "measures": number_measures(enough, overall),
        "findings": number_findings(enough, overall, worse_by=WORSE_BY),
    }


def _event(frame: pl.DataFrame, task: Task) -> pl.Expr | None:
    """Expression for the event whose shares are compared before training; none for numbers and several classes."""
    if task.kind == "anomaly":
        positive = task.positive if task.positive is not None else frame[task.target].cast(pl.String).max()
        return pl.col(task.target).cast(pl.String) == positive
    if task.kind != "classification" or len(classes_of(frame)) != 2:
        return None
    classes = classes_of(frame)
    return pl.col(task.target).cast(pl.String) == classes[positive_of(classes, task)]


def _outcomes(frame: pl.DataFrame, task: Task) -> dict[str, tuple[NDArray[np.bool_] | None, NDArray[np.bool_]]]:
    if task.kind == "anomaly":
        flagged = frame[PREDICTION].to_numpy()
        event = _event(frame, task) if task.target else None
        truth = None if event is None else frame.select(event).to_series()
        known = truth is not None and truth.null_count() == 0
        return {"anomaly": (truth.to_numpy() if known and truth is not None else None, flagged)}
    classes = classes_of(frame)
    wanted = [classes[positive_of(classes, task)]] if len(classes) == 2 else classes
    return {
        name: ((frame[task.target].cast(pl.String) == name).to_numpy(), (frame[PREDICTION] == name).to_numpy())
        for name in wanted
    }
