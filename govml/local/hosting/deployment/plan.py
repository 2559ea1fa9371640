"""From a `DeploymentConfig` to the steps of a rollout: a pure function.

The rules are those of SageMaker's developer guide, "Deployment guardrails": a new fleet stands beside the old one, traffic
moves by the routing configuration with a bake after each step, the old fleet stays until the termination wait is over, and
an alarm in any bake moves all traffic back.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Stage:
    """One step of a rollout.

    Args:
        share: part of the requests that the new fleet answers, 0 to 1.
        seconds: bake afterwards, in the service's time.
    """

    share: float
    seconds: float


@dataclass(frozen=True)
class Plan:
    """A rollout.

    Args:
        kind: ALL_AT_ONCE, CANARY, LINEAR or ROLLING.
        stages: its steps, in order; the last one has the share 1.
        alarms: names of the alarms that move the traffic back.
        limit: seconds after which the whole rollout has failed, in the service's time; None for no limit.
    """

    kind: str
    stages: tuple[Stage, ...]
    alarms: tuple[str, ...] = ()
    limit: float | None = None


def plan(deployment: Mapping[str, Any], instances: int) -> Plan:
    """Read a `DeploymentConfig`.

    Args:
        deployment: as UpdateEndpoint takes it; empty for the service's default, all at once without a bake.
        instances: number of instances of the new fleet, for sizes that are given as a count.
    """
    configured = deployment.get("AutoRollbackConfiguration", {}).get("Alarms", [])
    alarms = tuple(alarm["AlarmName"] for alarm in configured)
    rolling = deployment.get("RollingUpdatePolicy")
    if rolling:
        step = _share(rolling["MaximumBatchSize"], instances)
        wait = float(rolling["WaitIntervalInSeconds"])
        return Plan("ROLLING", _steps(step, wait, last=wait), alarms, rolling.get("MaximumExecutionTimeoutInSeconds"))
    policy = deployment.get("BlueGreenUpdatePolicy", {})
    routing = policy.get("TrafficRoutingConfiguration", {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0})
    kind, wait = routing["Type"], float(routing.get("WaitIntervalInSeconds", 0))
    last = float(policy.get("TerminationWaitInSeconds", 0))
    stages: tuple[Stage, ...] = (Stage(1.0, last),)
    if kind == "CANARY":
        stages = (Stage(_share(routing["CanarySize"], instances), wait), *stages)
    elif kind == "LINEAR":
        stages = _steps(_share(routing["LinearStepSize"], instances), wait, last=wait + last)
    return Plan(kind, stages, alarms, policy.get("MaximumExecutionTimeoutInSeconds"))


def _share(size: Mapping[str, Any], instances: int) -> float:
    """A capacity size as a part of the whole."""
    if size["Type"] == "INSTANCE_COUNT":
        return min(1.0, float(size["Value"]) / max(instances, 1))
    return min(1.0, float(size["Value"]) / 100)


def _steps(share: float, wait: float, *, last: float) -> tuple[Stage, ...]:
    """Equal steps up to the whole."""
    count = math.ceil(round(1 / share, 6))
    shares = [min(1.0, (number + 1) * share) for number in range(count)]
    return (*(Stage(part, wait) for part in shares[:-1]), Stage(1.0, last))
