"""The page of a served use case shows alarms that exist, and metrics of its own endpoint."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cfn_templates import Deployment
from metric_references import of_rows, published

from govml.settings.endpoint import EndpointKind
from stacks.serving.endpoint_requests import counted_by
from stacks.watching.endpoint_dashboard import endpoint_graphs

NAME = "sandbox-dev-hdb-resale-endpoint"


@pytest.fixture(scope="module")
def widgets(sandbox: Deployment) -> list[dict[str, Any]]:
    (board,) = [
        each for each in sandbox.resources("AWS::CloudWatch::Dashboard") if each.properties["DashboardName"] == NAME
    ]
    body: list[dict[str, Any]] = json.loads(board.properties["DashboardBody"])["widgets"]
    return body


def test_every_alarm_on_it_is_made_by_the_stacks(sandbox: Deployment, widgets: list[dict[str, Any]]) -> None:
    made = {each.properties["AlarmName"] for each in sandbox.resources("AWS::CloudWatch::Alarm")}
    (panel,) = [each["properties"]["alarms"] for each in widgets if each["type"] == "alarm"]
    shown = {arn.rpartition(":alarm:")[2] for arn in panel}
    assert shown <= made
    assert {name.rpartition("-")[2] for name in shown} >= {"LiveServerErrors", "LiveSlow", "drift", "feed"}


def test_every_graph_is_of_this_endpoint(widgets: list[dict[str, Any]]) -> None:
    graphs = [each["properties"] for each in widgets if each["type"] == "metric"]
    assert len(graphs) == 11
    told_by_the_server = [each for each in graphs if isinstance(each["metrics"][0][0], dict)]
    assert all('"UseCase"="hdb_resale"' in each["metrics"][0][0]["expression"] for each in told_by_the_server)
    for graph in (each for each in graphs if each not in told_by_the_server):
        assert all("sandbox-dev-hdb-resale" in metric for metric in graph["metrics"]), graph["title"]


# Kinds of endpoints that publish less than the real-time ones: what they have not (SageMaker developer guide, "Alarms and
# logs for tracking metrics" from asynchronous and from serverless endpoints).
NOT_PUBLISHED: dict[EndpointKind, set[str]] = {
    "real-time": {"ApproximateBacklogSize"},
    "asynchronous": {"Invocations", "InvocationsPerInstance", "OverheadLatency", "InvocationModelErrors"},
    "serverless": {"InvocationsPerInstance", "CPUUtilization", "ApproximateBacklogSize"},
}


@pytest.mark.parametrize("kind", sorted(NOT_PUBLISHED))
def test_no_graph_asks_for_what_this_kind_of_endpoint_does_not_publish(kind: EndpointKind) -> None:
    shown = [each for graph in endpoint_graphs("e", kind) for each in of_rows(graph.metrics, graph.title)]
    assert len(shown) > 7
    assert not {each.metric for each in shown} & NOT_PUBLISHED[kind]
    for each in shown:
        assert each.metric in published()[each.namespace, each.dimensions]
    assert counted_by(kind)[0] not in NOT_PUBLISHED[kind]
