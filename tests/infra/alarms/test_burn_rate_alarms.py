"""`BurnRateAlarms` and the rules that promises become: two windows together, and the share that each stands for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from bench import Stand
from hypothesis import given
from hypothesis import strategies as st

from govml.service_levels.burn_rate import BURN_RATES
from govml.settings.endpoint import ObjectiveSettings
from stacks.serving.service_level_alarms import burn_rules

ALARM, TOGETHER = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"


@pytest.fixture
def windows(bench: Mapping[str, Stand]) -> dict[str, dict[str, Any]]:
    return {each.properties["AlarmName"]: each.properties for each in bench["Promises"].all(ALARM)}


def test_both_windows_together_tell_the_topic_and_none_alone(
    bench: Mapping[str, Stand], windows: dict[str, dict[str, Any]]
) -> None:
    assert not [name for name, each in windows.items() if each.get("AlarmActions") or each.get("OKActions")]
    together = {each.properties["AlarmName"]: each.properties for each in bench["Promises"].all(TOGETHER)}
    assert set(together) == {"bench-serve-AvailabilityBurns6x", "bench-serve-LatencyBurns3x"}
    for name, each in together.items():
        assert each["AlarmRule"] == f'ALARM("{name}Long") AND ALARM("{name}Short")'
        assert {f"{name}Long", f"{name}Short"} <= set(windows)
        assert each["AlarmActions"] == each["OKActions"] == [bench["Alerts"].one("AWS::SNS::Topic").arn]
    told = together["bench-serve-AvailabilityBurns6x"]["AlarmDescription"]
    assert told == "[page] Too many fail. Owner: ML engineer. Runbook: docs/operations/service-level.md."


def test_a_window_judges_the_share_of_bad_requests_over_its_whole_length(windows: dict[str, dict[str, Any]]) -> None:
    for name, seconds in (("AvailabilityBurns6xLong", 21_600), ("AvailabilityBurns6xShort", 1_800)):
        each = windows[f"bench-serve-{name}"]
        bad, requests, share = each["Metrics"]
        assert {bad["MetricStat"]["Period"], requests["MetricStat"]["Period"]} == {seconds}
        assert bad["MetricStat"]["Metric"]["MetricName"] == "Invocation5XXErrors"
        assert share["Expression"] == "IF(all > 0, FILL(bad, 0) / all, 0)"
        assert (each["Threshold"], each["EvaluationPeriods"]) == (0.03, 1)


def test_slow_requests_are_those_beyond_the_limit_in_microseconds(windows: dict[str, dict[str, Any]]) -> None:
    good, _, share = windows["bench-serve-LatencyBurns3xLong"]["Metrics"]
    assert good["MetricStat"]["Stat"] == "PR(:500000)"  # 500 ms
    assert share["Expression"] == "IF(all > 0, 1 - good / 100, 0)"
    assert [each["Id"] for each in windows["bench-serve-LatencyBurns3xLong"]["Metrics"] if each["ReturnData"]] == [
        "share"
    ]


def test_without_a_promise_there_are_no_rules() -> None:
    assert burn_rules("serve", ObjectiveSettings()) == []


def test_a_promise_of_99_5_percent_burns_14_times_too_fast_at_7_percent_of_errors() -> None:
    rules = {rule.construct_id: rule for rule in burn_rules("serve", ObjectiveSettings(answered_percent=99.5))}
    assert set(rules) == {"AvailabilityBurns14p4x", "AvailabilityBurns6x", "AvailabilityBurns3x"}
    assert rules["AvailabilityBurns14p4x"].bad_share == pytest.approx(0.072)
    assert {rule.severity for rule in rules.values()} == {"page", "ticket"}


@given(st.floats(50, 99.99), st.floats(50, 99.99), st.integers(1, 60_000))
def test_every_rule_can_be_an_alarm_and_can_ring(answered: float, in_time: float, limit: int) -> None:
    promised = ObjectiveSettings(answered_percent=answered, in_time_percent=in_time, in_time_ms=limit)
    rules = burn_rules("serve", promised)
    assert len({rule.construct_id for rule in rules}) == len(rules) <= 2 * len(BURN_RATES)
    for rule in rules:
        assert 0 < rule.bad_share < 1
        assert rule.long_minutes <= 24 * 60  # the longest period of an alarm
        assert rule.long_minutes == 12 * rule.short_minutes
        assert (rule.slow_ms is None) == rule.construct_id.startswith("Availability")
