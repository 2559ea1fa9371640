"""SageMaker pipelines and what their jobs may do beyond the network: debuggers, foreign code, approval of models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from govml.rules.options import Options
from govml.rules.pipeline_steps import definition_of
from govml.rules.registry import rule
from govml.rules.requests import HOLDERS, PIPELINE, requests_of
from govml.rules.template import Resource, Template
from govml.rules.values import get, listed, true


@rule(
    "GovML-PipelineDefinition",
    PIPELINE,
    title="A pipeline's definition can be read, so that its jobs are judged",
    rationale="A definition that is no JSON hides what its jobs may do, and SageMaker refuses it at deployment.",
    severity="medium",
    controls=("CM-2", "CM-6"),
    public_sector_controls=("SC-5",),
)
def pipeline_definition(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Parse it; a definition that lies in S3 is not judged."""
    try:
        definition = definition_of(resource)
    except ValueError as error:
        yield f"its definition cannot be read: {error}"
        return
    if definition is not None and not listed(definition.get("Steps")):
        yield "its definition has no Steps"


@rule(
    "GovML-ModelApproval",
    *HOLDERS,
    title="A model is registered as pending; a person approves it",
    rationale="Whoever trains a model does not approve it: registered as approved, it has asked nobody.",
    severity="high",
    controls=("AC-5", "CM-3", "CM-5"),
    public_sector_controls=("SC-5", "SC-3"),
    source='SageMaker developer guide, "Update the approval status of a model"',
)
def model_approval(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Find Approved in model packages and RegisterModel steps, the defaults of pipeline parameters included."""
    for request in requests_of(resource):
        if request.action == "CreateModelPackage" and request.get("ModelApprovalStatus") == "Approved":
            yield f"{request.where}registers the model as Approved: use PendingManualApproval"


@rule(
    "GovML-TrainingRemoteDebug",
    *HOLDERS,
    title="No remote debugger in training jobs",
    rationale="Remote debugging opens a shell in a container that holds the training data.",
    severity="medium",
    controls=("AC-6", "AC-17"),
    public_sector_controls=("IS-6", "AC-1"),
    source="SageMaker API reference, `RemoteDebugConfig`",
)
def training_remote_debug(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Find EnableRemoteDebug in training jobs."""
    for request in requests_of(resource):
        if request.action in {"CreateTrainingJob", "TunedTrainingJob"} and true(
            request.get("RemoteDebugConfig", "EnableRemoteDebug")
        ):
            yield f"{request.where}RemoteDebugConfig.EnableRemoteDebug is true"


@rule(
    "GovML-ForeignModelCode",
    *HOLDERS,
    "AWS::SageMaker::InferenceComponent",
    title="Model containers run no code that comes with a model",
    rationale="Trusting remote code runs whatever a model's repository holds, with the container's role.",
    severity="high",
    controls=("SI-7", "CM-14", "SR-3"),
    public_sector_controls=("SC-8", "IS-4"),
    source='Deep Java Library documentation, "LMI environment variable instructions", `OPTION_TRUST_REMOTE_CODE`',
)
def foreign_model_code(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Find TRUST_REMOTE_CODE in the environment of model and job containers."""
    holders: list[tuple[str, object]] = [("", resource.get("Specification", "Container"))]
    if resource.type in HOLDERS:
        for request in requests_of(resource):
            containers = [request.arguments, request.get("PrimaryContainer"), *listed(request.get("Containers"))]
            packaged = listed(get(request.get("InferenceSpecification"), "Containers"))
            holders += [(request.where, each) for each in (*containers, *packaged)]
    for where, each in holders:
        environment = get(each, "Environment")
        for name, value in environment.items() if isinstance(environment, Mapping) else ():
            if str(name).upper().endswith("TRUST_REMOTE_CODE") and (true(value) or str(value) == "1"):
                yield f"{where}{name} is on: take models whose code is in the image"
