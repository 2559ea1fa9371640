"""An endpoint of the agency file as the constructs take it."""

from __future__ import annotations

from govml.settings.endpoint import EndpointSettings
from govml.settings.instance_families import takes_no_key
from govml_constructs.serving.endpoint_plan import AlarmLimits, EndpointPlan, Rollout, Scaling


def endpoint_plan(settings: EndpointSettings) -> EndpointPlan:
    """Return the plan of an endpoint, with what the file leaves out filled in."""
    rollout, alarms = settings.resolved_rollout, settings.alarms
    return EndpointPlan(
        kind=settings.kind,
        instance_type=settings.instance_type,
        instances=settings.instances,
        scaling=Scaling(settings.most_instances, settings.invocations_per_instance) if settings.scales else None,
        memory_mb=settings.memory_mb,
        concurrency=settings.concurrency,
        rollout=Rollout(rollout.kind, rollout.percent, rollout.bake_minutes, rollout.minutes) if rollout else None,
        limits=AlarmLimits(alarms.error_percent, alarms.invocation_error_percent, alarms.p99_ms),
        capture_percent=settings.captured_percent,
        challenger=settings.challenger.kind,
        challenger_percent=settings.challenger.percent,
    )


def disks_take_a_key(settings: EndpointSettings) -> bool:
    """Return whether the endpoint has disks that a key of the agency encrypts."""
    return settings.kind != "serverless" and not takes_no_key(settings.instance_type)
