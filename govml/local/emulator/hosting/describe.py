"""What DescribeEndpoint answers."""

from __future__ import annotations

from typing import Any

from govml.local.emulator.backends import moto
from govml.local.emulator.hosting.records import MOVING, Record


def variant_summary(variant: dict[str, Any], containers: list[dict[str, Any]]) -> dict[str, Any]:
    """Return one variant in DescribeEndpoint's form."""
    weight, count = variant.get("InitialVariantWeight", 1.0), variant.get("InitialInstanceCount")
    images = [
        {"SpecifiedImage": container["Image"], "ResolvedImage": container["Image"]}
        for container in containers
        if "Image" in container
    ]
    summary = {
        "VariantName": variant["VariantName"],
        "DeployedImages": images,
        "CurrentWeight": weight,
        "DesiredWeight": weight,
    }
    if count is not None:
        summary |= {"CurrentInstanceCount": count, "DesiredInstanceCount": count}
    if "ServerlessConfig" in variant:
        summary |= {"CurrentServerlessConfig": variant["ServerlessConfig"]}
    return summary


def summaries(taken: dict[str, Any], member: str) -> list[dict[str, Any]]:
    """Return the production or shadow variants of a configuration in DescribeEndpoint's form."""
    return [variant_summary(variant, taken["models"][variant["ModelName"]]) for variant in taken[member]]


def describe(record: Record) -> dict[str, Any]:
    """Return DescribeEndpoint's answer: what serves now, and what is on its way."""
    stored = moto.backend("sagemaker").endpoints[record.name]
    serving = record.live or record.target or {"config": "", "variants": [], "shadows": [], "models": {}}
    answer: dict[str, Any] = {
        "EndpointName": record.name,
        "EndpointArn": stored.arn,
        "EndpointConfigName": serving["config"],
        "EndpointStatus": record.status,
        "ProductionVariants": summaries(serving, "variants"),
        "CreationTime": stored.creation_time.timestamp(),
        "LastModifiedTime": stored.last_modified_time.timestamp(),
    }
    optional = {
        "ShadowProductionVariants": summaries(serving, "shadows"),
        "FailureReason": record.reason,
        "LastDeploymentConfig": record.deployment,
        "AsyncInferenceConfig": serving.get("asynchronous"),
        "DataCaptureConfig": _capture(serving.get("capture") or {}),
        "PendingDeploymentSummary": _pending(record),
    }
    return {**answer, **{name: value for name, value in optional.items() if value}}


def _capture(given: dict[str, Any]) -> dict[str, Any]:
    if not given:
        return {}
    enabled = bool(given.get("EnableCapture", True))
    return {
        "EnableCapture": enabled,
        "CaptureStatus": "Started" if enabled else "Stopped",
        "CurrentSamplingPercentage": given.get("InitialSamplingPercentage", 100),
        "DestinationS3Uri": given.get("DestinationS3Uri", ""),
        "KmsKeyId": given.get("KmsKeyId", ""),
    }


def _pending(record: Record) -> dict[str, Any]:
    if record.status not in MOVING or record.target is None or record.live is None:
        return {}
    return {
        "EndpointConfigName": record.target["config"],
        "StartTime": record.started,
        "ProductionVariants": summaries(record.target, "variants"),
    }
