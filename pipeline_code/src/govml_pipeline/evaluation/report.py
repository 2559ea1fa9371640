"""The evaluation as one report, laid out so that a pipeline's condition can read every metric by its path."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from govml_pipeline.data import months
from govml_pipeline.evaluation.bootstrap import grouped
from govml_pipeline.evaluation.measuring import Measured, Task, measure
from govml_pipeline.evaluation.timeseries import horizons, naive_scale
from govml_pipeline.usecase import UseCase

#: Groups of fewer rows are marked: one sale more or less changes their numbers.
MINIMUM_ROWS: Final = 30


def evaluate(
    frame: pl.DataFrame,
    task: Task,
    *,
    segments: tuple[str, ...] = (),
    matrix: NDArray[np.float32] | None = None,
    learnt_from: pl.DataFrame | None = None,
) -> dict[str, Any]:
    """Measure a frame of predictions: overall, by segment, and by horizon for time series.

    Args:
        frame: test rows with the columns of `Model.predict`.
        task: what is measured.
        segments: columns by whose values it is measured too.
        matrix: features of the rows, shape (n, p); needed for how apart clusters are.
        learnt_from: rows that the model learnt from, for the naive forecast's error (time series); None: that error is
            taken from the test window itself, which `naive_forecast` then says.

    Returns:
        `kind`; one group of metrics, each `{"value", "unit", "lower", "upper"}` (unit and interval where there are
        any); `segments`, by column and value the metrics with `intervals`, and `few` where there are under 30 rows;
        `window`; and what the kind brings.

    Raises:
        UserError: no rows, or something in them that cannot be measured.
    """
    scale, more = None, {}
    if task.kind == "timeseries":
        base = frame if learnt_from is None else learnt_from
        scale = naive_scale(base, truth=task.target, time_column=task.time_column, series=task.series)
        more["naive_forecast"] = {"mae": scale, "from": "test window" if learnt_from is None else "training rows"}
    measured = measure(frame, task, matrix=matrix, scale=scale)
    month = frame.select(months.number_expression(task.time_column)).to_series().cast(pl.Int64).to_numpy()
    if task.kind == "timeseries":
        steps = pl.Series("horizon", horizons(month))
        more["horizons"] = by_value(measured, steps, month)
    return {
        "kind": task.kind,
        measured.group: _overall(measured, month),
        "segments": {name: by_value(measured, frame[name], month) for name in segments},
        "months": by_value(measured, frame[task.time_column], month),
        "window": {"first_month": frame[task.time_column].min(), "last_month": frame[task.time_column].max()},
        **measured.more,
        **more,
    }


def task_of(use_case: UseCase) -> Task:
    """What is measured of a use case."""
    contract = use_case.contract
    series = tuple(name for name in contract.key if name not in (contract.time_column, contract.target))
    return Task(use_case.kind, contract.target, contract.time_column, use_case.positive, series)


def evaluation_report(
    frame: pl.DataFrame, *, truth: str, predicted: str, segments: tuple[str, ...], time_column: str
) -> dict[str, Any]:
    """Evaluate a regression whose prediction stands in any column; see `evaluate`."""
    return evaluate(
        frame.with_columns(pl.col(predicted).alias("prediction")),
        Task("regression", truth, time_column),
        segments=segments,
    )


def _overall(measured: Measured, month: NDArray[np.int64]) -> dict[str, dict[str, Any]]:
    entry = grouped(measured.statistics, np.zeros(len(month), dtype=np.int64), 1, month).entry(0)
    intervals = entry.pop("intervals")
    report: dict[str, dict[str, Any]] = {}
    for name, value in {**entry, **measured.whole}.items():
        report[name] = {"value": value}
        if name in measured.units:
            report[name]["unit"] = measured.units[name]
        if name in intervals:
            report[name]["lower"], report[name]["upper"] = intervals[name]
    return report


def by_value(measured: Measured, column: pl.Series, month: NDArray[np.int64]) -> dict[str, dict[str, Any]]:
    """Metrics of each value of a column, in the order of the values (numbers as numbers); missing ones as `(missing)`."""
    order = column.drop_nulls().unique().sort().cast(pl.String).to_list()
    names = [*order, *(["(missing)"] if column.null_count() else [])]
    position = {name: code for code, name in enumerate(names)}
    codes = column.cast(pl.String).fill_null("(missing)").replace_strict(position, return_dtype=pl.Int64).to_numpy()
    found = grouped(measured.statistics, codes, len(names), month)
    report = {}
    for code, name in enumerate(names):
        report[name] = found.entry(code)
        if report[name]["n"] < MINIMUM_ROWS:
            report[name]["few"] = True
    return report
