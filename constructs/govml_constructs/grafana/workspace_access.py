"""What the workspace's role may read: figures and traces, no logs."""

from __future__ import annotations

from collections.abc import Sequence

from govml_constructs.identity.customer_policy import Statement
from govml_constructs.place import Place


def reading_statements(place: Place, *, prometheus_arns: Sequence[str], traces: bool) -> list[Statement]:
    """Return the rights of the role; log events are left out, since they may tell of persons and no dashboard shows them.

    Sources: service authorization reference for CloudWatch, Observability Access Manager, Managed Prometheus and X-Ray; of these
    only Managed Prometheus' actions and `oam:ListAttachedLinks` take a resource.

    Args:
        place: account and region.
        prometheus_arns: the workspaces of Prometheus.
        traces: whether X-Ray has traces.
    """
    statements = [
        Statement(
            sid="ReadMetrics",
            actions=[
                "cloudwatch:DescribeAlarms",
                "cloudwatch:DescribeAlarmsForMetric",
                "cloudwatch:GetMetricData",
                "cloudwatch:ListMetrics",
                "oam:ListSinks",
            ],
            resources=["*"],
        ),
        Statement(sid="SeeLinkedAccounts", actions=["oam:ListAttachedLinks"], resources=[place.arn("oam", "sink/*")]),
    ]
    if prometheus_arns:
        statements.append(
            Statement(
                sid="AskPrometheus",
                actions=["aps:GetLabels", "aps:GetMetricMetadata", "aps:GetSeries", "aps:QueryMetrics"],
                resources=list(prometheus_arns),
            )
        )
    if traces:
        statements.append(
            Statement(
                sid="ReadTraces",
                actions=[
                    "xray:BatchGetTraces",
                    "xray:GetGroups",
                    "xray:GetServiceGraph",
                    "xray:GetTimeSeriesServiceStatistics",
                    "xray:GetTraceGraph",
                    "xray:GetTraceSummaries",
                ],
                resources=["*"],
            )
        )
    return statements
