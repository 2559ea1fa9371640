"""The canary of an environment: which endpoints it looks at, and what it makes ring."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_ssm as ssm
from constructs import Construct

from govml_constructs.canary.endpoint_canary import PERIOD_MINUTES, CanaryTarget, EndpointCanary
from govml_constructs.monitoring.alarm_set import AlarmRule
from govml_constructs.monitoring.dashboard_widgets import Graph
from govml_constructs.pascal import pascal
from govml_constructs.serving.endpoint_plan import LIVE
from stacks.environment.context import EnvironmentContext
from stacks.environment.function_code import function_archive
from stacks.foundation.network import NetworkStack
from stacks.foundation.security import SecurityStack

CODE = ("govml/__init__.py", "govml/errors.py", "govml/release", "govml/canary")
"""What goes into the function's archive, relative to the repository."""
#: Of the function's figures, as `govml.canary.handler` writes them.
NAMESPACE, DIMENSION = "GovML/Canary", "Endpoint"
_AROUND_MS = 1000  # what the network and SageMaker may take beside the model
_LOOKS = 3


def canary_targets(context: EnvironmentContext) -> list[CanaryTarget]:
    """Return what the canary asks: every endpoint that answers at once, whose model the release brought."""
    if not (context.switches.synthetic_canary and context.switches.release):
        return []
    return [
        CanaryTarget(
            endpoint=context.names.endpoint(name),
            variant=LIVE,
            slug=context.names.slug(name),
            slow_ms=settings.alarms.p99_ms + _AROUND_MS,
        )
        for name, settings in context.settings.served.items()
        if settings.kind != "asynchronous"
    ]


def make_canary(
    scope: Construct,
    *,
    context: EnvironmentContext,
    targets: Sequence[CanaryTarget],
    security: SecurityStack,
    network: NetworkStack,
) -> None:
    """Make the canary.

    Args:
        scope: the stack.
        context: the environment.
        targets: what it asks, at least one.
        security: keys and the alert topic.
        network: where it stands: with the jobs, which reach endpoints and nothing else.
    """
    EndpointCanary(
        scope,
        "Canary",
        targets=targets,
        archive=function_archive(CODE),
        artifacts=ssm.StringParameter.value_for_string_parameter(scope, context.names.zone_bucket("artifacts")),
        keys=[f"{each.slug}/released/live.json" for each in targets],
        data_key=security.ml_key,
        where=network.private_place(network.job_tier),
        log_group=security.log_group(scope, "CanaryLog"),
        key=security.logs_key,
        alerts=security.alerts,
        rules=context.role_rules,
    )


def canary_alarms(targets: Sequence[CanaryTarget]) -> list[AlarmRule]:
    """Return an alarm for each endpoint: three looks in a row failed, or did not take place."""
    return [
        AlarmRule(
            construct_id="CanaryFailed" + pascal(each.slug),
            description=(
                f"Endpoint {each.endpoint}: for {_LOOKS * PERIOD_MINUTES} minutes known rows are not answered, answered "
                f"otherwise or later than {each.slow_ms:g} ms, or nobody asks."
            ),
            namespace=NAMESPACE,
            metric="Failed",
            dimensions={DIMENSION: each.endpoint},
            statistic="Maximum",
            period_seconds=PERIOD_MINUTES * 60,
            periods=_LOOKS,
            missing="breaching",
            severity="page",
            owner="ML engineer",
            runbook="docs/operations/canary.md",
        )
        for each in targets
    ]


def canary_graphs(targets: Sequence[CanaryTarget]) -> list[Graph]:
    """Return the graphs of the canary; none without targets."""
    if not targets:
        return []
    return [
        Graph(
            title=title,
            metrics=[[NAMESPACE, metric, DIMENSION, each.endpoint] for each in targets],
            statistic="Maximum",
        )
        for title, metric in (("Canary: looks that failed", "Failed"), ("Canary: time to answer (ms)", "Latency"))
    ]
