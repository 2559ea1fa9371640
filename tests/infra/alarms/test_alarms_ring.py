"""Every alarm of every profile rings on data, tells those whom it is for, and ends: made from the templates, none by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from alarm_board import AlarmBoard, Change
from alarm_drive import MORE_PERIODS, driving, usual_data
from cfn_templates import Resource, Template
from profiles import Profile

from govml.local.alarms.definition import Alarm

NOW = 1_800_000_000.0
ALARMS = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
SUBSCRIPTION = "AWS::SNS::Subscription"


def boards(profile: Profile) -> Iterator[tuple[AlarmBoard, list[Resource]]]:
    """The alarms of each environment, with the subscriptions of its topic."""
    for _, templates in profile.environments():
        found = [each.properties for template in templates for each in template.all(*ALARMS)]
        if found:
            yield AlarmBoard(found), _all(templates, SUBSCRIPTION)


def _all(templates: list[Template], kind: str) -> list[Resource]:
    return [each for template in templates for each in template.all(kind)]


def heard(change: Change, subscriptions: list[Resource]) -> set[str]:
    """Addresses that get the message of a change: SNS looks at the body of what an alarm sends."""
    return {
        each.properties["Endpoint"]
        for each in subscriptions
        if each.properties["TopicArn"] in change.told and _passes(change, each.properties)
    }


def _passes(change: Change, subscription: Mapping[str, Any]) -> bool:
    policy = subscription.get("FilterPolicy")
    if policy is None:
        return True
    assert subscription["FilterPolicyScope"] == "MessageBody"
    ((prefix,),) = (each.values() for each in policy["AlarmDescription"])
    return change.description.startswith(prefix)


def ends(alarm: Alarm) -> float:
    """Seconds after which nothing is left of what made the alarm ring."""
    return (alarm.periods + MORE_PERIODS) * alarm.period


def test_every_alarm_rings_is_told_and_ends(profile: Profile) -> None:
    for board, subscriptions in boards(profile):
        everybody = {each.properties["Endpoint"] for each in subscriptions}
        for alarm in board.alarms.values():
            board.store.add(usual_data(alarm, NOW))
        for alarm in board.alarms.values():
            board.store.add(driving(alarm, "OK", NOW - ends(alarm), board.store))
            if alarm.missing == "breaching":  # silence rings
                board.store.add(driving(alarm, "OK", NOW - alarm.period, board.store))
        board.judge(NOW)
        calm = [name for name, state in board.states.items() if state == "ALARM"]
        assert not calm, f"rings although nothing is wrong: {calm}"

        for alarm in board.alarms.values():
            board.store.add(driving(alarm, "ALARM", NOW, board.store))
        rung = {change.alarm: change for change in board.judge(NOW) if change.state == "ALARM"}
        assert set(rung) == set(board.states)
        for change in rung.values():
            if change.told:
                pages = change.description.startswith("[page]")
                assert heard(change, subscriptions) == everybody if pages else heard(change, subscriptions)
        assert {name for name, change in rung.items() if change.told}

        later = NOW + max(ends(alarm) for alarm in board.alarms.values())
        for alarm in board.alarms.values():
            if alarm.missing in ("ignore", "breaching"):  # only a look that finds it whole ends it
                board.store.add(driving(alarm, "OK", later, board.store))
        over = {change.alarm: change for change in board.judge(later) if change.state == "OK"}
        assert set(over) == set(rung)
        for name, change in over.items():
            assert heard(change, subscriptions) == heard(rung[name], subscriptions)


def test_an_alarm_that_nothing_can_fire_is_found() -> None:
    never = {
        "AlarmName": "never",
        "Namespace": "N",
        "MetricName": "M",
        "Statistic": "SampleCount",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 5,
        "ComparisonOperator": "LessThanThreshold",
        "Metrics": [
            {
                "Id": "a",
                "MetricStat": {"Metric": {"Namespace": "N", "MetricName": "M"}, "Period": 60, "Stat": "Sum"},
                "ReturnData": False,
            },
            {"Id": "b", "Expression": "IF(a > a, 1, 9)"},
        ],
    }
    board = AlarmBoard([never])
    with pytest.raises(AssertionError, match="never: no data bring it to ALARM"):
        driving(board.alarms["never"], "ALARM", NOW, board.store)
