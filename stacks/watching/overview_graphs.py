"""What the overview page of an environment shows of pipelines, messages and foundation models."""

from __future__ import annotations

from collections.abc import Sequence

from govml_constructs.monitoring.dashboard_widgets import Graph
from stacks.dashboards.foundation_models import guardrail_graph
from stacks.dashboards.jobs import PIPELINES
from stacks.environment.context import EnvironmentContext


def overview_graphs(context: EnvironmentContext, pipelines: Sequence[str], queue_name: str) -> list[Graph]:
    """Return the graphs that the chosen components can fill."""
    out = []
    if pipelines:
        for title, metric in (
            ("Pipeline runs started", "ExecutionStarted"),
            ("Pipeline runs failed", "ExecutionFailed"),
        ):
            metrics = [[PIPELINES, metric, "PipelineName", name] for name in pipelines]
            out.append(Graph(title=title, metrics=metrics, period_seconds=3600))
        metrics = [[PIPELINES, "ExecutionDuration", "PipelineName", name] for name in pipelines]
        out.append(Graph(title="Length of pipeline runs", metrics=metrics, statistic="Maximum", period_seconds=3600))
    undelivered = [["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue_name]]
    out.append(Graph(title="Undelivered messages", metrics=undelivered, statistic="Maximum"))
    if context.switches.ai_service and context.settings.ai:
        models = context.settings.ai.models
        for title, metric, statistic in (
            ("Model calls", "Invocations", "Sum"),
            ("Model latency, p99 (ms)", "InvocationLatency", "p99"),
            ("Model tokens out", "OutputTokenCount", "Sum"),
        ):
            metrics = [["AWS/Bedrock", metric, "ModelId", model] for model in models]
            out.append(Graph(title=title, metrics=metrics, statistic=statistic))
        out.append(guardrail_graph())
    return out
