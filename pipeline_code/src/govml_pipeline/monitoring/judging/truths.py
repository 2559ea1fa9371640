"""One window by what people tell: labels (performance, bias, target) and feedback (accepted or rejected answers)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from govml_pipeline.evaluation.report import task_of
from govml_pipeline.fairness.report import fairness_report
from govml_pipeline.monitoring.baseline import Baseline
from govml_pipeline.monitoring.feedback.acceptance import acceptance, acceptance_signals
from govml_pipeline.monitoring.intake.labels import labelled
from govml_pipeline.monitoring.judging.drift import CAPACITY, drift_signals
from govml_pipeline.monitoring.judging.group_bias import bias_signals, unfairness
from govml_pipeline.monitoring.judging.performance import METRICS, performance, performance_signals
from govml_pipeline.monitoring.judging.signals import Signal
from govml_pipeline.monitoring.measures.bias import bias_drift
from govml_pipeline.monitoring.sketches.profile import profile
from govml_pipeline.usecase import UseCase


@dataclass(frozen=True)
class Truths:
    """What a window's labels and feedback say.

    Args:
        signals: what was measured.
        rows: labelled rows.
        enough: labels or verdicts are enough to judge by.
        figures: what the history keeps, see `state.Past`.
        details: for the findings.
    """

    signals: tuple[Signal, ...]
    rows: int
    enough: bool
    figures: dict[str, Any]
    details: dict[str, Any]


def judge_truths(window: str, part: pl.DataFrame, told: pl.DataFrame, use_case: UseCase, baseline: Baseline) -> Truths:
    """Judge a window.

    Args:
        window: its name.
        part: its rows, with `accepted` where there is feedback.
        told: the rows beside their labels, with the target where there are any.
        use_case: the use case, with its settings.
        baseline: of the model in service.
    """
    settings, target = use_case.monitoring, use_case.contract.target
    known = labelled(told, target) if target in told.columns else told.clear()
    coverage = known.height / told.height if told.height else 0.0
    enough = known.height >= settings.minimum_labels and coverage >= settings.minimum_coverage
    signals, details = _performance(window, known, use_case, baseline) if enough else ((), {})
    said = acceptance(part, use_case.segments, settings.minimum_labels)
    opinions = acceptance_signals(window, said, settings)
    entry = details.get("performance") or {}
    figures: dict[str, Any] = {"coverage": coverage}
    figures |= {
        metric.name: entry[metric.name] for metric in METRICS[use_case.kind] if entry.get(metric.name) is not None
    }
    if said is not None:
        figures |= {"said": said["said"], "accept_rate": said["rate"], "accept_interval": said["interval"]}
        details = {**details, "feedback": said}
    return Truths(
        signals + opinions, known.height, enough or bool(opinions), figures, {"coverage": coverage, **details}
    )


def _performance(
    window: str, known: pl.DataFrame, use_case: UseCase, baseline: Baseline
) -> tuple[tuple[Signal, ...], dict[str, Any]]:
    settings, target, kind, task = use_case.monitoring, use_case.contract.target, use_case.kind, task_of(use_case)
    entry = performance(known, task, use_case.segments, settings.minimum_labels).get(window)
    signals = performance_signals(window, entry, baseline.performance, kind) if entry else ()
    unfair = unfairness(known, task, use_case.fairness)
    signals += bias_signals(window, unfair, baseline.bias, kind, known.height)
    groups = fairness_report(known, known, task, use_case.fairness)
    compared: list[dict[str, Any]] = []
    if target in baseline.profile.kinds:
        current = profile(known, {target: baseline.profile.kinds[target]}, capacity=CAPACITY)
        moved, compared = drift_signals(window, current, baseline.profile, baseline.usual, use_case.contract)
        signals += moved
    bias = bias_drift(baseline.fairness, groups).to_dict()
    return signals, {"performance": entry, "bias": bias, "compared": compared}
