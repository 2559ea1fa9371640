"""An endpoint of the agency file as the constructs take it."""

from __future__ import annotations

from govml.settings import Settings
from govml.settings.endpoint import EndpointSettings, ObjectiveSettings
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


def container_variables(settings: Settings, endpoint: str, objectives: ObjectiveSettings) -> dict[str, str]:
    """Return what a container is told about its telemetry, all of which goes to its log: it has no network.

    CloudWatch makes metrics of lines in its embedded metric format by itself; the forwarder reads the lines of OTLP.
    """
    switches = settings.switches
    told = {"GOVML_METRICS": "emf,otlp" if switches.managed_prometheus else "emf"}
    if not switches.telemetry:
        return told
    told["OTEL_SERVICE_NAME"] = endpoint
    if switches.tracing:
        told |= {"GOVML_TRACES": "otlp", "GOVML_TRACE_PERCENT": f"{settings.observability.trace_percent:g}"}
    if objectives.in_time_percent is not None:
        told["GOVML_LATENCY_LIMITS_MS"] = str(objectives.in_time_ms)
    return told


def disks_take_a_key(settings: EndpointSettings) -> bool:
    """Return whether the endpoint has disks that a key of the agency encrypts."""
    return settings.kind != "serverless" and not takes_no_key(settings.instance_type)
