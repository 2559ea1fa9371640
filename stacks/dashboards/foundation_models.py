"""What the page of the AI service shows: calls, tokens, refusals, and what the guardrail did."""

from __future__ import annotations

from collections.abc import Sequence

from govml_constructs.monitoring.dashboard_widgets import Graph

_MODELS, _GUARDRAILS = "AWS/Bedrock", "AWS/Bedrock/Guardrails"
# The one operation that Bedrock tells guardrails' figures by (Bedrock user guide, "Monitor Amazon Bedrock Guardrails using
# CloudWatch metrics"); there are none without a dimension.
_OPERATION = ("Operation", "ApplyGuardrail")


def guardrail_graph() -> Graph:
    """Return the graph of requests that the guardrail looked at, and of those that it stopped."""
    rows = [[_GUARDRAILS, metric, *_OPERATION] for metric in ("Invocations", "InvocationsIntervened")]
    return Graph(title="Seen and stopped by the guardrail", metrics=rows)


def model_graphs(models: Sequence[str]) -> list[Graph]:
    """Return the graphs of foundation models by their ids."""

    def rows(*metrics: str) -> list[list[str]]:
        return [[_MODELS, metric, "ModelId", model] for model in models for metric in metrics]

    return [
        Graph(title="Model calls", metrics=rows("Invocations")),
        Graph(title="Tokens in and out", metrics=rows("InputTokenCount", "OutputTokenCount")),
        Graph(title="Model latency, p50 (ms)", metrics=rows("InvocationLatency"), statistic="p50"),
        Graph(title="Model latency, p99 (ms)", metrics=rows("InvocationLatency"), statistic="p99"),
        Graph(
            title="Refused and failed model calls",
            metrics=rows("InvocationThrottles", "InvocationClientErrors", "InvocationServerErrors"),
        ),
        guardrail_graph(),
        Graph(
            title="Text units that the guardrail read, which are paid for",
            metrics=[[_GUARDRAILS, "TextUnitCount", *_OPERATION]],
        ),
    ]
