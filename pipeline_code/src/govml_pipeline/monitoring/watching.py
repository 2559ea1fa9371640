"""From rows and labels to judged windows: every window that is over and has not been judged, in the order of time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from govml_pipeline.data import months
from govml_pipeline.evaluation.report import task_of
from govml_pipeline.fairness.report import fairness_report
from govml_pipeline.model.artefact import Model
from govml_pipeline.monitoring import attributions, windows
from govml_pipeline.monitoring.baseline import Baseline
from govml_pipeline.monitoring.bias import bias_drift
from govml_pipeline.monitoring.drift import CAPACITY, drift_signals, inputs_of
from govml_pipeline.monitoring.feed import Feed, feed_signals
from govml_pipeline.monitoring.group_bias import bias_signals, unfairness
from govml_pipeline.monitoring.joint_drift import joint_signal
from govml_pipeline.monitoring.judged import Group, Judged
from govml_pipeline.monitoring.labels import labelled
from govml_pipeline.monitoring.performance import performance, performance_signals
from govml_pipeline.monitoring.quality import quality
from govml_pipeline.monitoring.signals import Signal
from govml_pipeline.monitoring.sketches.profile import profile
from govml_pipeline.monitoring.state import State
from govml_pipeline.monitoring.windows import TIME, WINDOW
from govml_pipeline.usecase import UseCase


@dataclass(frozen=True)
class Arrived:
    """What came in, whatever way it came.

    Args:
        rows: rows with `time`, the contract's inputs and the prediction; the target too where it is known or there are
            labels at all, null in rows without one.
        raw: all rows, those too that break the contract: `time` and the inputs as text.
        lost: time of each event that could not be read.
        broken: lines that could not be read at all; they have no time and count to the newest window.
        counts: everything that was counted, for the findings.
    """

    rows: pl.DataFrame
    raw: pl.DataFrame
    lost: list[datetime] = field(default_factory=list)
    broken: int = 0
    counts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Watched:
    """Outcome.

    Args:
        judged: windows to decide about, in any group.
        details: what was found, by window and group, for the findings.
        counts: what was counted, rows left out because of their time among it.
    """

    judged: list[Judged]
    details: dict[str, dict[str, Any]]
    counts: dict[str, int]


def watch(
    arrived: Arrived, use_case: UseCase, baseline: Baseline, state: State, *, now: datetime, model: Model | None = None
) -> Watched:
    """Judge what is there to judge.

    Args:
        arrived: what came in.
        use_case: the use case, with its settings.
        baseline: of the model in service.
        state: of the run before.
        now: the monitor's own time, with zone; windows that it lies in or before are not over.
        model: the model in service, for attributions; None: they are left out.
    """
    settings = use_case.monitoring
    skew = timedelta(minutes=settings.clock_skew_minutes)
    timed = windows.assign(arrived.rows, settings.period, now=now, skew=skew)
    raw = windows.assign(arrived.raw, settings.period, now=now, skew=skew)
    lost = windows.assign(
        pl.DataFrame({TIME: arrived.lost}, schema={TIME: pl.Datetime("us", "UTC")}), settings.period, now=now, skew=skew
    )
    counts = {**arrived.counts, "ahead": raw.ahead, "undated": raw.undated}
    watcher = _Watcher(use_case, baseline, state, model, now)
    watcher.feed(raw.rows, lost.rows, ahead=counts["ahead"], broken=arrived.broken)
    watcher.inputs(timed.rows)
    if use_case.contract.target in timed.rows.columns:
        watcher.labels(timed.rows)
    return Watched(watcher.judged, watcher.details, counts)


class _Watcher:
    """Judges one group of signals after the other; collects in `judged` and `details`."""

    def __init__(self, use_case: UseCase, baseline: Baseline, state: State, model: Model | None, now: datetime) -> None:
        self.use_case, self.baseline, self.state, self.model = use_case, baseline, state, model
        self.settings, self.period = use_case.monitoring, use_case.monitoring.period
        self.current = windows.current(now, self.period)
        self.month = months.number(windows.current(now, "month"))
        self.judged: list[Judged] = []
        self.details: dict[str, dict[str, Any]] = {}

    def over(self, group: Group, *frames: pl.DataFrame) -> list[str]:
        """Windows that are over and not judged yet: from the last judged one on, else from the first with anything."""
        last = windows.after(self.current, self.period, -1)
        if group in self.state.judged:
            return windows.between(windows.after(self.state.judged[group], self.period), last, self.period)
        firsts = [frame[WINDOW].min() for frame in frames if not frame.is_empty()]
        return windows.between(str(min(map(str, firsts))), last, self.period) if firsts else []

    def add(
        self, window: str, group: Group, signals: tuple[Signal, ...], rows: int, *, enough: bool, **more: Any
    ) -> None:
        self.judged.append(Judged(window, group, signals, rows, enough))
        self.details.setdefault(window, {})[group] = {"rows": rows, "enough": enough, **more}

    def feed(self, raw: pl.DataFrame, lost: pl.DataFrame, *, ahead: int, broken: int) -> None:
        order = self.over("feed", raw, lost)
        contract, expected = self.use_case.contract.inputs, self.state.fed is not None
        for window in order:
            newest, mine = window == order[-1], pl.col(WINDOW) == window
            part = raw.filter(mine).drop(TIME, WINDOW)
            found = quality(part, contract, this_month=self.month)
            feed = Feed(
                found,
                lost=lost.filter(mine).height + (broken if newest else 0),
                ahead=ahead if newest else 0,
                expected=expected,
            )
            least = self.settings.minimum_rows
            signals = feed_signals(window, feed, self.baseline.missing, minimum_rows=least)
            self.add(window, "feed", signals, part.height, enough=True, quality=found.to_dict())
            expected = expected or not part.is_empty()

    def inputs(self, rows: pl.DataFrame) -> None:
        kinds = {name: kind for name, kind in self.baseline.profile.kinds.items() if name in rows.columns}
        kinds.pop(self.use_case.contract.target, None)
        for window in self.over("inputs", rows):
            part = rows.filter(pl.col(WINDOW) == window)
            if part.height < self.settings.minimum_rows:
                self.add(window, "inputs", (), part.height, enough=False)
                continue
            signals, compared = self._compared(window, part, kinds)
            joint = joint_signal(
                window,
                part,
                self.baseline.sample,
                self.baseline.joint,
                inputs_of(kinds, self.use_case.contract),
            )
            signals += () if joint is None else (joint,)
            shares = None if self.model is None else attributions.shares(self.model, part)
            if shares is not None:
                explained = min(part.height, attributions.ROWS)
                found = attributions.attribution_signal(window, shares, self.baseline.attribution, explained)
                signals += () if found is None else (found,)
            self.add(window, "inputs", signals, part.height, enough=True, compared=compared, attribution=shares)

    def labels(self, rows: pl.DataFrame) -> None:
        """In order, and each once: a window whose labels are neither complete nor due holds up those after it."""
        target, kind = self.use_case.contract.target, self.use_case.kind
        for window in self.over("labels", rows):
            part = rows.filter(pl.col(WINDOW) == window)
            known = labelled(part, target)
            due = windows.after(window, self.period, self.settings.label_delay) < self.current
            if not due and known.height < max(part.height, 1):
                return
            coverage = known.height / part.height if part.height else 0.0
            enough = known.height >= self.settings.minimum_labels and coverage >= self.settings.minimum_coverage
            if not enough:
                self.add(window, "labels", (), known.height, enough=False, coverage=coverage)
                continue
            task = task_of(self.use_case)
            entry = performance(known, task, self.use_case.segments, self.settings.minimum_labels).get(window)
            signals = performance_signals(window, entry, self.baseline.performance, kind) if entry else ()
            unfair = unfairness(known, task, self.use_case.fairness)
            groups = fairness_report(known, known, task, self.use_case.fairness)
            signals += bias_signals(window, unfair, self.baseline.bias, kind, known.height)
            if target in self.baseline.profile.kinds:
                moved, compared = self._compared(window, known, {target: self.baseline.profile.kinds[target]})
                signals += moved
            else:
                compared = []
            self.add(
                window,
                "labels",
                signals,
                known.height,
                enough=True,
                coverage=coverage,
                performance=entry,
                bias=bias_drift(self.baseline.fairness, groups).to_dict(),
                compared=compared,
            )

    def _compared(
        self, window: str, rows: pl.DataFrame, kinds: dict[str, Any]
    ) -> tuple[tuple[Signal, ...], list[dict[str, Any]]]:
        current = profile(rows, kinds, capacity=CAPACITY)
        return drift_signals(window, current, self.baseline.profile, self.baseline.usual, self.use_case.contract)
