"""The alarms of one variant: what takes a bad release back, and tells the owner in daily use."""

from __future__ import annotations

from govml_constructs.monitoring.alarm_set import AlarmRule
from govml_constructs.serving.endpoint_plan import LIVE, EndpointPlan

_RUNBOOK = "docs/operations/endpoint.md"
_MICROSECONDS = 1000


def variant_alarms(endpoint: str, variant: str, plan: EndpointPlan) -> list[AlarmRule]:
    """Return the alarms of a variant, over two minutes in a row: one slow or failed request is none.

    `Invocation5XXErrors` and `InvocationModelErrors` are 1 or 0 for each request, so that their average is a share, and
    `ModelLatency` is in microseconds (SageMaker developer guide, "SageMaker AI endpoint invocation metrics"). Alarms name
    the endpoint by its name only: they exist before it. Asynchronous endpoints publish no `InvocationModelErrors` (developer
    guide, "Monitor asynchronous endpoint").

    Args:
        endpoint: name of the endpoint.
        variant: name of the variant.
        plan: the endpoint.
    """
    limits = plan.limits
    kinds: list[tuple[str, str, str, float, str]] = [
        (
            "ServerErrors",
            "Invocation5XXErrors",
            "Average",
            limits.error_percent / 100,
            f"{limits.error_percent:g} % of the requests or more end in a 5xx error",
        ),
        (
            "Slow",
            "ModelLatency",
            "p99",
            limits.p99_ms * _MICROSECONDS,
            f"1 % of the requests take {limits.p99_ms} ms or more in the model",
        ),
    ]
    if plan.kind != "asynchronous":
        kinds.append(
            (
                "ModelErrors",
                "InvocationModelErrors",
                "Average",
                limits.invocation_error_percent / 100,
                f"the model refuses {limits.invocation_error_percent:g} % of the requests or more",
            )
        )
    return [
        AlarmRule(
            construct_id=f"{variant.title()}{kind}",
            description=f"Endpoint {endpoint}, variant {variant}: {what}.",
            namespace="AWS/SageMaker",
            metric=metric,
            dimensions={"EndpointName": endpoint, "VariantName": variant},
            threshold=threshold,
            statistic=statistic,
            period_seconds=60,
            periods=2,
            severity="page" if variant == LIVE else "ticket",  # nobody waits for a challenger
            owner="ML engineer",
            runbook=_RUNBOOK,
        )
        for kind, metric, statistic, threshold, what in kinds
    ]
