"""`OverviewDashboard`: one page that says how an environment, or a part of it, is doing."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from govml_constructs.monitoring.dashboard_widgets import Graph, LogTable
from govml_constructs.place import PlacedConstruct, place_of
from govml_constructs.substitution import as_json_text

_COLUMNS = 24  # CloudWatch's grid is 24 wide
_HEIGHT = 6


class OverviewDashboard(PlacedConstruct):
    """A dashboard with the alarms on top, two graphs a row below, and the tables of logs at the end.

    Args:
        name: physical name.
        heading: Markdown above everything.
        alarm_arns: alarms whose state is shown; none shows no alarm panel.
        graphs: the graphs, in reading order.
        tables: what is found in logs, one table a row.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        heading: str,
        alarm_arns: Sequence[str],
        graphs: Sequence[Graph],
        tables: Sequence[LogTable] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        region = place_of(self).region
        widgets: list[dict[str, object]] = [_widget("text", (0, 0, _COLUMNS, 2), {"markdown": heading})]
        top = 2
        if alarm_arns:
            widgets.append(_widget("alarm", (0, top, _COLUMNS, 4), {"title": "Alarms", "alarms": list(alarm_arns)}))
            top += 4
        for number, graph in enumerate(graphs):
            row, column = divmod(number, 2)
            widgets.append(_widget("metric", (column * 12, top + row * _HEIGHT, 12, _HEIGHT), graph.properties(region)))
        top += -(-len(graphs) // 2) * _HEIGHT
        for number, table in enumerate(tables):
            widgets.append(_widget("log", (0, top + number * _HEIGHT, _COLUMNS, _HEIGHT), table.properties(region)))
        body = as_json_text({"widgets": widgets})
        self.resource = cloudwatch.CfnDashboard(self, "Dashboard", dashboard_name=name, dashboard_body=body)


def _widget(kind: str, place: tuple[int, int, int, int], properties: dict[str, object]) -> dict[str, object]:
    x, y, width, height = place
    return {"type": kind, "x": x, "y": y, "width": width, "height": height, "properties": properties}
