"""The few kinds of panels that the dashboards are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias, TypeVar

from grafana_foundation_sdk.builders import common, dashboard, heatmap, stat, statetimeline, table, timeseries
from grafana_foundation_sdk.models.common import GraphThresholdsStyleMode, VisibilityMode
from grafana_foundation_sdk.models.dashboard import DataSourceRef, Threshold, ThresholdsMode
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

from govml.grafana.authoring.queries import Query, asked
from govml.grafana.authoring.sources import CLOUDWATCH, PROMETHEUS

#: Grafana's grid is 24 wide: two panels a row.
_HALF, _HEIGHT, _LOW = 12, 8, 4
_GREEN, _RED, _NONE = "green", "red", "transparent"

_Panel = TypeVar("_Panel", timeseries.Panel, heatmap.Panel, stat.Panel, table.Panel, statetimeline.Panel)


def lines(
    title: str, *queries: Query, says: str, unit: str = "short", limits: Sequence[float] = ()
) -> timeseries.Panel:
    """Return Prometheus' lines over time.

    Args:
        title: what the reader sees.
        queries: what is drawn.
        says: what it means, and what to do about it.
        unit: Grafana's name of the unit (`s`, `reqps`, `percentunit` ...).
        limits: drawn as dashed lines.
    """
    return _drawn(_placed(timeseries.Panel(), title, says, PROMETHEUS), queries, unit, limits)


def cloud_lines(
    title: str, *queries: Query, says: str, unit: str = "short", limits: Sequence[float] = ()
) -> timeseries.Panel:
    """Return CloudWatch's lines over time; arguments as of `lines`."""
    return _drawn(_placed(timeseries.Panel(), title, says, CLOUDWATCH), queries, unit, limits)


def _drawn(made: timeseries.Panel, queries: Sequence[Query], unit: str, limits: Sequence[float]) -> timeseries.Panel:
    made.unit(unit).show_points(VisibilityMode.AUTO)
    for name, query in zip("ABCDEFGH", queries, strict=False):
        made.with_target(query.ref_id(name))
    if limits:
        steps = [Threshold(value=None, color=_NONE), *(Threshold(value=each, color=_RED) for each in limits)]
        dashes = common.GraphThresholdsStyleConfig().mode(GraphThresholdsStyleMode.DASHED)
        made.thresholds(_absolute(steps)).thresholds_style(dashes)
    return made


def heat(title: str, expression: str, *, says: str, unit: str) -> heatmap.Panel:
    """Return a heat map over time of a histogram's buckets, which `expression` gives by `le`."""
    query = asked(expression, "{{le}}").format(PromQueryFormat.HEATMAP)
    made = _placed(heatmap.Panel(), title, says, PROMETHEUS).unit(unit).calculate(False)
    return made.with_target(query)


def numbers(
    title: str, expression: str, legend: str, *, says: str, unit: str, good_from: float | None = None
) -> stat.Panel:
    """Return the newest values as large numbers; red below `good_from`."""
    made = _placed(stat.Panel(), title, says, PROMETHEUS).unit(unit).height(_LOW)
    if good_from is not None:
        made.thresholds(_absolute([Threshold(value=None, color=_RED), Threshold(value=good_from, color=_GREEN)]))
    return made.with_target(asked(expression, legend, instant=True))


def listed(title: str, expression: str, *, says: str) -> table.Panel:
    """Return the newest values as a table, a column for each label."""
    query = asked(expression, instant=True).format(PromQueryFormat.TABLE)
    return _placed(table.Panel(), title, says, PROMETHEUS).with_target(query)


def states(title: str, expression: str, legend: str, *, says: str) -> statetimeline.Panel:
    """Return bars over time, there while something holds."""
    return _placed(statetimeline.Panel(), title, says, PROMETHEUS).with_target(asked(expression, legend))


def _placed(panel: _Panel, title: str, says: str, source: DataSourceRef) -> _Panel:
    panel.title(title).description(says).datasource(source).span(_HALF).height(_HEIGHT)
    return panel


def _absolute(steps: list[Threshold]) -> dashboard.ThresholdsConfig:
    return dashboard.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps)


AnyPanel: TypeAlias = timeseries.Panel | heatmap.Panel | stat.Panel | table.Panel | statetimeline.Panel
