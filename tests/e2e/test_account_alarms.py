"""Every alarm of the deployed sandbox rings in the account, is told to the topic, and ends; generated from what is deployed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from alarm_drive import MORE_PERIODS, Data, Store, driving, usual_data
from alert_tap import AlertTap, listening
from deployed_resources import Resource, of_type

from govml.local import Connection
from govml.local.alarms.definition import Alarm, read_alarm
from govml.local.own_operations import call

pytestmark = pytest.mark.local_account

_MOST = 1000  # data of one PutMetricData


class Ringing:
    """The alarms of the account, and a clock of theirs that can be put ahead."""

    def __init__(self, account: Connection, tap: AlertTap) -> None:
        self.account, self.tap = account, tap
        self._cloudwatch, self._store = account.client("cloudwatch"), Store()
        pages = self._cloudwatch.get_paginator("describe_alarms").paginate(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
        found = [each for page in pages for kind in ("MetricAlarms", "CompositeAlarms") for each in page.get(kind, ())]
        self.told = {each["AlarmName"] for each in found if each.get("AlarmActions")}
        self.alarms = [read_alarm(each) for each in found if "AlarmRule" not in each]
        self.names = {each["AlarmName"] for each in found}

    def drive(self, state: Any, now: float, alarms: list[Alarm] | None = None) -> None:
        for alarm in self.alarms if alarms is None else alarms:
            self.put(driving(alarm, state, now, self._store))

    def put(self, data: Data) -> None:
        self._store.add(data)
        for metric, samples in data.items():
            common = {
                "MetricName": metric.name,
                "Dimensions": [{"Name": name, "Value": value} for name, value in sorted(metric.dimensions)],
            }
            rows = [
                {**common, "Timestamp": datetime.fromtimestamp(each.time, UTC), "Value": each.total} for each in samples
            ]
            for first in range(0, len(rows), _MOST):
                self._cloudwatch.put_metric_data(Namespace=metric.namespace, MetricData=rows[first : first + _MOST])

    def judged(self, ahead: float) -> dict[str, str]:
        """Name -> state, with the alarms' clock so many seconds ahead."""
        return call(self.account, "/govml-alarms/judge", ahead_seconds=ahead)


@pytest.fixture
def ringing(local_account: Connection, found: list[Resource]) -> Iterator[Ringing]:
    (topic,) = of_type(found, "SNS::Topic")
    with listening(local_account, topic) as tap:
        made = Ringing(local_account, tap)
        try:
            yield made
        finally:
            call(local_account, "/govml-alarms/judge", ahead_seconds=0)


def test_every_deployed_alarm_rings_and_ends(ringing: Ringing, found: list[Resource]) -> None:
    deployed = {*of_type(found, "CloudWatch::Alarm"), *of_type(found, "CloudWatch::CompositeAlarm")}
    assert deployed <= ringing.names
    assert len(deployed) >= 15
    longest = max((each.periods + MORE_PERIODS) * each.period for each in ringing.alarms)
    start = time.time()
    for alarm in ringing.alarms:
        ringing.put(usual_data(alarm, start + longest))
    ringing.drive("OK", start + longest)
    calm = ringing.judged(longest)
    assert {name for name in deployed if calm[name] != "OK"} == set()
    ringing.tap.messages()

    ringing.drive("ALARM", start + 2 * longest)
    rung = ringing.judged(2 * longest)
    assert {name for name in deployed if rung[name] != "ALARM"} == set()
    told = ringing.tap.alarms()
    assert {name for name in deployed & ringing.told if told.get(name) != "ALARM"} == set()

    ringing.drive(
        "OK", start + 4 * longest, [each for each in ringing.alarms if each.missing in ("ignore", "breaching")]
    )
    over = ringing.judged(4 * longest)
    assert {name for name in deployed if over[name] != "OK"} == set()
    told = ringing.tap.alarms()
    assert {name for name in deployed & ringing.told if told.get(name) != "OK"} == set()
