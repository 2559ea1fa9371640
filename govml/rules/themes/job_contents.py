"""What jobs and models are given: no secret in their environment or hyperparameters, no image of a public registry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from govml.rules.options import Options
from govml.rules.pipeline_steps import definition_of
from govml.rules.registry import rule
from govml.rules.requests import HOLDERS, PIPELINE, STATE_MACHINE, requests_of
from govml.rules.secret_words import literal_secret, secret_name
from govml.rules.template import Resource, Template
from govml.rules.values import get, listed

_PUBLIC_REGISTRY = re.compile(
    r"(?:[\w-]+\.)*(?:docker\.io|public\.ecr\.aws|ghcr\.io|quay\.io|gcr\.io|nvcr\.io|mcr\.microsoft\.com)/\S+"
)
_IMAGES = frozenset({"Image", "ImageUri", "TrainingImage", "ContainerUri"})


@rule(
    "GovML-JobSecret",
    PIPELINE,
    STATE_MACHINE,
    title="No secret is handed to a job in the clear",
    rationale="Whoever may describe a job, a pipeline or an execution reads its environment and hyperparameters.",
    severity="high",
    controls=("IA-5", "IA-5(7)", "SC-28"),
    public_sector_controls=("AS-8", "CS-3"),
    source="SageMaker API reference, `DescribeTrainingJob`, `DescribeProcessingJob`",
)
def job_secret(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look inside definitions, at environments, hyperparameters, and the defaults of a pipeline's parameters."""
    for request in requests_of(resource):
        for place in ("Environment", "HyperParameters", "StaticHyperParameters"):
            held = request.get(place)
            for name, value in held.items() if isinstance(held, Mapping) else ():
                if secret_name(str(name)) and literal_secret(value):
                    yield f"{request.where}{place} {name} holds a secret in the clear: pass the ARN of a secret"
    if resource.type == PIPELINE:
        for name, value in _parameters(resource):
            if secret_name(name) and literal_secret(value):
                yield f"the parameter {name} of the pipeline has its secret as a default: pass the ARN of a secret"


def _parameters(pipeline: Resource) -> Iterator[tuple[str, Any]]:
    try:
        definition = definition_of(pipeline)
    except ValueError:
        return
    for each in listed(get(definition, "Parameters")):
        yield str(get(each, "Name")), get(each, "DefaultValue")


@rule(
    "GovML-PublicImage",
    *HOLDERS,
    "AWS::SageMaker::InferenceComponent",
    "AWS::BedrockAgentCore::Runtime",
    "AWS::ECS::TaskDefinition",
    "AWS::Batch::JobDefinition",
    title="Containers run images of the agency's own registry",
    rationale="An image of a public registry was not scanned here, may change under its tag, and needs a way to the internet.",
    severity="medium",
    controls=("SR-3", "CM-14", "SI-7"),
    public_sector_controls=("CS-8", "CS-7"),
    source='SageMaker developer guide, "Use a private Docker registry for real-time inference containers"',
)
def public_image(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Find the names of well-known public registries where an image is named."""
    inside = [each.arguments for each in requests_of(resource)] if resource.type in {PIPELINE, STATE_MACHINE} else []
    for image in {each for held in (resource.properties, *inside) for each in _images(held)}:
        if _PUBLIC_REGISTRY.fullmatch(image):
            yield f"runs the image {image} of a public registry: keep a scanned copy in ECR"


def _images(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            if key in _IMAGES and isinstance(each, str):
                yield each
            elif isinstance(each, dict | list):
                yield from _images(each)
    elif isinstance(value, list):
        for each in value:
            if isinstance(each, dict | list):
                yield from _images(each)
