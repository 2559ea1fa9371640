"""Alarms reach an address that wants a key: a server of this machine, behind the emulator's API destination."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any

import pytest

from govml.local import Connection
from govml_constructs.monitoring.authenticated_route import _FIELDS

NAME = "route-test"


class Desk(BaseHTTPRequestHandler):
    """Takes one request after another."""

    server: Any

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = self.server.answers.pop(0) if self.server.answers else 200
        self.server.taken.put((answer, self.headers.get("Authorization"), body))
        self.send_response(answer)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Stay quiet."""


@pytest.fixture
def desk() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    server.taken, server.answers = Queue(), []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.local_account
def test_an_alarm_comes_with_the_key_and_its_runbook(bare_account: Connection, desk: Any) -> None:
    events, cloudwatch = bare_account.client("events"), bare_account.client("cloudwatch")
    key = {"ApiKeyAuthParameters": {"ApiKeyName": "Authorization", "ApiKeyValue": "Bearer not-a-key"}}
    connection = events.create_connection(Name=NAME, AuthorizationType="API_KEY", AuthParameters=key)["ConnectionArn"]
    destination = events.create_api_destination(
        Name=NAME,
        ConnectionArn=connection,
        HttpMethod="POST",
        InvocationEndpoint=f"http://127.0.0.1:{desk.server_address[1]}/alarms",
    )["ApiDestinationArn"]
    pattern = {"source": ["aws.cloudwatch"], "detail": {"alarmName": [{"prefix": f"{NAME}-"}]}}
    events.put_rule(Name=NAME, EventPattern=json.dumps(pattern))
    template = json.dumps({each: f"<{each}>" for each in _FIELDS})
    transformer = {"InputPathsMap": _FIELDS, "InputTemplate": template}
    role = f"arn:aws:iam::{bare_account.account}:role/any"
    events.put_targets(
        Rule=NAME,
        Targets=[{"Id": "desk", "Arn": destination, "RoleArn": role, "InputTransformer": transformer}],
    )
    told = "[page] The endpoint fails. Owner: ML engineer. Runbook: docs/operations/endpoint.md."
    cloudwatch.put_metric_alarm(
        AlarmName=f"{NAME}-Failing",
        AlarmDescription=told,
        Namespace="N",
        MetricName="M",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        TreatMissingData="ignore",
    )
    try:
        cloudwatch.put_metric_data(Namespace="N", MetricData=[{"MetricName": "M", "Value": 1}])
        answer, authorization, body = desk.taken.get(timeout=30)
        assert (answer, authorization) == (200, "Bearer not-a-key")
        assert (body["alarm"], body["state"], body["description"]) == (f"{NAME}-Failing", "ALARM", told)
    finally:
        cloudwatch.delete_alarms(AlarmNames=[f"{NAME}-Failing"])
        events.remove_targets(Rule=NAME, Ids=["desk"])
        events.delete_rule(Name=NAME)
        events.delete_api_destination(Name=NAME)
        events.delete_connection(Name=NAME)
