"""The steps of SageMaker pipelines, read out of their definitions.

The definition is JSON of version 2020-12-01: `Steps` with `Name`, `Type` and, for jobs, `Arguments` that are the request
which the step makes (SageMaker developer guide, "Pipelines steps").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from govml.rules.definitions import document
from govml.rules.template import Resource
from govml.rules.values import get, listed

_ACTIONS = {
    "Training": "CreateTrainingJob",
    "Processing": "CreateProcessingJob",
    "Transform": "CreateTransformJob",
    "Tuning": "CreateHyperParameterTuningJob",
    "Model": "CreateModel",
    "RegisterModel": "CreateModelPackage",
    "ClarifyCheck": "CreateProcessingJob",
    "QualityCheck": "CreateProcessingJob",
    "AutoML": "CreateAutoMLJob",
    "EndpointConfig": "CreateEndpointConfig",
    "EMR": "RunJobFlow",
}
"""Step type -> the request that its `Arguments` are. Clarify and quality checks run as processing jobs."""


@dataclass(frozen=True)
class Step:
    """One step that makes a request: its name, the API's action, and the request's parameters."""

    name: str
    action: str
    arguments: Mapping[str, Any]


def definition_of(pipeline: Resource) -> Mapping[str, Any] | None:
    """Return a pipeline's definition, or None: it lies in S3, or only the deployment knows it.

    Raises:
        ValueError: it cannot be read.
    """
    value = pipeline.get("PipelineDefinition")
    held = document(value)
    if held is None or "PipelineDefinitionS3Location" in held:
        return None
    return document(held["PipelineDefinitionBody"]) if "PipelineDefinitionBody" in held else held


def steps_of(pipeline: Resource) -> tuple[Step, ...]:
    """Return the steps that make requests, those inside conditions too; of an unreadable definition none.

    Worked out once a pipeline, for all rules that ask.
    """
    known = pipeline.shared.get(__name__)
    if known is None:
        known = pipeline.shared[__name__] = tuple(_steps(pipeline))
    return known


def _steps(pipeline: Resource) -> Iterator[Step]:
    try:
        definition = definition_of(pipeline)
    except ValueError:
        return
    if definition is not None:
        yield from _walk(definition.get("Steps"), _defaults(definition))


def _defaults(definition: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        str(get(each, "Name")): get(each, "DefaultValue")
        for each in listed(definition.get("Parameters"))
        if get(each, "DefaultValue") not in (None, "")
    }


def _walk(steps: object, defaults: Mapping[str, Any]) -> Iterator[Step]:
    for step in listed(steps):
        kind, arguments = str(get(step, "Type")), get(step, "Arguments")
        if not isinstance(arguments, dict):
            continue
        for branch in ("IfSteps", "ElseSteps"):
            yield from _walk(arguments.get(branch), defaults)
        if kind in _ACTIONS:
            yield Step(str(get(step, "Name")), _ACTIONS[kind], _filled(arguments, defaults))


def _filled(value: Any, defaults: Mapping[str, Any]) -> Any:
    """Put the defaults of pipeline parameters where a step reads them; other variables stay mappings."""
    if isinstance(value, dict):
        variable = value.get("Get")
        if isinstance(variable, str) and len(value) == 1:
            return defaults.get(variable.removeprefix("Parameters."), value)
        return {key: each if isinstance(each, str) else _filled(each, defaults) for key, each in value.items()}
    return [_filled(each, defaults) for each in value] if isinstance(value, list) else value
