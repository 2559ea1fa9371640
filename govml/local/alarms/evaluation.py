"""Judges an alarm at a moment by the rules of CloudWatch's user guide, "Evaluating an alarm" and "missing data".

CloudWatch fetches more periods than an alarm is judged by (how many it does not say: two more here, as in its examples), so
that late data count: the newest periods with data decide, and only where there are too few of them are gaps filled.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from govml.local.alarms import expression
from govml.local.alarms.band import LEARNS_SECONDS, usual
from govml.local.alarms.definition import Alarm, Metric
from govml.local.alarms.samples import Sample, statistic

State = Literal["OK", "ALARM", "INSUFFICIENT_DATA"]
Samples = Callable[[Metric], Sequence[Sample]]
_MORE_PERIODS = 2
_COMPARISONS: dict[str, Callable[[float, float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": lambda value, low, _: value >= low,
    "GreaterThanThreshold": lambda value, low, _: value > low,
    "LessThanThreshold": lambda value, low, _: value < low,
    "LessThanOrEqualToThreshold": lambda value, low, _: value <= low,
    "LessThanLowerOrGreaterThanUpperThreshold": lambda value, low, high: value < low or value > high,
    "LessThanLowerThreshold": lambda value, low, _: value < low,
    "GreaterThanUpperThreshold": lambda value, _, high: value > high,
}


@dataclass(frozen=True)
class Judgement:
    """What an alarm is found to be, and why."""

    state: State
    reason: str


def judge(alarm: Alarm, samples: Samples, now: float, *, speed: float = 1) -> Judgement | None:
    """Judge an alarm.

    Args:
        alarm: the alarm.
        samples: gives all samples of a metric.
        now: Unix time.
        speed: how much faster than real time the metrics' own clock runs; periods are so much shorter.

    Returns:
        The state; None when the present one is to stay.

    Raises:
        UserError: a statistic or an expression is not known here.
    """
    period = alarm.period / speed
    found = {metric: sorted(samples(metric), key=lambda each: each.time) for metric in alarm.metrics}
    shown = [_Period(alarm, found, now - number * period, period) for number in range(alarm.periods + _MORE_PERIODS)]
    judged = [each.breaching() for each in shown]
    known = [each for each in judged if each is not None][: alarm.periods]
    reason = f"{[each.value for each in shown]} against {alarm.threshold:g}, {alarm.to_alarm} of {alarm.periods}"
    state = _state(alarm, known)
    return Judgement(state, reason) if state else None


def _state(alarm: Alarm, known: Sequence[bool]) -> State | None:
    """Judge by the newest periods with data; gaps are filled as far as there are too few of them."""
    gaps = alarm.periods - len(known)
    if alarm.missing == "breaching" or (alarm.missing == "notBreaching" and gaps):
        filled = [*known, *[alarm.missing == "breaching"] * gaps]
        return "ALARM" if sum(filled) >= alarm.to_alarm else "OK"
    if not known:
        return "INSUFFICIENT_DATA" if alarm.missing == "missing" else None
    if sum(known) >= alarm.to_alarm:
        return "ALARM"
    if gaps and all(known):  # nothing but breaching data, and too few of them
        return "ALARM" if alarm.missing == "missing" else None
    return "OK"


def _between(samples: list[Sample], after: float, until: float) -> list[Sample]:
    first, last = (bisect_right(samples, moment, key=lambda each: each.time) for moment in (after, until))
    return samples[first:last]


class _Period:
    """One period: the values of all queries in it."""

    def __init__(self, alarm: Alarm, samples: dict[Metric, list[Sample]], end: float, length: float) -> None:
        self._alarm, self._samples, self._end, self._length = alarm, samples, end, length
        self.value = self._values(end).get(alarm.watched)

    def breaching(self) -> bool | None:
        """Whether the watched value breaches its limit; None without a value, or without a band."""
        limits = self._limits()
        if self.value is None or limits is None:
            return None
        return _COMPARISONS[self._alarm.comparison](self.value, *limits)

    def _limits(self) -> tuple[float, float] | None:
        alarm = self._alarm
        if not alarm.band:
            return alarm.threshold, alarm.threshold
        query = next(each for each in alarm.queries if each.name == alarm.band)
        around = expression.band_of(query.expression)
        if around is None:
            return None
        before = int(LEARNS_SECONDS / alarm.period)
        judged = alarm.periods + _MORE_PERIODS
        ends = [self._end - number * self._length for number in range(judged, before)]
        history = {end: self._values(end).get(around[0]) for end in ends}
        return usual({end: value for end, value in history.items() if value is not None}, self._end, around[1])

    def _values(self, end: float) -> dict[str, float | None]:
        values: dict[str, float | None] = {}
        pending = []
        for query in self._alarm.queries:
            if query.metric is None:
                pending.append(query)
                continue
            inside = _between(self._samples[query.metric], end - self._length, end)
            values[query.name] = statistic(query.statistic, inside) if inside else None
        for query in pending:
            if expression.band_of(query.expression) is None:
                values[query.name] = expression.evaluate(query.expression, values)
        return values
