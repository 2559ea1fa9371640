"""A correction to MiniStack's alarms: it looks at neither the dimensions nor the single periods of an alarm."""

from __future__ import annotations

import contextvars
import time
from typing import Any

import ministack.app
from ministack.services import cloudwatch

from govml.local.emulator.hosting import leases

_COMPARISONS = {
    "GreaterThanOrEqualToThreshold": lambda value, limit: value >= limit,
    "GreaterThanThreshold": lambda value, limit: value > limit,
    "LessThanThreshold": lambda value, limit: value < limit,
    "LessThanOrEqualToThreshold": lambda value, limit: value <= limit,
}


def _points(alarm: dict[str, Any]) -> list[dict[str, Any]]:
    """The data points of exactly the alarm's metric."""
    dimensions = {item["Name"]: item["Value"] for item in alarm.get("Dimensions") or []}
    found = []
    for (namespace, name, _), points in cloudwatch._metrics.items():
        if (namespace, name) == (alarm.get("Namespace"), alarm.get("MetricName")):
            found += [point for point in points if (point.get("Dimensions") or {}) == dimensions]
    return found


def _period(alarm: dict[str, Any]) -> float:
    """Seconds of one period. Where a front's clock runs faster, the periods of its endpoints' alarms do, too."""
    lease = leases.attached()
    speed = lease.speed if lease and alarm.get("Namespace") == "AWS/SageMaker" else 1.0
    return float(alarm.get("Period") or 60) / speed


def state(alarm: dict[str, Any], points: list[dict[str, Any]], now: float) -> tuple[str, str] | None:
    """Judge an alarm by its last periods.

    Args:
        alarm: as PutMetricAlarm keeps it.
        points: all data points of its metric.
        now: Unix time.

    Returns:
        The new state and the reason; None when the state is to stay.
    """
    compare = _COMPARISONS.get(alarm.get("ComparisonOperator") or "")
    if compare is None or not points:
        return None
    statistic = alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"
    period, periods = _period(alarm), int(alarm.get("EvaluationPeriods") or 1)
    values: list[float | None] = []
    for number in range(periods):
        window = [
            point for point in points if now - (number + 1) * period < point["Timestamp"] <= now - number * period
        ]
        values.append(cloudwatch._stat_value(cloudwatch._calc_stats(window), statistic, window) if window else None)
    missing = alarm.get("TreatMissingData") or "missing"
    if all(value is None for value in values) and missing in ("missing", "ignore"):
        return ("INSUFFICIENT_DATA", "no data points in the evaluated periods") if missing == "missing" else None
    limit = float(alarm.get("Threshold") or 0)
    breaching = [compare(value, limit) if value is not None else missing == "breaching" for value in values]
    needed = int(alarm.get("DatapointsToAlarm") or periods)
    word = "ALARM" if sum(breaching) >= needed else "OK"
    return word, f"Threshold Crossed: {statistic} {values} against {limit} in {sum(breaching)} of {periods} periods"


# An alarm that has just begun to ring, or was rung by hand, rings at least so long: whoever watches it hears it.
_RINGS_SECONDS = 1


def _evaluate(alarm: dict[str, Any]) -> None:
    if alarm["StateValue"] == "ALARM" and time.time() - alarm["StateUpdatedTimestamp"] <= _RINGS_SECONDS:
        return
    judged = state(alarm, _points(alarm), time.time())
    if judged is None or judged[0] == alarm["StateValue"]:
        return
    old = alarm["StateValue"]
    alarm["StateValue"], alarm["StateReason"] = judged
    alarm["StateUpdatedTimestamp"] = int(time.time())
    cloudwatch._record_history(alarm["AlarmName"], old, *judged)
    cloudwatch._dispatch_alarm_actions(alarm, old, *judged)
    cloudwatch._evaluate_parent_alarms(alarm)


_judged = [0.0]
_EVERY_SECONDS = 0.5


def judge_now_and_then() -> None:
    """Judge every alarm, as CloudWatch does by itself; MiniStack only does so when data arrive.

    Called on a worker thread, again and again, by what a front asks: without a front no metric of an endpoint changes.
    """
    now = time.monotonic()
    if now - _judged[0] >= _EVERY_SECONDS:
        _judged[0] = now
        context = contextvars.copy_context()
        ministack.app._MAIN_LOOP.call_soon_threadsafe(context.run, cloudwatch._evaluate_all_alarms)


def install() -> None:
    """Judge alarms by their own metric and periods."""
    cloudwatch._evaluate_alarm = _evaluate
