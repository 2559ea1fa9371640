"""What the endpoints of an environment used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from govml.cost.advice.figures import Figures
from govml.cost.advice.observed import Observed
from govml.cost.prices import HOURS_A_MONTH

_CALLS, _MACHINES = "AWS/SageMaker", "/aws/sagemaker/Endpoints"


def observed_endpoints(sagemaker: Any, figures: Figures, endpoints: Mapping[str, str]) -> Iterator[Observed]:
    """Yield every variant with instances of the endpoints that exist; serverless ones have none to size.

    Args:
        sagemaker: boto3 client.
        figures: figures of some days.
        endpoints: endpoint name -> use case.
    """
    for page in sagemaker.get_paginator("list_endpoints").paginate():
        for each in page["Endpoints"]:
            if each["EndpointName"] in endpoints:
                yield from _variants(sagemaker, figures, each["EndpointName"], endpoints[each["EndpointName"]])


def _variants(sagemaker: Any, figures: Figures, name: str, use_case: str) -> Iterator[Observed]:
    endpoint = sagemaker.describe_endpoint(EndpointName=name)
    config = sagemaker.describe_endpoint_config(EndpointConfigName=endpoint["EndpointConfigName"])
    running = {each["VariantName"]: each for each in endpoint.get("ProductionVariants", [])}
    for variant in config["ProductionVariants"]:
        if "InstanceType" not in variant:
            continue
        label = variant["VariantName"]
        count = running.get(label, {}).get("CurrentInstanceCount") or variant.get("InitialInstanceCount", 1)
        dimensions = {"EndpointName": name, "VariantName": label}
        calls = figures.total(_CALLS, "Invocations", dimensions)
        yield Observed(
            subject=f"endpoint {name}, variant {label}",
            place=f"use_cases.{use_case}.endpoint",
            instance_type=variant["InstanceType"],
            count=count,
            least_count=min(count, 2),
            hours=HOURS_A_MONTH,
            peak_cpu_percent=figures.peak(_MACHINES, "CPUUtilization", dimensions),
            peak_memory_percent=figures.peak(_MACHINES, "MemoryUtilization", dimensions),
            calls=Decimal(0) if calls is None else calls,
        )
