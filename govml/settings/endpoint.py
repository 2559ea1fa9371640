"""How a use case's model is served: the endpoint, its rollout, its alarms, its challenger."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from govml.settings.base import SettingsModel
from govml.settings.instance_families import InstanceType
from govml.settings.schedule import check_schedule

EndpointKind = Literal["real-time", "serverless", "asynchronous"]
RolloutKind = Literal["all-at-once", "canary", "linear"]


class RolloutSettings(SettingsModel):
    """How traffic moves from the old instances to the new ones (blue/green); any alarm moves it back."""

    kind: RolloutKind = "canary"
    """all-at-once, canary (a share first, then the rest) or linear (share after share)."""

    # Bounds: SageMaker API reference, `TrafficRoutingConfig`.
    percent: Annotated[int, Field(ge=10, le=50)] = 50
    """Share of the instances that a canary or a step of a linear rollout opens: 10 to 50, and at least one instance."""

    # A wait is 3600 s at most: SageMaker API reference, `BlueGreenUpdatePolicy`.
    bake_minutes: Annotated[int, Field(ge=1, le=60)] = 10
    """How long the alarms are watched after each step, and after the last before the old instances go."""

    # `MaximumExecutionTimeoutInSeconds` is 28,800 at most (SageMaker API reference); half an hour is for new instances.
    MOST_MINUTES: ClassVar[int] = 28_800 // 60 - 30

    @property
    def minutes(self) -> int:
        """Waits of the whole rollout, in minutes: after each step, and the last bake."""
        steps = {"all-at-once": 1, "canary": 2, "linear": -(-100 // self.percent)}[self.kind]
        return (steps + 1) * self.bake_minutes


class EndpointAlarmSettings(SettingsModel):
    """What counts as a bad release; the same alarms watch the endpoint in daily use."""

    error_percent: Annotated[float, Field(gt=0, le=100)] = 1.0
    """Share of the requests that the endpoint may answer with a 5xx error, in percent."""

    invocation_error_percent: Annotated[float, Field(gt=0, le=100)] = 10.0
    """Share of the requests that the model may refuse for any reason, in percent: 4xx too, so that a changed schema shows."""

    p99_ms: Annotated[int, Field(ge=1, le=60_000)] = 1000
    """Time that 99 % of the requests may take in the model, in milliseconds."""

    unusual_traffic: bool = False
    """Tell when there are far more or fewer requests than usual at this hour of the week; learnt in two weeks."""


Promised = Annotated[float, Field(ge=50, lt=100)]


class ObjectiveSettings(SettingsModel):
    """What the endpoint promises over thirty days; alarms ring when a promise is broken too fast (docs/operations)."""

    answered_percent: Promised | None = None
    """Share of the requests that do not end in a 5xx error, in percent, such as 99.5; empty: no promise."""

    in_time_percent: Promised | None = None
    """Share of the requests that take no longer than in_time_ms in the model, in percent, such as 99; empty: no promise."""

    in_time_ms: Annotated[int, Field(ge=1, le=60_000)] = 500
    """What counts as in time, in milliseconds."""


class ChallengerSettings(SettingsModel):
    """A second model beside the live one; a release names it, and until then there is none."""

    kind: Literal["none", "shadow", "ab"] = "none"
    """shadow (gets a copy of requests, its answers are only captured) or ab (answers a share of the requests)."""

    percent: Annotated[int, Field(ge=1, le=100)] = 10
    """Share of the requests that it gets when the release names no other."""


class EndpointSettings(SettingsModel):
    """The endpoint of a use case."""

    kind: EndpointKind = "real-time"
    """real-time, asynchronous (queued, answers go to S3, may scale to zero) or serverless (no VPC, open data only)."""

    instance_type: InstanceType = "ml.m5.large"
    """SageMaker instance type, such as ml.m5.large."""

    instances: Annotated[int, Field(ge=0, le=100)] = 2
    """Instances at least; 2 stand in two zones; 0 (asynchronous only) when nothing waits."""

    max_instances: Annotated[int, Field(ge=1, le=100)] | None = None
    """Instances at most: the endpoint scales itself between both; empty: as many as `instances`, always."""

    invocations_per_instance: Annotated[int, Field(ge=1, le=1_000_000)] = 1000
    """Requests a minute for each instance that scaling aims at; of an asynchronous endpoint: requests that wait."""

    memory_mb: Literal[1024, 2048, 3072, 4096, 5120, 6144] = 2048
    """Memory of a serverless endpoint, in MB."""

    concurrency: Annotated[int, Field(ge=1, le=200)] = 5
    """Requests at the same time: of a serverless endpoint in all, of an asynchronous one in each instance."""

    rollout: RolloutSettings | None = None
    """How a new model takes over; default: canary with half of the instances, all at once where there is only one."""

    alarms: EndpointAlarmSettings = EndpointAlarmSettings()
    """What counts as a bad release."""

    objectives: ObjectiveSettings = ObjectiveSettings()
    """What the endpoint promises; without a promise there are no alarms on it."""

    capture_percent: Annotated[int, Field(ge=0, le=100)] | None = None
    """Share of the requests kept with their answers for monitoring, in percent; a real-time endpoint: 1 to 100, default 100."""

    challenger: ChallengerSettings = ChallengerSettings()
    """A second model beside the live one."""

    @property
    def most_instances(self) -> int:
        """Instances at most, without those of a rollout or a challenger."""
        return max(self.instances, self.max_instances or 0)

    @property
    def instances_while_rolling_out(self) -> int:
        """Instances at the same time while a new configuration takes over: the old, as many new, and both challengers."""
        if self.kind == "serverless":
            return 0
        return 2 * self.most_instances * (1 if self.challenger.kind == "none" else 2)

    @property
    def scales(self) -> bool:
        """Whether the number of instances follows the requests."""
        return self.kind != "serverless" and self.max_instances is not None and self.max_instances > self.instances

    @property
    def captured_percent(self) -> int:
        """Share of the requests that is captured, in percent."""
        if self.capture_percent is not None:
            return self.capture_percent
        return 100 if self.kind == "real-time" else 0

    @property
    def resolved_rollout(self) -> RolloutSettings | None:
        """How a new model takes over; None for a serverless endpoint, which SageMaker replaces in its own way."""
        if self.kind == "serverless":
            return None
        split = self.instances > 1 and self.challenger.kind != "ab"
        return self.rollout or RolloutSettings(kind="canary" if split else "all-at-once")


class BatchSettings(SettingsModel):
    """Batch transform with the live model: files below the use case's `batch/input/` of the artefact zone."""

    instance_type: InstanceType = "ml.m5.large"
    """SageMaker instance type, such as ml.m5.large."""

    instances: Annotated[int, Field(ge=1, le=20)] = 1
    """Instances that share the files."""

    schedule: Annotated[str, AfterValidator(check_schedule)] | None = None
    """When it runs (UTC): cron(...) or rate(...); empty: when somebody starts it."""
