"""What the workspace's role may read: figures and traces, no logs."""

from __future__ import annotations

from collections.abc import Sequence

from govml_constructs.identity.customer_policy import Statement


def reading_statements(*, prometheus_arns: Sequence[str], traces: bool) -> list[Statement]:
    """Return the rights of the role; log events are left out, since they may tell of persons and no dashboard shows them.

    Sources: service authorization reference for CloudWatch, Observability Access Manager, Managed Prometheus and X-Ray; of these
    only Managed Prometheus' actions take a resource that is known beforehand.

    Args:
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
                "oam:ListAttachedLinks",
                "oam:ListSinks",
            ],
            resources=["*"],
        ),
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
