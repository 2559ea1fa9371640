"""A correction to MiniStack's alarms: it looks at neither the dimensions nor the single periods of an alarm, nor at math."""

from __future__ import annotations

import contextvars
import time
from collections.abc import Iterator
from typing import Any

import ministack.app
from ministack.services import cloudwatch

from govml.errors import UserError
from govml.local.alarms.definition import Metric, read_alarm
from govml.local.alarms.evaluation import judge
from govml.local.alarms.samples import Sample
from govml.local.emulator.hosting import leases

_ahead = [0.0]
# An alarm that has just begun to ring, or was rung by hand, rings at least so long: whoever watches it hears it.
_RINGS_SECONDS = 1


def _samples(metric: Metric) -> Iterator[Sample]:
    """The data points of exactly this metric."""
    for (namespace, name, _), points in list(cloudwatch._metrics.items()):
        if (namespace, name) != (metric.namespace, metric.name):
            continue
        for point in points:
            if frozenset((point.get("Dimensions") or {}).items()) == metric.dimensions:
                yield Sample(float(point["Timestamp"]), *cloudwatch._point_stats(point))


def _speed(alarm: dict[str, Any]) -> float:
    """How much faster a front's clock runs: the periods of its endpoints' alarms do, too."""
    lease = leases.attached()
    return lease.speed if lease and alarm.get("Namespace") == "AWS/SageMaker" else 1.0


def _evaluate(alarm: dict[str, Any]) -> None:
    if (
        not _ahead[0]
        and alarm["StateValue"] == "ALARM"
        and time.time() - alarm["StateUpdatedTimestamp"] <= _RINGS_SECONDS
    ):
        return
    try:
        judged = judge(
            read_alarm(alarm), lambda metric: list(_samples(metric)), time.time() + _ahead[0], speed=_speed(alarm)
        )
    except UserError as error:
        alarm["StateReason"] = str(error)
        return
    if judged is None or judged.state == alarm["StateValue"]:
        return
    old = alarm["StateValue"]
    alarm["StateValue"], alarm["StateReason"] = judged.state, judged.reason
    alarm["StateUpdatedTimestamp"] = int(time.time())
    cloudwatch._record_history(alarm["AlarmName"], old, judged.state, judged.reason)
    cloudwatch._dispatch_alarm_actions(alarm, old, judged.state, judged.reason)
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


PATH = "/govml-alarms/judge"


def judge_at(ahead_seconds: float) -> dict[str, str]:
    """Judge every alarm as if it were later, so that nobody has to wait for the end of a period; return name -> state.

    Args:
        ahead_seconds: by how much the clock of alarms is ahead from now on; 0 for the time of day.
    """
    _ahead[0] = ahead_seconds
    cloudwatch._evaluate_all_alarms()
    return {
        name: alarm["StateValue"]
        for kept in (cloudwatch._alarms, cloudwatch._composite_alarms)
        for name, alarm in kept.items()
    }


def install() -> None:
    """Judge alarms by their own metrics and periods."""
    cloudwatch._evaluate_alarm = _evaluate
