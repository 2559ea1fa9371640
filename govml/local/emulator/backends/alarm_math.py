"""A correction to MiniStack: it refuses alarms on metric math and on anomaly bands, which our own judgement knows."""

from __future__ import annotations

from typing import Any

from ministack.services.cloudformation import provisioners

from govml.local.alarms.definition import read_alarm

_KEPT = ("Metrics", "ThresholdMetricId")


def install() -> None:
    """Keep the queries of an alarm, and describe it by them."""
    native = provisioners._cw_metric_alarm_record

    def record(name: str, properties: dict[str, Any]) -> dict[str, Any]:
        if not properties.get("Metrics"):
            made: dict[str, Any] = native(name, properties)
            return made
        plain = {key: value for key, value in properties.items() if key not in _KEPT}
        made = native(name, {"MetricName": "-", "Namespace": "-", "Threshold": 0, **plain})
        for single in ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Dimensions", "Unit"):
            del made[single]
        made |= {key: properties[key] for key in _KEPT if key in properties}
        if "Threshold" not in properties:
            del made["Threshold"]
        read_alarm(made)  # what is malformed is refused with the stack, not found when the alarm is judged
        return made

    provisioners._cw_metric_alarm_record = record
