"""The state of the alarms that guard a deployment, as the account's CloudWatch has it."""

from __future__ import annotations

from typing import Any


def ringing(cloudwatch: Any, names: tuple[str, ...]) -> list[str]:
    """Return those of the alarms that are in the state ALARM.

    Args:
        cloudwatch: boto3 client of CloudWatch.
        names: names of metric or composite alarms.
    """
    if not names:
        return []
    answer = cloudwatch.describe_alarms(AlarmNames=list(names), AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    found = [*answer.get("MetricAlarms", []), *answer.get("CompositeAlarms", [])]
    return sorted(alarm["AlarmName"] for alarm in found if alarm["StateValue"] == "ALARM")
