"""What counts the requests of an endpoint: not every kind publishes the same."""

from __future__ import annotations

from govml.settings.endpoint import EndpointKind
from govml_constructs.monitoring.dashboard_widgets import Row
from govml_constructs.serving.endpoint_plan import LIVE


def counted_by(kind: EndpointKind) -> tuple[str, str]:
    """Return the metric and its statistic.

    Asynchronous endpoints publish no `Invocations`; each answer is a sample of `ModelLatency` (SageMaker developer guide,
    "Alarms and logs for tracking metrics from asynchronous endpoints").
    """
    return ("ModelLatency", "SampleCount") if kind == "asynchronous" else ("Invocations", "Sum")


def requests(endpoint: str, kind: EndpointKind) -> Row:
    """Return the row of a graph that shows the requests of an endpoint's live variant."""
    metric, statistic = counted_by(kind)
    return ["AWS/SageMaker", metric, "EndpointName", endpoint, "VariantName", LIVE, {"stat": statistic}]
