"""What panels ask: Prometheus by PromQL, CloudWatch by a metric or by a search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from grafana_foundation_sdk.builders import cloudwatch, prometheus
from grafana_foundation_sdk.models.cloudwatch import CloudWatchQueryMode, MetricEditorMode, MetricQueryType

from govml.grafana.authoring.sources import CLOUDWATCH, PROMETHEUS

Query: TypeAlias = prometheus.Dataquery | cloudwatch.CloudWatchMetricsQuery


def asked(expression: str, legend: str = "__auto", *, instant: bool = False) -> prometheus.Dataquery:
    """Return a query of Prometheus, over time or for now alone.

    Args:
        expression: PromQL.
        legend: name of a line, with labels as `{{job}}`.
        instant: for now alone.
    """
    made = prometheus.Dataquery().datasource(PROMETHEUS).expr(expression).legend_format(legend).ref_id("A")
    return made.instant() if instant else made.range()


def measured(
    namespace: str,
    metric: str,
    dimensions: Mapping[str, str],
    statistic: str = "Sum",
    *,
    label: str,
    seconds: int = 300,
) -> cloudwatch.CloudWatchMetricsQuery:
    """Return a query of CloudWatch by a metric and all its dimensions.

    Args:
        namespace: as in `AWS/SageMaker`.
        metric: its name.
        dimensions: dimension -> value, or `$variable`.
        statistic: `Sum`, `Average`, `p99` ...
        label: name of a line, with CloudWatch's own `${PROP('Dim.X')}`.
        seconds: length of one point.
    """
    return (
        _cloudwatch(label, seconds)
        .metric_editor_mode(MetricEditorMode.BUILDER)
        .namespace(namespace)
        .metric_name(metric)
        .dimensions({name: [value] for name, value in dimensions.items()})
        .statistic(statistic)
        .match_exact(True)
    )


def found(
    schema: Sequence[str], metric: str, statistic: str = "Sum", *, label: str = "", seconds: int = 300
) -> cloudwatch.CloudWatchMetricsQuery:
    """Return a query of CloudWatch for every metric with these dimensions, in this account and all that are linked to it.

    Args:
        schema: the namespace and the names of all dimensions.
        metric: its name.
        statistic: `Sum`, `Average` ...
        label: name of a line.
        seconds: length of one point.
    """
    expression = f"SEARCH('{{{','.join(schema)}}} MetricName=\"{metric}\"', '{statistic}', {seconds})"
    made = _cloudwatch(label, seconds).metric_editor_mode(MetricEditorMode.CODE).expression(expression)
    return made.account_id("all")


def _cloudwatch(label: str, seconds: int) -> cloudwatch.CloudWatchMetricsQuery:
    return (
        cloudwatch.CloudWatchMetricsQuery()
        .datasource(CLOUDWATCH)
        .query_mode(CloudWatchQueryMode.METRICS)
        .metric_query_type(MetricQueryType.SEARCH)
        .region("default")
        .period(str(seconds))
        .label(label)
        .ref_id("A")
    )
