"""The containers' logs on their way to the account and to a Prometheus: whole lines, once, and no fault stops the front."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from govml.local.hosting import logs
from govml.local.hosting.logs import Forwarding, LogFollower
from govml.telemetry.forwarder.delivery import NotDelivered


class FakeLogs:
    """CloudWatch Logs with the groups that it is given."""

    def __init__(self, *groups: str) -> None:
        self.groups, self.streams = groups, list[str]()
        self.lines: list[str] = []

    def create_log_stream(self, *, logGroupName: str, logStreamName: str) -> None:  # noqa: N803
        if logGroupName not in self.groups:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "CreateLogStream")
        if logStreamName in self.streams:
            raise ClientError({"Error": {"Code": "ResourceAlreadyExistsException"}}, "CreateLogStream")
        self.streams.append(logStreamName)

    def put_log_events(self, *, logEvents: list[dict[str, Any]], **_: str) -> None:  # noqa: N803
        self.lines += [each["message"] for each in logEvents]


def test_whole_lines_are_sent_once(tmp_path: Path) -> None:
    account, log, forwarded = FakeLogs("/aws/sagemaker/Endpoints/e"), tmp_path / "e-live-0.log", list[Sequence[str]]()
    log.write_text("of a front before\n")
    follower = LogFollower(account, forwarded.append)
    follower.follow("e", log)
    with log.open("a") as stream:
        stream.write("one\ntw")
        stream.flush()
        follower.flush()
        assert account.lines == ["one"]
        stream.write("o\n\n")
        stream.flush()
    follower.flush()
    follower.flush()
    assert account.lines == ["one", "two"]  # an event cannot be empty
    assert forwarded == [["one"], ["two", ""]]
    assert account.streams == ["e-live-0"]


def test_a_front_goes_on_with_the_stream_of_the_one_before(tmp_path: Path) -> None:
    account, log = FakeLogs("/aws/sagemaker/Endpoints/e"), tmp_path / "e-live-0.log"
    account.streams.append("e-live-0")
    follower = LogFollower(account)
    follower.follow("e", log)
    follower.flush()  # nothing has been written yet
    log.write_text("one\n")
    follower.flush()
    assert account.lines == ["one"]


def test_an_endpoint_without_a_log_group_stops_nothing(tmp_path: Path) -> None:
    account, log = FakeLogs(), tmp_path / "e-live-0.log"
    follower = LogFollower(account)
    follower.follow("e", log)
    log.write_text("one\n")
    follower.flush()
    assert account.lines == []


def test_metrics_wait_for_a_prometheus_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    away, sent, told = [True], list[int](), list[str]()

    def deliver(lines: Sequence[Any], post: object) -> None:
        if away[0]:
            raise NotDelivered("nobody there")
        sent.append(len(lines))

    monkeypatch.setattr(logs, "deliver", deliver)
    point = {"asInt": "1", "timeUnixNano": "1000000"}
    metric = {"name": "m", "sum": {"aggregationTemporality": 2, "dataPoints": [point]}}
    line = json.dumps({"resourceMetrics": [{"scopeMetrics": [{"metrics": [metric]}]}]}, separators=(",", ":"))
    forwarding = Forwarding("http://127.0.0.1:9/", told.append)
    forwarding([line, "something else"])
    forwarding([line])
    assert told == ["metrics wait: nobody there"]
    away[0] = False
    forwarding([line])
    forwarding(["something else"])
    assert sent == [3, 0]
