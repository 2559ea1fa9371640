"""Data that make an alarm ring, and data that calm it: found by trying, so that a new kind of alarm is covered by itself."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from govml.local.alarms.band import LEARNS_SECONDS
from govml.local.alarms.definition import Alarm, Metric
from govml.local.alarms.evaluation import State, judge
from govml.local.alarms.samples import Sample

Data = dict[Metric, list[Sample]]
MORE_PERIODS = 3
"""After so many periods more than an alarm is judged by, nothing is left of what was before."""


@dataclass
class Store:
    """Samples of metrics."""

    data: Data = field(default_factory=dict)

    def add(self, data: Mapping[Metric, list[Sample]]) -> None:
        for metric, samples in data.items():
            self.data.setdefault(metric, []).extend(samples)

    def of(self, metric: Metric) -> list[Sample]:
        return self.data.get(metric, [])


def usual_data(alarm: Alarm, now: float) -> Data:
    """Return two weeks of what is usual, up to the periods that are judged at `now`; nothing for an alarm without a band."""
    if not alarm.band:
        return {}
    periods = range(alarm.periods + MORE_PERIODS, int(LEARNS_SECONDS / alarm.period))
    times = [(number, now - (number + 0.5) * alarm.period) for number in periods]
    return {metric: [Sample.of(time, 99 + number % 3) for number, time in times] for metric in alarm.metrics}


def driving(alarm: Alarm, wanted: State, now: float, store: Store) -> Data:
    """Return data of the judged periods that bring the alarm into a state, whatever has been before.

    Args:
        alarm: the alarm.
        wanted: the state.
        now: Unix time at which it is judged.
        store: what is known already.

    Raises:
        AssertionError: nothing that was tried does.
    """
    metrics = list(alarm.metrics)
    for values in itertools.product(list(_candidates(alarm)), repeat=len(metrics)):
        data = {
            metric: [Sample.of(now - (number + 0.5) * alarm.period, value) for number in range(alarm.periods)]
            for metric, value in zip(metrics, values, strict=True)
        }
        found = judge(alarm, lambda metric, data=data: store.of(metric) + data[metric], now)  # type: ignore[misc]
        if found and found.state == wanted:
            return data
    raise AssertionError(f"{alarm.name}: no data bring it to {wanted}: who could make it ring?")


def _candidates(alarm: Alarm) -> Iterator[float]:
    """Values worth trying: around the threshold, and far from it."""
    yield from sorted({0.0, 1.0, 100.0, 1e9, alarm.threshold, max(alarm.threshold - 1, 0.0), alarm.threshold + 1})
