"""One page for each served use case: how its endpoint does, and whether its model drifts."""

from __future__ import annotations

from constructs import Construct

from govml.settings.endpoint import EndpointKind
from govml_constructs.monitoring.dashboard_widgets import Graph, search
from govml_constructs.monitoring.overview_dashboard import OverviewDashboard
from govml_constructs.pascal import pascal
from govml_constructs.place import PlacedConstruct, place_of
from govml_constructs.serving.endpoint_alarms import variant_alarms
from govml_constructs.serving.endpoint_plan import LIVE
from stacks.environment.context import EnvironmentContext
from stacks.serving.endpoint_requests import requests
from stacks.serving.serving_plan import endpoint_plan
from stacks.watching.drift_alarms import DIMENSION, NAMESPACE, drift_alarms

_CALLS, _MACHINES = "AWS/SageMaker", "/aws/sagemaker/Endpoints"
_HOUR = 3600


class EndpointDashboards(PlacedConstruct):
    """A dashboard for each served use case, with its alarms on top.

    Args:
        context: the environment.
    """

    def __init__(self, scope: Construct, construct_id: str, *, context: EnvironmentContext) -> None:
        super().__init__(scope, construct_id)
        for use_case in context.settings.served:
            endpoint = context.names.endpoint(use_case)
            arns = [place_of(self).arn("cloudwatch", name) for name in alarm_names(context, use_case)]
            OverviewDashboard(
                self,
                pascal(use_case),
                name=context.names.endpoint_dashboard(use_case),
                heading=f"# Endpoint {endpoint}\nRunbooks: docs/operations/endpoint.md, service-level.md, drift.md.",
                alarm_arns=arns if context.switches.alarms else [],
                graphs=[*endpoint_graphs(endpoint, context.settings.served[use_case].kind), *version_graphs(use_case)],
            )


def alarm_names(context: EnvironmentContext, use_case: str) -> list[str]:
    """Return the resource parts of the ARNs of the alarms of an endpoint and of its model."""
    endpoint, settings = context.names.endpoint(use_case), context.settings.served[use_case]
    rules = variant_alarms(endpoint, LIVE, endpoint_plan(settings))
    names = [rule.name or f"{endpoint}-{rule.construct_id}" for rule in rules]
    if use_case in context.settings.watched:
        names += [rule.name for rule in drift_alarms(context, use_case) if rule.name is not None]
    return [f"alarm:{name}" for name in names]


def version_graphs(use_case: str) -> list[Graph]:
    """Return the graphs of what the model server itself tells, a line for each version.

    It knows its use case and not its environment: environments that share an account share these lines.
    """
    schema = ("GovML/Serving", "ModelVersion", "UseCase")
    return [
        Graph(
            title=f"{use_case}, {title}",
            metrics=[search(schema, metric, statistic, 300, UseCase=use_case)],
            statistic=statistic,
        )
        for title, metric, statistic in (
            ("rows predicted by version", "Rows", "Sum"),
            ("median prediction by version", "Prediction", "p50"),
            ("time in the server by version, p99 (ms)", "Latency", "p99"),
        )
    ]


def endpoint_graphs(endpoint: str, kind: EndpointKind) -> list[Graph]:
    """Return the graphs of an endpoint: requests, errors, times, machines, and what the drift engine found.

    Each kind publishes what it publishes (SageMaker developer guide, "SageMaker AI endpoint invocation metrics" and "Alarms
    and logs for tracking metrics" from asynchronous and from serverless endpoints, both lists said to be exhaustive).

    Args:
        endpoint: name of the endpoint.
        kind: `real-time`, `serverless` or `asynchronous`.
    """
    of_variant = ["EndpointName", endpoint, "VariantName", LIVE]

    def calls(*metrics: str) -> list[list[str]]:
        return [[_CALLS, metric, *of_variant] for metric in metrics]

    graphs = [
        Graph(title="Requests", metrics=[requests(endpoint, kind)], period_seconds=60),
        Graph(
            title="Refused and failed requests",
            metrics=calls("Invocation4XXErrors", "Invocation5XXErrors"),
            period_seconds=60,
        ),
        Graph(title="Time in the model, p50 (microseconds)", metrics=calls("ModelLatency"), statistic="p50"),
        Graph(title="Time in the model, p99 (microseconds)", metrics=calls("ModelLatency"), statistic="p99"),
    ]
    if kind == "asynchronous":
        waiting = [
            [_CALLS, f"Approximate{what}", "EndpointName", endpoint] for what in ("BacklogSize", "AgeOfOldestRequest")
        ]
        graphs.append(
            Graph(title="Requests that wait, and seconds of the oldest", metrics=waiting, statistic="Maximum")
        )
    else:
        title = "Time around the model, p99 (microseconds)"
        graphs.append(Graph(title=title, metrics=calls("OverheadLatency"), statistic="p99"))
    if kind == "real-time":
        title = "Requests for each instance"
        graphs.append(Graph(title=title, metrics=calls("InvocationsPerInstance"), period_seconds=60))
    machines = ["MemoryUtilization"] if kind == "serverless" else ["CPUUtilization", "MemoryUtilization"]
    return [
        *graphs,
        Graph(
            title="Memory (percent)"
            if kind == "serverless"
            else "Cores in use (100 for each core) and memory (percent)",
            metrics=[[_MACHINES, metric, *of_variant] for metric in machines],
            statistic="Maximum",
        ),
        Graph(
            title="Drift: retraining asked for, feed broken",
            metrics=[[NAMESPACE, name, DIMENSION, endpoint] for name in ("RetrainingRequested", "BrokenFeed")],
            statistic="Maximum",
            period_seconds=24 * _HOUR,
        ),
    ]
