"""Endpoints that SageMaker would refuse, or would quietly run in another way; each with the reason.

The rules of releases, batch transform and models handed over by hand stand in `release_rules`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from govml.settings.instance_families import ENDPOINT_FAMILIES, family
from govml.settings.rules.finding import Finding, Rule

if TYPE_CHECKING:
    from govml.settings.agency_file import AgencyFile
    from govml.settings.endpoint import EndpointSettings

ENDPOINT_KEYS = frozenset({"maturity", "features", "use_cases"})
_SCALING = ("max_instances", "invocations_per_instance")
_UNUSED = {
    "serverless": ("instance_type", "instances", *_SCALING, "rollout"),
    "real-time": ("memory_mb", "concurrency"),
    "asynchronous": ("memory_mb", "objectives"),
}


def endpoints_of(settings: AgencyFile) -> Iterator[tuple[str, tuple[str, ...], EndpointSettings]]:
    """Give each use case that is served: its name, the place of its endpoint in the file, the endpoint."""
    for name, endpoint in settings.served.items():
        yield name, ("use_cases", name, "endpoint"), endpoint


def serverless_is_for_open_data(settings: AgencyFile) -> Iterator[Finding]:
    """Serverless inference has no VPC, no network isolation, no data capture and one variant only.

    Source: SageMaker developer guide, "Deploy models with Amazon SageMaker Serverless Inference", feature exclusions.
    """
    for _, place, endpoint in endpoints_of(settings):
        if endpoint.kind != "serverless":
            continue
        if settings.network.internet == "none":
            yield Finding(
                (*place, "kind"),
                "a serverless endpoint has no VPC and no network isolation, and network.internet is none",
                "take kind: real-time or asynchronous",
            )
        if settings.data_classification != "official-open":
            yield Finding(
                (*place, "kind"),
                f"a serverless endpoint is outside the VPC, which {settings.data_classification} data may not leave",
                "take kind: real-time or asynchronous; only official-open data is served without a VPC",
            )
        if endpoint.challenger.kind != "none":
            yield Finding(
                (*place, "challenger", "kind"),
                "a serverless endpoint has one variant only: no challenger",
                "leave challenger out, or take kind: real-time",
            )


def capture_is_of_real_time_endpoints(settings: AgencyFile) -> Iterator[Finding]:
    """Real-time endpoints capture data, and no others do; asynchronous ones keep requests and answers in S3 themselves.

    Source: SageMaker developer guide, "Data capture", and the feature exclusions of serverless inference.
    """
    for _, place, endpoint in endpoints_of(settings):
        if endpoint.kind != "real-time" and endpoint.captured_percent > 0:
            kept = " (its requests and answers stand in S3 anyway)" if endpoint.kind == "asynchronous" else ""
            yield Finding(
                (*place, "capture_percent"),
                f"SageMaker captures no data when kind is {endpoint.kind}{kept}",
                "leave it out, or take kind: real-time",
            )
        if endpoint.kind == "real-time" and endpoint.captured_percent == 0:
            yield Finding(
                (*place, "capture_percent"),
                "is 0: nobody could look into an answer that somebody complains of, and drift would stay unseen",
                "leave it out (100), or set at least 1",
            )


def keys_belong_to_the_kind(settings: AgencyFile) -> Iterator[Finding]:
    """A key that the kind does not use would look as if it did something."""
    for _, place, endpoint in endpoints_of(settings):
        for key in _UNUSED[endpoint.kind]:
            if key in endpoint.model_fields_set:
                yield Finding(
                    (*place, key),
                    f"is not used when kind is {endpoint.kind}",
                    "leave it out, or take another kind",
                )


def endpoints_have_instances(settings: AgencyFile) -> Iterator[Finding]:
    """Only asynchronous endpoints scale to zero: a real-time one would refuse requests.

    Source: SageMaker developer guide, "Autoscale an asynchronous endpoint". Real-time endpoints reach zero with inference
    components alone ("Scale an endpoint to zero instances"), whose models have neither network isolation of their own
    variant nor blue/green deployment with alarms per variant, so they are not made here.
    """
    for _, place, endpoint in endpoints_of(settings):
        if endpoint.kind == "real-time" and endpoint.instances == 0:
            yield Finding(
                (*place, "instances"),
                "a real-time endpoint cannot scale to zero: a request that finds no instance is refused",
                "set at least 1, or take kind: asynchronous, whose requests wait in a queue",
            )
        if endpoint.max_instances is not None and endpoint.max_instances < endpoint.instances:
            yield Finding(
                (*place, "max_instances"),
                f"is below instances, which is {endpoint.instances}",
                "instances is the least, max_instances the most; raise one or lower the other",
            )
        if endpoint.instances == 0 and endpoint.max_instances is None:
            yield Finding(
                (*place, "instances"),
                "is 0 and max_instances is not set: nothing would ever be answered",
                "set max_instances, to which the endpoint scales when requests wait",
            )


def instances_host_endpoints(settings: AgencyFile) -> Iterator[Finding]:
    """Not every family of instances hosts endpoints, and burstable ones do not scale.

    Source: SageMaker API reference, `ProductionVariant`; developer guide, "Automatic scaling of Amazon SageMaker AI
    models" (no burstable instances such as T2); "Exclusions" of deployment guardrails and of shadow tests (Inf1).
    """
    for _, place, endpoint in endpoints_of(settings):
        name = family(endpoint.instance_type)
        if endpoint.kind == "serverless":
            continue
        if name not in ENDPOINT_FAMILIES:
            yield Finding(
                (*place, "instance_type"),
                f"{endpoint.instance_type} hosts no endpoint",
                "take one of the families that do, such as ml.m5, ml.c6i or ml.g5",
            )
        if name == "t2" and endpoint.scales:
            yield Finding(
                (*place, "instance_type"),
                "burstable instances (ml.t2) do not scale: their speed is no measure of load",
                "take ml.m5.large or larger, or leave max_instances out",
            )
        if name == "inf1" and (endpoint.challenger.kind == "shadow" or _moves_in_steps(endpoint)):
            yield Finding(
                (*place, "instance_type"),
                "ml.inf1 has neither shadow variants nor canary or linear rollouts",
                "take ml.inf2, or rollout.kind: all-at-once without a shadow",
            )


def rollouts_have_instances_to_split(settings: AgencyFile) -> Iterator[Finding]:
    """A canary or a linear step is opened instance by instance, at most half of them at once.

    Source: SageMaker API reference, `TrafficRoutingConfig` (50 % at most), so one instance cannot be split.
    """
    for _, place, endpoint in endpoints_of(settings):
        rollout = endpoint.resolved_rollout
        if rollout is None or not _moves_in_steps(endpoint):
            continue
        if endpoint.instances < 2:
            yield Finding(
                (*place, "rollout", "kind"),
                f"{rollout.kind} moves a share of the instances, and there may be only {endpoint.instances}",
                "set instances to 2 or more, or rollout.kind to all-at-once",
            )
        elif endpoint.instances * rollout.percent < 100:
            yield Finding(
                (*place, "rollout", "percent"),
                f"{rollout.percent} % of {endpoint.instances} instances is less than one instance",
                f"write {-(-100 // endpoint.instances)} or more, or raise instances",
            )


def challengers_fit_the_endpoint(settings: AgencyFile) -> Iterator[Finding]:
    """Shadows are for real-time endpoints; an A/B test and a rollout in steps exclude each other.

    Source: SageMaker developer guide, "Exclusions" of shadow tests (asynchronous and serverless endpoints), and of
    deployment guardrails: the new configuration must have the same variants, or the update falls back to all-at-once
    without a final bake. A challenger that comes or goes changes the variants; the share it gets is the careful step.
    `InvokeEndpointAsync` (API reference) can name no variant, so that nobody could compare the two.
    """
    for _, place, endpoint in endpoints_of(settings):
        kind = endpoint.challenger.kind
        if kind != "none" and endpoint.kind == "asynchronous":
            yield Finding(
                (*place, "challenger", "kind"),
                "an asynchronous endpoint takes no challenger: requests wait in one queue for one model",
                "leave challenger out, or take kind: real-time",
            )
        if kind == "ab" and _moves_in_steps(endpoint):
            yield Finding(
                (*place, "rollout", "kind"),
                "an A/B test changes the endpoint's variants, and SageMaker then rolls out all at once, without a bake",
                "set rollout.kind to all-at-once; the challenger's percent is the careful step",
            )


def rollouts_end_in_time(settings: AgencyFile) -> Iterator[Finding]:
    """A rollout may take 8 hours (SageMaker API reference, `BlueGreenUpdatePolicy`), waits and new instances together."""
    for _, place, endpoint in endpoints_of(settings):
        rollout = endpoint.resolved_rollout
        if rollout is not None and rollout.minutes > rollout.MOST_MINUTES:
            yield Finding(
                (*place, "rollout", "bake_minutes"),
                f"the rollout would wait {rollout.minutes} minutes; SageMaker gives up after {rollout.MOST_MINUTES}",
                "bake for less time, or in larger steps",
            )


def _moves_in_steps(endpoint: EndpointSettings) -> bool:
    rollout = endpoint.resolved_rollout
    return rollout is not None and rollout.kind != "all-at-once"


ENDPOINT_RULES: tuple[Rule, ...] = (
    Rule(serverless_is_for_open_data, ENDPOINT_KEYS | {"network", "data_classification"}),
    Rule(capture_is_of_real_time_endpoints, ENDPOINT_KEYS),
    Rule(keys_belong_to_the_kind, ENDPOINT_KEYS),
    Rule(endpoints_have_instances, ENDPOINT_KEYS),
    Rule(instances_host_endpoints, ENDPOINT_KEYS),
    Rule(rollouts_have_instances_to_split, ENDPOINT_KEYS),
    Rule(challengers_fit_the_endpoint, ENDPOINT_KEYS),
    Rule(rollouts_end_in_time, ENDPOINT_KEYS),
)
