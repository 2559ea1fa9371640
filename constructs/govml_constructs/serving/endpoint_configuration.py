"""The configuration of an endpoint, and how a new one takes over, as SageMaker's API writes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from govml_constructs.serving.endpoint_plan import EndpointPlaces, EndpointPlan, Rollout

_MINUTE = 60
# New instances start within the time that is left beside the waits; 600 to 28,800 s (API reference, `BlueGreenUpdatePolicy`).
_STARTING_MINUTES = 30


def data_capture(plan: EndpointPlan, places: EndpointPlaces) -> dict[str, Any]:
    """Return `DataCaptureConfig`: requests and answers as JSON lines below the use case's `capture/`, as they were sent."""
    return {
        "EnableCapture": True,
        "InitialSamplingPercentage": plan.capture_percent,
        "DestinationS3Uri": f"{places.data_uri}/capture",
        "KmsKeyId": places.key.key_arn,
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
        "CaptureContentTypeHeader": {"CsvContentTypes": ["text/csv"], "JsonContentTypes": ["application/json"]},
    }


def deployment_config(rollout: Rollout, alarms: Sequence[str], rivals: Sequence[str]) -> dict[str, Any]:
    """Return `DeploymentConfig`: blue/green, watched by alarms, any of which brings the old instances back.

    Args:
        rollout: how traffic moves.
        alarms: names of the live variant's alarms.
        rivals: names of the challenger's alarms, which exist only while there is one. Ten alarms at most in all (SageMaker
            API reference, `AutoRollbackConfig`).
    """
    watched: list[dict[str, Any]] = [{"AlarmName": name} for name in alarms]
    watched += [{"Fn::If": ["HasChallenger", {"AlarmName": name}, {"Ref": "AWS::NoValue"}]} for name in rivals]
    bake = rollout.bake_minutes * _MINUTE
    routing: dict[str, Any] = {"Type": rollout.kind.upper().replace("-", "_"), "WaitIntervalInSeconds": bake}
    size = {"Type": "CAPACITY_PERCENT", "Value": rollout.percent}
    if rollout.kind == "all-at-once":
        routing["WaitIntervalInSeconds"] = 0  # there is no step to wait between; the last bake is below
    elif rollout.kind == "canary":
        routing["CanarySize"] = size
    else:
        routing["LinearStepSize"] = size
    return {
        "BlueGreenUpdatePolicy": {
            "TrafficRoutingConfiguration": routing,
            "TerminationWaitInSeconds": bake,
            "MaximumExecutionTimeoutInSeconds": (rollout.minutes + _STARTING_MINUTES) * _MINUTE,
        },
        "AutoRollbackConfiguration": {"Alarms": watched},
    }
