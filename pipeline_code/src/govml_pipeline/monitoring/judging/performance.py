"""Performance by window and segment, and how it differs from the baseline's: concept drift, where labels tell.

The unit of change (docs/drift.md): an error by its share of the baseline's (0.35: a third more), a bias by the share of the
baseline's error, so that one limit serves both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from govml_pipeline.evaluation.bootstrap import grouped
from govml_pipeline.evaluation.measuring import Task, measure
from govml_pipeline.monitoring.judging.signals import Signal, unusual
from govml_pipeline.monitoring.judging.windows import WINDOW
from govml_pipeline.monitoring.settings import SignalKind
from govml_pipeline.usecase import Kind

#: Parts that the rows of a window are dealt into; the interval comes from drawing parts ("random groups": Wolter 2007,
#: Introduction to Variance Estimation, chapter 2). It is the error of sampling within the window alone.
_PARTS: Final = 40
#: Width of a 95 % interval in standard errors.
_WIDTH: Final = 2 * 1.959963984540054
#: Changes are never told relative to less than this: an error of next to nothing doubles by chance.
_LEAST: Final = 0.01


@dataclass(frozen=True)
class Metric:
    """A metric that tells drift.

    Args:
        name: as the evaluation names it.
        sense: 1 if more is worse, -1 if less is, 0 if both are.
        unit: metric whose baseline is the unit of change; `1-name` for what is missing to 1; empty: the metric itself.
    """

    name: str
    sense: int = 1
    unit: str = ""


METRICS: Final[dict[Kind, tuple[Metric, ...]]] = {
    "regression": (Metric("mape"), Metric("bias", 0, "mape")),
    "timeseries": (Metric("mape"), Metric("bias", 0, "mape")),
    "classification": (Metric("log_loss"), Metric("accuracy", -1, "1-accuracy")),
    "anomaly": (Metric("precision", -1, "precision"), Metric("recall", -1, "recall")),
    "clustering": (),
}


def performance(rows: pl.DataFrame, task: Task, segments: tuple[str, ...], minimum: int) -> dict[str, dict[str, Any]]:
    """Metrics of every window, with intervals, and of every segment in it.

    Args:
        rows: labelled rows with `window` and the columns of `Model.predict`, shape (n, columns).
        task: what is measured.
        segments: columns by whose values it is measured too.
        minimum: rows below which a segment is left out.

    Returns:
        By window: `n`, each metric, `intervals`, and `segments`: by column and value the same.
    """
    if rows.is_empty() or not METRICS[task.kind]:
        return {}
    rows = rows.sort(WINDOW, *(name for name in rows.columns if name != WINDOW and not rows.schema[name].is_nested()))
    statistics = measure(rows, task).statistics
    part = np.arange(rows.height) % _PARTS
    names = rows[WINDOW].unique().sort().to_list()
    window = _codes(rows[WINDOW], names)
    whole = grouped(statistics, window, len(names), part)
    found: dict[str, dict[str, Any]] = {name: {**whole.entry(code), "segments": {}} for code, name in enumerate(names)}
    for column in segments:
        values = rows[column].cast(pl.String).fill_null("(missing)")
        order = values.unique().sort().to_list()
        cells = grouped(statistics, window * len(order) + _codes(values, order), len(names) * len(order), part)
        for code, name in enumerate(names):
            entries = {value: cells.entry(code * len(order) + place) for place, value in enumerate(order)}
            found[name]["segments"][column] = {key: entry for key, entry in entries.items() if entry["n"] >= minimum}
    return found


def _codes(values: pl.Series, order: list[str]) -> Any:
    position = {name: code for code, name in enumerate(order)}
    return values.replace_strict(position, return_dtype=pl.Int64).to_numpy()


def performance_signals(
    window: str, now: dict[str, Any], baseline: dict[str, dict[str, Any]], kind: Kind
) -> tuple[Signal, ...]:
    """How a window's metrics differ from those of the baseline's windows.

    Args:
        window: name of the window.
        now: its entry of `performance`.
        baseline: entries of the baseline's windows.
        kind: kind of the use case.

    Returns:
        One signal `concept_drift` a metric, and `segment_drift` for every segment that the baseline has in at least three
        windows.
    """
    found = list(_signals("concept_drift", window, now, list(baseline.values()), metrics=METRICS[kind]))
    for column, values in now["segments"].items():
        for value, entry in values.items():
            before = [each["segments"].get(column, {}).get(value) for each in baseline.values()]
            known = [each for each in before if each is not None]
            if len(known) >= 3:
                where = f"@{column}={value}"
                found += _signals("segment_drift", window, entry, known, metrics=METRICS[kind], where=where)
    return tuple(found)


def _signals(
    kind: SignalKind,
    window: str,
    now: dict[str, Any],
    before: list[dict[str, Any]],
    *,
    metrics: tuple[Metric, ...],
    where: str = "",
) -> list[Signal]:
    found = []
    for metric in metrics:
        usual = [entry[metric.name] for entry in before if entry.get(metric.name) is not None]
        value = now.get(metric.name)
        unit = _unit(metric, before)
        if value is None or not usual or unit is None:
            continue
        mean = float(np.mean(usual))
        signed = (value - mean) / max(unit, _LEAST)
        worse = abs(signed) if metric.sense == 0 else max(0.0, metric.sense * signed)
        # Only what the window's sampling error has beyond that of the baseline's windows, which is in their spread already.
        extra = max(0.0, _error(now, metric.name) ** 2 - float(np.mean([_error(e, metric.name) ** 2 for e in before])))
        p_value = unusual(
            value if metric.sense >= 0 else -value,
            usual if metric.sense >= 0 else [-each for each in usual],
            error=extra**0.5,
            two_sided=metric.sense == 0,
        )
        says = f"{metric.name} {value:.4g} against {mean:.4g}"
        direction = int(np.sign(signed)) if metric.sense == 0 else metric.sense
        found.append(Signal(kind, metric.name + where, window, worse, p_value, now["n"], direction, says))
    return found


def _unit(metric: Metric, before: list[dict[str, Any]]) -> float | None:
    name = metric.unit or metric.name
    missing = name.startswith("1-")
    known = [entry[name.removeprefix("1-")] for entry in before if entry.get(name.removeprefix("1-")) is not None]
    if not known:
        return None
    mean = float(np.mean(known))
    return 1 - mean if missing else abs(mean)


def _error(entry: dict[str, Any], name: str) -> float:
    ends = entry["intervals"].get(name)
    return (ends[1] - ends[0]) / _WIDTH if ends else 0.0
