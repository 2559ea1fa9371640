"""Alarms of the local account: their own metric, their own periods, m of n, and what missing data mean."""

from __future__ import annotations

from typing import Any

import pytest

NOW = 1_000_000.0


def judged(alarm: dict[str, Any], points: list[tuple[float, float]]) -> str | None:
    """State of an alarm on an average above 0.5 a minute; points are (seconds ago, value)."""
    from govml.local.emulator.backends.alarm_evaluation import state

    base = {
        "Namespace": "N",
        "MetricName": "M",
        "Statistic": "Average",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 0.5,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    data = [{"Timestamp": NOW - ago, "Value": value, "Dimensions": {}} for ago, value in points]
    found = state({**base, **alarm}, data, NOW)
    return found[0] if found else None


def test_the_last_period_decides() -> None:
    assert judged({}, [(10, 1.0)]) == "ALARM"
    assert judged({}, [(10, 0.1), (70, 1.0)]) == "OK"


def test_m_of_n_periods_must_breach() -> None:
    alarm = {"EvaluationPeriods": 3, "DatapointsToAlarm": 2}
    assert judged(alarm, [(10, 1.0), (70, 0.0), (130, 1.0)]) == "ALARM"
    assert judged(alarm, [(10, 1.0), (70, 0.0), (130, 0.0)]) == "OK"


@pytest.mark.parametrize(
    ("missing", "expected"),
    [("notBreaching", "OK"), ("breaching", "ALARM"), ("missing", "INSUFFICIENT_DATA"), ("ignore", None)],
)
def test_old_data_alone_are_missing_data(missing: str, expected: str | None) -> None:
    assert judged({"TreatMissingData": missing}, [(300, 1.0)]) == expected


def test_without_any_data_the_state_stays() -> None:
    assert judged({"TreatMissingData": "breaching"}, []) is None


def test_a_percentile_is_of_the_periods_own_data() -> None:
    alarm = {"Statistic": None, "ExtendedStatistic": "p99", "Threshold": 100.0}
    assert judged(alarm, [(number / 10, 10.0) for number in range(100)]) == "OK"
    assert judged(alarm, [(number / 10, 10.0 if number % 10 else 500.0) for number in range(100)]) == "ALARM"
