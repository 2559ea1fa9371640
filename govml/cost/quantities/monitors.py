"""A job of SageMaker Model Monitor: its instance and its disk, for as long as a job is assumed to take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from govml.cost.line import Use
from govml.cost.prices import HOURS_A_MONTH
from govml.cost.quantities.pipelines import INSTANCE, VOLUME
from govml.cost.template_values import Template, number
from govml.cost.usage import Usage

_MINUTES, _SECONDS = Decimal(60), Decimal(3600)


def quality_job_uses(logical_id: str, properties: Mapping[str, Any], _: Template, usage: Usage) -> Iterator[Use]:
    """Yield what one job takes, and at most as long as it may run; its schedule says how many there are a month.

    The metrics that it publishes are not counted: there are some for each column, which no template knows.
    """
    source = properties.get("DataQualityJobInput", {}).get("EndpointInput", {}).get("EndpointName", logical_id)
    meter = f"job of Model Monitor on {source}"
    cluster = properties.get("JobResources", {}).get("ClusterConfig", {})
    instances = Decimal(number(cluster.get("InstanceCount", 1), f"{meter}: the number of instances"))
    limit = properties.get("StoppingCondition", {}).get("MaxRuntimeInSeconds")
    hours = instances * usage.job_minutes / _MINUTES
    longest = instances * Decimal(number(limit, f"{meter}: its limit")) / _SECONDS if limit else None
    yield Use(INSTANCE, str(cluster.get("InstanceType")), hours, meter, longest)
    share = Decimal(number(cluster.get("VolumeSizeInGB", 0), f"{meter}: the size of a disk")) / HOURS_A_MONTH
    if share:
        yield Use(VOLUME, "GB-month", hours * share, meter, longest * share if longest is not None else None)
