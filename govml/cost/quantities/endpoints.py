"""A model endpoint: its instances stand, and each prediction moves data; a serverless one computes by the request."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from govml.cost.line import UnknownQuantityError, Use
from govml.cost.quantities.pipelines import INSTANCE, VOLUME
from govml.cost.template_values import Template, name_of, number
from govml.cost.usage import Usage

ENDPOINT = "SageMaker endpoint"
_THOUSAND = Decimal(1000)
_KB_IN_GB = Decimal(1_000_000)
_SECONDS = Decimal(3600)


def endpoint_uses(logical_id: str, properties: Mapping[str, Any], template: Template, usage: Usage) -> Iterator[Use]:
    """Yield the instances of every variant, shadow variants too, and what 1,000 predictions take.

    Where the number of instances scales, its least is what stands.
    """
    config = template.referred(properties.get("EndpointConfigName"))
    if config is None:
        raise UnknownQuantityError("its configuration is not in the same template")
    name, settings = name_of(properties, "EndpointName", logical_id), template.properties(config)
    meter = f"1,000 predictions of {name}"
    variants = [*settings.get("ProductionVariants", []), *settings.get("ShadowProductionVariants", [])]
    for variant in variants:
        if "ServerlessConfig" in variant:
            memory = Decimal(number(variant["ServerlessConfig"].get("MemorySizeInMB"), "the memory")) / 1024
            yield Use(ENDPOINT, "serverless", memory * usage.model_ms / _THOUSAND, meter)  # 1,000 GB-s for 1,000 calls
            continue
        instance, count = str(variant.get("InstanceType")), _standing(variant, template)
        yield Use(INSTANCE, instance, count)
        disk = Decimal(number(variant.get("VolumeSizeInGB", 0), "the size of a disk"))
        if disk:
            yield Use(VOLUME, "GB-month", disk * count)
        full = f"{meter} ({variant.get('VariantName', 'its variant')}), instance busy"
        yield Use(INSTANCE, instance, _THOUSAND / usage.per_second / _SECONDS, full)
    yield from _each_prediction(settings, meter, usage)


def _each_prediction(settings: Mapping[str, Any], meter: str, usage: Usage) -> Iterator[Use]:
    moved = _THOUSAND * usage.request_kb / _KB_IN_GB
    yield Use(ENDPOINT, "data", moved, meter)
    yield Use("AWS::Logs::LogGroup", "ingested", _THOUSAND * usage.log_kb / _KB_IN_GB, meter)
    capture = settings.get("DataCaptureConfig", {})
    if capture.get("EnableCapture") in (True, "true"):
        share = Decimal(number(capture.get("InitialSamplingPercentage", 100), "the captured share")) / 100
        yield Use("AWS::S3::Bucket", "stored", moved * share, meter)


def _standing(variant: Mapping[str, Any], template: Template) -> Decimal:
    """Return how many instances stand when nobody calls: the least that scaling goes down to, else the first number."""
    for target in template.of_type("AWS::ApplicationAutoScaling::ScalableTarget"):
        path = json.dumps(target.get("ResourceId"))
        if target.get("ServiceNamespace") == "sagemaker" and f"variant/{variant.get('VariantName')}" in path:
            return Decimal(number(target.get("MinCapacity"), "the least number of instances"))
    return Decimal(number(variant.get("InitialInstanceCount", 1), "the number of instances"))
