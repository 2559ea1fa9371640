"""`AlarmSet`: every alarm tells the topic, says what to do, and stays quiet without data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from bench import Stand


@pytest.fixture
def alarms(bench: Mapping[str, Stand]) -> dict[str, dict[str, Any]]:
    return {each.properties["AlarmName"]: each.properties for each in bench["Alarms"].all("AWS::CloudWatch::Alarm")}


def test_alarms_are_named_after_the_environment(alarms: dict[str, dict[str, Any]]) -> None:
    assert set(alarms) == {"bench-Failed", "bench-Slow"}


def test_alarm_and_recovery_are_told_to_the_topic(
    bench: Mapping[str, Stand], alarms: dict[str, dict[str, Any]]
) -> None:
    topic = [bench["Alerts"].one("AWS::SNS::Topic").arn]
    for alarm in alarms.values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == topic
        assert alarm.get("ActionsEnabled", True) is True


def test_the_description_begins_with_the_severity_and_names_owner_and_runbook(
    alarms: dict[str, dict[str, Any]],
) -> None:
    told = alarms["bench-Failed"]["AlarmDescription"]
    assert told == "[page] A run failed. Owner: ML engineer. Runbook: docs/operations/pipeline-failed.md."


def test_missing_data_is_no_alarm(alarms: dict[str, dict[str, Any]]) -> None:
    assert {alarm["TreatMissingData"] for alarm in alarms.values()} == {"notBreaching"}


def test_the_metric_is_the_given_one_and_reaching_the_threshold_alarms(alarms: dict[str, dict[str, Any]]) -> None:
    alarm = alarms["bench-Failed"]
    assert (alarm["Namespace"], alarm["MetricName"], alarm["Statistic"]) == ("AWS/Test", "Failures", "Sum")
    assert alarm["Dimensions"] == [{"Name": "Name", "Value": "a"}]
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanOrEqualToThreshold", 1)


def test_a_percentile_is_an_extended_statistic(alarms: dict[str, dict[str, Any]]) -> None:
    assert alarms["bench-Slow"]["ExtendedStatistic"] == "p99"
    assert "Statistic" not in alarms["bench-Slow"]
