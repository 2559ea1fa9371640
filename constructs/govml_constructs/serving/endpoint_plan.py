"""What an endpoint is made of, as plain values. The agency file's rules have refused what SageMaker would not take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from aws_cdk import aws_kms as kms

LIVE = "live"
"""Variant that serves the released model; it keeps its name from release to release, or SageMaker would not guard one."""
CHALLENGER = "challenger"
"""Variant of the model beside it."""


@dataclass(frozen=True)
class Rollout:
    """How traffic moves to new instances.

    Args:
        kind: `all-at-once`, `canary` or `linear`.
        percent: share of the instances that a canary or a linear step opens, 10 to 50.
        bake_minutes: how long alarms are watched after each step, and after the last.
        minutes: longest that the waits take together.
    """

    kind: Literal["all-at-once", "canary", "linear"]
    percent: int
    bake_minutes: int
    minutes: int


@dataclass(frozen=True)
class AlarmLimits:
    """When an endpoint counts as failing.

    Args:
        error_percent: 5xx answers of the endpoint, in percent of the requests.
        invocation_error_percent: any refusal by the model, in percent of the requests.
        p99_ms: time that 99 % of the requests take in the model, in milliseconds.
    """

    error_percent: float
    invocation_error_percent: float
    p99_ms: int


@dataclass(frozen=True)
class Scaling:
    """The number of instances follows the requests.

    Args:
        most: instances at most.
        per_instance: requests a minute for each instance; of an asynchronous endpoint: requests that wait.
    """

    most: int
    per_instance: int


@dataclass(frozen=True)
class EndpointPlan:
    """One endpoint.

    Args:
        kind: `real-time`, `serverless` or `asynchronous`.
        instance_type: SageMaker instance type; unused when serverless.
        instances: instances at least.
        scaling: None where the number stays.
        memory_mb: memory of a serverless endpoint, in MB.
        concurrency: requests at the same time, of a serverless endpoint or of an asynchronous endpoint's instance.
        rollout: None when serverless.
        limits: when it counts as failing.
        capture_percent: requests that are captured, in percent; 0 for none.
        challenger: `none`, `shadow` or `ab`.
        challenger_percent: share of the requests that it gets when the release names no other.
    """

    kind: Literal["real-time", "serverless", "asynchronous"]
    instance_type: str
    instances: int
    scaling: Scaling | None
    memory_mb: int
    concurrency: int
    rollout: Rollout | None
    limits: AlarmLimits
    capture_percent: int
    challenger: Literal["none", "shadow", "ab"]
    challenger_percent: int

    @property
    def first_instances(self) -> int:
        """Instances that a new configuration starts with: one where it may scale to zero, so that a release is proven."""
        return max(1, self.instances)


@dataclass(frozen=True)
class EndpointPlaces:
    """Where an endpoint stands, and where its data goes.

    Args:
        subnet_ids: subnets without a way out.
        security_group_id: group of its network interfaces.
        data_uri: S3 URI of the use case's prefix of the artefact zone, without a slash at the end.
        key: key of that zone.
        volume_key: key of the instances' disks; None where the instance type takes none.
    """

    subnet_ids: Sequence[str]
    security_group_id: str
    data_uri: str
    key: kms.IKey
    volume_key: kms.IKey | None
