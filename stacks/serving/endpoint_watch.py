"""What is watched of an endpoint beyond the alarms that stop a release: what it promises, and what is usual."""

from __future__ import annotations

from aws_cdk import CfnCondition
from aws_cdk import aws_sns as sns
from constructs import Construct

from govml.settings.endpoint import EndpointKind, ObjectiveSettings
from govml_constructs.monitoring.burn_rate_alarms import BurnRateAlarms
from govml_constructs.monitoring.usual_band_alarm import UsualBandAlarm
from govml_constructs.serving.endpoint_plan import LIVE
from stacks.serving.endpoint_requests import counted_by
from stacks.serving.service_level_alarms import burn_rules

_USUAL_WIDTH = 4  # standard deviations to each side: holidays and campaigns stay inside, a lost caller does not


def watch_promises(
    stack: Construct, *, endpoint: str, settings: ObjectiveSettings, topic: sns.ITopic, condition: CfnCondition | None
) -> None:
    """Watch what the endpoint promises, where it promises anything.

    Args:
        stack: the endpoint's stack.
        endpoint: its name.
        settings: what it promises.
        topic: where alarms go.
        condition: true once a model is live, before which there is nothing to watch; None: it always is.
    """
    rules = burn_rules(endpoint, settings)
    if rules:
        BurnRateAlarms(
            stack,
            "Promises",
            endpoint=endpoint,
            variant=LIVE,
            rules=rules,
            owner="ML engineer",
            runbook="docs/operations/service-level.md",
            topic=topic,
            condition=condition,
        )


def watch_traffic(
    stack: Construct, *, endpoint: str, kind: EndpointKind, topic: sns.ITopic, condition: CfnCondition | None
) -> None:
    """Tell when an endpoint has far more or fewer requests than usual; other arguments as of `watch_promises`.

    Args:
        kind: `real-time`, `serverless` or `asynchronous`: what counts its requests depends on it.
    """
    metric, statistic = counted_by(kind)
    UsualBandAlarm(
        stack,
        "Traffic",
        name=f"{endpoint}-UnusualTraffic",
        description=f"Endpoint {endpoint} has had far more or fewer requests than usual for an hour.",
        namespace="AWS/SageMaker",
        metric=metric,
        statistic=statistic,
        dimensions={"EndpointName": endpoint, "VariantName": LIVE},
        width=_USUAL_WIDTH,
        severity="ticket",
        owner="ML engineer",
        runbook="docs/operations/endpoint.md",
        topic=topic,
        condition=condition,
    )
