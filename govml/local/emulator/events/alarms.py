"""`CloudWatch Alarm State Change`, for each change that an alarm's history tells.

Fields as in the CloudWatch user guide, "Alarm events and EventBridge".
"""

from __future__ import annotations

import datetime
from typing import Any

from ministack.services import cloudwatch

from govml.local.emulator.events import bus


def _configuration(alarm: dict[str, Any]) -> dict[str, Any]:
    described = {"description": alarm.get("AlarmDescription") or ""}
    if "AlarmRule" in alarm:
        return {**described, "alarmRule": alarm["AlarmRule"]}
    metric = {
        "namespace": alarm.get("Namespace"),
        "name": alarm.get("MetricName"),
        "dimensions": {item["Name"]: item["Value"] for item in alarm.get("Dimensions") or []},
    }
    stat = alarm.get("ExtendedStatistic") or alarm.get("Statistic")
    query = {"metric": metric, "period": alarm.get("Period"), "stat": stat}
    return {**described, "metrics": [{"id": "m1", "metricStat": query, "returnData": True}]}


def install() -> None:
    """Follow each change of state that CloudWatch records with an event on the bus."""
    native = cloudwatch._record_history

    def record_history(name: str, old: str, new: str, reason: str, *rest: Any, **named: Any) -> None:
        native(name, old, new, reason, *rest, **named)
        alarm = cloudwatch._alarms.get(name) or cloudwatch._composite_alarms.get(name)
        if old == new or alarm is None:
            return
        now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
        detail = {
            "alarmName": name,
            "state": {"value": new, "reason": reason, "timestamp": now},
            "previousState": {"value": old},
            "configuration": _configuration(alarm),
        }
        bus.put("aws.cloudwatch", "CloudWatch Alarm State Change", detail, [alarm["AlarmArn"]])

    cloudwatch._record_history = record_history
