"""Requests to the SageMaker API, wherever a template holds them.

A training job is the same request in a SageMaker pipeline's step, in a state of Step Functions and, for some kinds of
job, in a resource of CloudFormation; the property names are those of the API (SageMaker API reference, `CreateTrainingJob`
and the like). So one rule sees them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from govml.rules.pipeline_steps import steps_of
from govml.rules.state_machines import tasks_of
from govml.rules.template import Resource
from govml.rules.values import get, listed

JOB_DEFINITIONS = {
    "AWS::SageMaker::DataQualityJobDefinition": "DataQuality",
    "AWS::SageMaker::ModelQualityJobDefinition": "ModelQuality",
    "AWS::SageMaker::ModelBiasJobDefinition": "ModelBias",
    "AWS::SageMaker::ModelExplainabilityJobDefinition": "ModelExplainability",
}
PIPELINE, STATE_MACHINE = "AWS::SageMaker::Pipeline", "AWS::StepFunctions::StateMachine"
_RESOURCES = {
    "AWS::SageMaker::Model": "CreateModel",
    "AWS::SageMaker::EndpointConfig": "CreateEndpointConfig",
    "AWS::SageMaker::ProcessingJob": "CreateProcessingJob",
    "AWS::SageMaker::MonitoringSchedule": "CreateMonitoringSchedule",
    "AWS::SageMaker::ModelPackage": "CreateModelPackage",
    "AWS::SageMaker::Cluster": "CreateCluster",
    **{type_: f"Create{kind}JobDefinition" for type_, kind in JOB_DEFINITIONS.items()},
}
HOLDERS = (*_RESOURCES, PIPELINE, STATE_MACHINE)
"""Resource types that hold requests."""


@dataclass(frozen=True)
class Request:
    """One request.

    Args:
        where: the step or state that makes it, as a message starts; empty when the resource itself is the request.
        action: the API's action, such as `CreateTrainingJob`.
        arguments: its parameters.
    """

    where: str
    action: str
    arguments: Mapping[str, Any]

    def get(self, *path: str) -> Any:
        """Return a parameter by its path, or None; where a part of the way is known only later, that part."""
        value: Any = self.arguments
        for key in path:
            if not isinstance(value, Mapping) or (key not in value and "Get" in value):
                return value
            value = value.get(key)
        return value


def requests_of(resource: Resource) -> Iterator[Request]:
    """Return the requests that a resource of `HOLDERS` holds; jobs inside jobs come one by one."""
    if resource.type == PIPELINE:
        for step in steps_of(resource):
            yield from _parts(Request(f"step {step.name}: ", step.action, step.arguments))
    elif resource.type == STATE_MACHINE:
        for task in tasks_of(resource):
            if task.service in {"sagemaker", "bedrock"}:
                yield from _parts(Request(f"state {task.name}: ", task.action, task.arguments))
    elif resource.type in _RESOURCES:
        yield from _parts(Request("", _RESOURCES[resource.type], resource.properties))


def _parts(request: Request) -> Iterator[Request]:
    """Take a request apart into those that each describe one job."""
    if request.action == "CreateHyperParameterTuningJob":
        for each in [*listed(request.get("TrainingJobDefinition")), *listed(request.get("TrainingJobDefinitions"))]:
            if isinstance(each, Mapping):
                yield Request(request.where, "TunedTrainingJob", each)
    elif request.action == "CreateMonitoringSchedule":
        inline = request.get("MonitoringScheduleConfig", "MonitoringJobDefinition")
        if isinstance(inline, Mapping):
            yield Request(request.where, "MonitoringJobDefinition", inline)
    elif request.action == "CreateCluster":
        yield request
        for group in [*listed(request.get("InstanceGroups")), *listed(request.get("RestrictedInstanceGroups"))]:
            if get(group, "OverrideVpcConfig") is not None:
                yield Request(request.where, "InstanceGroup", group)
    else:
        yield request
