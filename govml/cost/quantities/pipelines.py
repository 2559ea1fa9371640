"""A run of a SageMaker pipeline: the instances of its jobs, step by step."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from govml.cost.line import UnknownQuantityError, Use
from govml.cost.prices import HOURS_A_MONTH
from govml.cost.template_values import Template, name_of, number
from govml.cost.usage import Usage

INSTANCE, VOLUME = "SageMaker instance", "SageMaker volume"
_MINUTES, _SECONDS = Decimal(60), Decimal(3600)


def pipeline_uses(logical_id: str, properties: Mapping[str, Any], _: Template, usage: Usage) -> Iterator[Use]:
    """Yield what a run takes: each job's instances, for as long as is assumed, and at most as long as it may run.

    Both branches of a condition are counted.
    """
    definition = _definition(properties.get("PipelineDefinition", {}))
    defaults = {each["Name"]: each.get("DefaultValue") for each in definition.get("Parameters", [])}
    meter = f"run of {name_of(properties, 'PipelineName', logical_id)}"
    for step in _steps(definition.get("Steps", [])):
        yield from _job(step, defaults, meter, usage)


def _definition(given: Any) -> dict[str, Any]:
    """Return the definition, which stands in the template as text, perhaps with variables.

    Raises:
        UnknownQuantityError: it stands elsewhere, or is no definition.
    """
    body = given.get("PipelineDefinitionBody") if isinstance(given, Mapping) else None
    if isinstance(body, Mapping) and set(body) == {"Fn::Sub"}:
        body = body["Fn::Sub"][0] if isinstance(body["Fn::Sub"], list) else body["Fn::Sub"]
    try:
        definition = json.loads(body) if isinstance(body, str) else None
    except ValueError:
        definition = None
    if not isinstance(definition, dict):
        raise UnknownQuantityError("its definition does not stand in the template")
    return definition


def _steps(steps: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for step in steps:
        arguments = step.get("Arguments", {})
        for branch in ("IfSteps", "ElseSteps"):
            yield from _steps(arguments.get(branch, []))
        yield step


def _job(step: Mapping[str, Any], defaults: Mapping[str, Any], meter: str, usage: Usage) -> Iterator[Use]:
    arguments, times = step.get("Arguments", {}), 1
    if "HyperParameterTuningJobConfig" in arguments:
        limits = arguments["HyperParameterTuningJobConfig"].get("ResourceLimits", {})
        times = number(_value(limits.get("MaxNumberOfTrainingJobs", 1), defaults), f"{meter}: the number of trials")
        arguments = arguments["TrainingJobDefinition"]
    cluster = (
        arguments.get("ProcessingResources", {}).get("ClusterConfig")
        or arguments.get("ResourceConfig")
        or arguments.get("TransformResources")
    )
    if not cluster:
        return
    instances = times * number(_value(cluster.get("InstanceCount", 1), defaults), f"{meter}: the number of instances")
    limit = arguments.get("StoppingCondition", {}).get("MaxRuntimeInSeconds")
    hours = instances * usage.job_minutes / _MINUTES
    longest = instances * Decimal(number(_value(limit, defaults), meter)) / _SECONDS if limit else None
    yield Use(INSTANCE, str(_value(cluster.get("InstanceType"), defaults)), hours, meter, longest)
    disk = Decimal(number(_value(cluster.get("VolumeSizeInGB", 0), defaults), f"{meter}: the size of a disk"))
    if disk:
        share = disk / HOURS_A_MONTH
        yield Use(VOLUME, "GB-month", hours * share, meter, longest * share if longest is not None else None)


def _value(value: Any, defaults: Mapping[str, Any]) -> Any:
    """Return a value of a step, a pipeline parameter by its default."""
    if isinstance(value, Mapping) and set(value) == {"Get"}:
        return defaults.get(str(value["Get"]).removeprefix("Parameters."), value)
    return value
