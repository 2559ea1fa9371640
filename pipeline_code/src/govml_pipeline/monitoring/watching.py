"""From rows and labels to judged windows: every window that is over and has not been judged, in the order of time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from govml_pipeline.evaluation.report import task_of
from govml_pipeline.model.artefact import Model
from govml_pipeline.monitoring import attributions, windows
from govml_pipeline.monitoring.baseline import Baseline
from govml_pipeline.monitoring.bias import bias_signals, unfairness
from govml_pipeline.monitoring.drift import CAPACITY, drift_signals
from govml_pipeline.monitoring.feed import Feed, feed_signals
from govml_pipeline.monitoring.judged import Group, Judged
from govml_pipeline.monitoring.labels import labelled
from govml_pipeline.monitoring.performance import performance, performance_signals
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
        refused: rows that break the contract, with `time`.
        lost: time of each event that could not be read.
        broken: lines that could not be read at all; they have no time and count to the newest window.
        counts: everything that was counted, for the findings.
    """

    rows: pl.DataFrame
    refused: pl.DataFrame
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
    refused = windows.assign(arrived.refused, settings.period, now=now, skew=skew)
    lost = windows.assign(
        pl.DataFrame({TIME: arrived.lost}, schema={TIME: pl.Datetime("us", "UTC")}), settings.period, now=now, skew=skew
    )
    counts = {**arrived.counts, "ahead": timed.ahead + refused.ahead, "undated": timed.undated}
    watcher = _Watcher(use_case, baseline, state, model, windows.current(now, settings.period))
    watcher.feed(timed.rows, refused.rows, lost.rows, ahead=counts["ahead"], broken=arrived.broken)
    watcher.inputs(timed.rows)
    if use_case.contract.target in timed.rows.columns:
        watcher.labels(timed.rows)
    return Watched(watcher.judged, watcher.details, counts)


class _Watcher:
    """Judges one group of signals after the other; collects in `judged` and `details`."""

    def __init__(self, use_case: UseCase, baseline: Baseline, state: State, model: Model | None, current: str) -> None:
        self.use_case, self.baseline, self.state, self.model = use_case, baseline, state, model
        self.settings, self.period = use_case.monitoring, use_case.monitoring.period
        self.current = current
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

    def feed(self, rows: pl.DataFrame, refused: pl.DataFrame, lost: pl.DataFrame, *, ahead: int, broken: int) -> None:
        order = self.over("feed", rows, refused, lost)
        expected = self.state.fed is not None
        for window in order:
            newest = window == order[-1]
            mine = pl.col(WINDOW) == window
            feed = Feed(
                rows.filter(mine),
                refused.filter(mine).height,
                lost.filter(mine).height + (broken if newest else 0),
                ahead if newest else 0,
                expected,
            )
            least = self.settings.minimum_rows
            signals = feed_signals(window, feed, self.baseline.missing, minimum_rows=least)
            reasons = refused.filter(mine).group_by("column", "reason").len("rows").sort("column", "reason")
            self.add(window, "feed", signals, feed.rows.height, enough=True, refused=reasons.to_dicts())
            expected = expected or not feed.rows.is_empty()

    def inputs(self, rows: pl.DataFrame) -> None:
        kinds = {name: kind for name, kind in self.baseline.profile.kinds.items() if name in rows.columns}
        kinds.pop(self.use_case.contract.target, None)
        for window in self.over("inputs", rows):
            part = rows.filter(pl.col(WINDOW) == window)
            if part.height < self.settings.minimum_rows:
                self.add(window, "inputs", (), part.height, enough=False)
                continue
            signals, compared = self._compared(window, part, kinds)
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
                bias=unfair,
                compared=compared,
            )

    def _compared(
        self, window: str, rows: pl.DataFrame, kinds: dict[str, Any]
    ) -> tuple[tuple[Signal, ...], list[dict[str, Any]]]:
        current = profile(rows, kinds, capacity=CAPACITY)
        return drift_signals(window, current, self.baseline.profile, self.baseline.usual, self.use_case.contract)
