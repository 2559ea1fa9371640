"""`OverviewDashboard`: heading, alarms, graphs; nothing overlaps, nothing leaves the grid."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from bench import BenchStack, Stand

from govml_constructs.monitoring.dashboard_widgets import Graph
from govml_constructs.monitoring.overview_dashboard import OverviewDashboard


def body(dashboard: str) -> list[dict[str, Any]]:
    widgets: list[dict[str, Any]] = json.loads(dashboard)["widgets"]
    return widgets


@pytest.fixture
def widgets(bench: Mapping[str, Stand]) -> list[dict[str, Any]]:
    return body(bench["Overview"].one("AWS::CloudWatch::Dashboard").properties["DashboardBody"])


def test_heading_alarms_and_graphs_come_in_this_order(widgets: list[dict[str, Any]]) -> None:
    assert [each["type"] for each in widgets] == ["text", "alarm", "metric", "metric", "metric"]
    assert widgets[0]["properties"] == {"markdown": "# Bench"}
    assert [each["properties"]["title"] for each in widgets[2:]] == ["Graph 0", "Graph 1", "Graph 2"]


def test_the_panel_shows_every_alarm(bench: Mapping[str, Stand], widgets: list[dict[str, Any]]) -> None:
    alarms = {each.arn for each in bench["Alarms"].all("AWS::CloudWatch::Alarm")}
    assert set(widgets[1]["properties"]["alarms"]) == alarms


def test_widgets_neither_overlap_nor_leave_the_grid(widgets: list[dict[str, Any]]) -> None:
    cells = [
        (x, y)
        for each in widgets
        for x in range(each["x"], each["x"] + each["width"])
        for y in range(each["y"], each["y"] + each["height"])
    ]
    assert len(cells) == len(set(cells))
    assert {0 <= x < 24 for x, _ in cells} == {True}


def test_graphs_are_of_the_stack_s_region(widgets: list[dict[str, Any]]) -> None:
    assert {each["properties"]["region"] for each in widgets[2:]} == {"ap-southeast-1"}


def test_without_alarms_there_is_no_panel(scratch: BenchStack) -> None:
    graph = Graph(title="One", metrics=[["AWS/Test", "Failures"]])
    board = OverviewDashboard(scratch, "Board", name="board", heading="#", alarm_arns=[], graphs=[graph])
    text = scratch.resolve(board.resource.dashboard_body)
    assert [each["type"] for each in body(text)] == ["text", "metric"]
