"""Judges windows, one group of signals after the other."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from govml_pipeline.data import months
from govml_pipeline.model.artefact import Model
from govml_pipeline.monitoring.baseline import Baseline
from govml_pipeline.monitoring.deciding.state import State
from govml_pipeline.monitoring.intake.labels import labelled
from govml_pipeline.monitoring.judging import attributions, windows
from govml_pipeline.monitoring.judging.content import Contents, added
from govml_pipeline.monitoring.judging.drift import CAPACITY, drift_signals, inputs_of
from govml_pipeline.monitoring.judging.feed import Feed, feed_signals
from govml_pipeline.monitoring.judging.joint_drift import joint_signal
from govml_pipeline.monitoring.judging.judged import Group, Judged
from govml_pipeline.monitoring.judging.signals import Signal
from govml_pipeline.monitoring.judging.truths import judge_truths
from govml_pipeline.monitoring.judging.windows import RECEIVED, TIME, WINDOW
from govml_pipeline.monitoring.measures.quality import quality
from govml_pipeline.monitoring.sketches.profile import profile
from govml_pipeline.usecase import UseCase


class Watcher:
    """Judges what is there to judge; collects in `judged` and `details`.

    Args:
        use_case: the use case, with its settings.
        baseline: of the model in service.
        state: of the run before.
        contents: everything that came in.
        model: the model in service, for attributions; None: they are left out.
        now: the monitor's own time, with zone.
    """

    def __init__(
        self,
        use_case: UseCase,
        baseline: Baseline,
        state: State,
        contents: Contents,
        *,
        model: Model | None,
        now: datetime,
    ) -> None:
        self.use_case, self.baseline, self.state, self.model = use_case, baseline, state, model
        self.settings, self.period = use_case.monitoring, use_case.monitoring.period
        self.current = windows.current(now, self.period)
        #: No model answers before the months that it was tested on.
        self.begin = windows.first_of(baseline.windows[0], self.period) if baseline.windows else ""
        self.month = months.number(windows.current(now, "month"))
        self.contents = contents
        self.judged: list[Judged] = []
        self.details: dict[str, dict[str, Any]] = {}

    def over(self, group: Group, *frames: pl.DataFrame) -> list[str]:
        """Windows to judge: those to which something was added since, then those that are over and new."""
        first, last = self.state.open_from(self.settings) or "", windows.after(self.current, self.period, -1)
        changed = [
            window
            for window, before in sorted(self.state.content.get(group, {}).items())
            if window >= first and added(before, self.contents.fingerprint(window, group))
        ]
        if group in self.state.judged:
            after = windows.after(self.state.judged[group], self.period)
            return [*changed, *windows.between(after, last, self.period)]
        # A clock that was never set (1970) would leave hundreds of empty windows behind it.
        found = [frame.filter(pl.col(WINDOW) >= self.begin)[WINDOW].min() for frame in frames]
        firsts = [str(window) for window in found if window is not None]
        # What lies before the first window that may be judged was read in part, if at all.
        oldest = max(first, min(firsts)) if firsts else windows.after(last, self.period)
        return windows.between(oldest, last, self.period)

    def known(self, window: str, group: Group) -> bool:
        """Whether a window was judged before."""
        return window <= self.state.judged.get(group, "")

    def add(
        self,
        window: str,
        group: Group,
        signals: tuple[Signal, ...],
        rows: int,
        *,
        enough: bool,
        figures: dict[str, Any] | None = None,
        **more: Any,
    ) -> None:
        """Keep a judged window and what was found."""
        again = self.known(window, group)
        content = self.contents.fingerprint(window, group)
        self.judged.append(Judged(window, group, signals, rows, enough, again, content, figures))
        said = {"rows": rows, "enough": enough, **({"revised": True} if again else {}), **more}
        self.details.setdefault(window, {})[group] = said

    def feed(self, *, broken: int) -> None:
        """Judge data quality; `broken` lines have no time and count to the newest window."""
        raw, lost, ahead = self.contents.raw, self.contents.lost, self.contents.ahead
        order = self.over("feed", raw, lost)
        contract, expected = self.use_case.contract.inputs, self.state.fed is not None
        for window in order:
            newest, mine = window == order[-1] and not self.known(window, "feed"), pl.col(WINDOW) == window
            part = raw.filter(mine).drop(TIME, WINDOW, RECEIVED, strict=False)
            found = quality(part, contract, this_month=self.month)
            feed = Feed(
                found,
                lost=lost.filter(mine).height + (broken if newest else 0),
                ahead=ahead.get(window, 0) + (ahead.get("", 0) if newest else 0),
                expected=expected,
            )
            least = self.settings.minimum_rows
            signals = feed_signals(window, feed, self.baseline.missing, minimum_rows=least)
            self.add(window, "feed", signals, part.height, enough=True, quality=found.to_dict())
            expected = expected or not part.is_empty()

    def inputs(self) -> None:
        """Judge inputs, predictions and attributions."""
        rows, contract = self.contents.rows, self.use_case.contract
        kinds = {name: kind for name, kind in self.baseline.profile.kinds.items() if name in rows.columns}
        kinds.pop(contract.target, None)
        for window in self.over("inputs", rows):
            part = rows.filter(pl.col(WINDOW) == window)
            if part.height < self.settings.minimum_rows:
                self.add(window, "inputs", (), part.height, enough=False)
                continue
            current = profile(part, kinds, capacity=CAPACITY)
            signals, compared = drift_signals(window, current, self.baseline.profile, self.baseline.usual, contract)
            joint = joint_signal(window, part, self.baseline.sample, self.baseline.joint, inputs_of(kinds, contract))
            signals += () if joint is None else (joint,)
            shares = None if self.model is None else attributions.shares(self.model, part)
            if shares is not None:
                explained = min(part.height, attributions.ROWS)
                found = attributions.attribution_signal(window, shares, self.baseline.attribution, explained)
                signals += () if found is None else (found,)
            self.add(window, "inputs", signals, part.height, enough=True, compared=compared, attribution=shares)

    def labels(self) -> None:
        """Judge in order: a new window whose labels are neither complete nor due holds up those after it."""
        rows, told, target = self.contents.rows, self.contents.told, self.use_case.contract.target
        for window in self.over("labels", rows):
            mine = pl.col(WINDOW) == window
            part, labels = rows.filter(mine), told.filter(mine)
            complete = target in told.columns and labelled(labels, target).height >= max(labels.height, 1)
            due = windows.after(window, self.period, self.settings.label_delay) < self.current
            if not (due or complete or self.known(window, "labels")):
                return
            found = judge_truths(window, part, labels, self.use_case, self.baseline)
            more = found.details
            self.add(window, "labels", found.signals, found.rows, enough=found.enough, figures=found.figures, **more)
