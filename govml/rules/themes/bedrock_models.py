"""Which models resources call, where those run, and where knowledge bases keep what they know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from govml.rules.demands import given
from govml.rules.models import leaves_region
from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.requests import STATE_MACHINE
from govml.rules.state_machines import tasks_of
from govml.rules.template import Resource, Template
from govml.rules.values import get

_SHOWN = 160
_MODEL_NAMES = frozenset(
    {
        "FoundationModel",
        "ModelId",
        "ModelArn",
        "EmbeddingModelArn",
        "CopyFrom",
        "InferenceProfileArn",
        "GuardrailProfileArn",
    }
)
_SPEAKING = (
    "AWS::Bedrock::Agent",
    "AWS::Bedrock::Flow",
    "AWS::Bedrock::FlowVersion",
    "AWS::Bedrock::Prompt",
    "AWS::Bedrock::KnowledgeBase",
    "AWS::Bedrock::DataSource",
    "AWS::Bedrock::ApplicationInferenceProfile",
    "AWS::Bedrock::IntelligentPromptRouter",
    "AWS::BedrockAgentCore::Harness",
    "AWS::BedrockAgentCore::Memory",
    "AWS::BedrockAgentCore::Evaluator",
)


@rule(
    "GovML-ModelRegion",
    *_SPEAKING,
    STATE_MACHINE,
    "AWS::Lambda::Function",
    "AWS::SSM::Parameter",
    "AWS::BedrockAgentCore::Runtime",
    "AWS::ECS::TaskDefinition",
    "AWS::Bedrock::Guardrail",
    title="No model of another region is configured",
    rationale="A cross-region inference profile sends prompts and answers to other countries.",
    severity="high",
    controls=("AC-4", "SA-9(5)"),
    public_sector_controls=("DP-1",),
    source='Bedrock user guide, "Increase throughput with cross-Region inference"',
)
def model_region(resource: Resource, _: Template, options: Options) -> Iterator[str]:
    """Look at the properties that name a model, and at the environment of code."""
    if options.cross_region_models:
        return
    if resource.type == "AWS::Bedrock::Guardrail" and given(resource.get("CrossRegionConfig")):
        yield "CrossRegionConfig lets the guardrail judge text in other regions"
    for where, text in _models(resource):
        reason = leaves_region(text, options.allowed_regions)
        if reason:
            yield f"{where} names {text[:_SHOWN]}: {reason}"


def _models(resource: Resource) -> Iterator[tuple[str, str]]:
    if resource.type == "AWS::SSM::Parameter":
        yield "Value", str(resource.get("Value"))
    elif resource.type == STATE_MACHINE:
        for task in tasks_of(resource):
            if task.service.startswith("bedrock"):
                yield f"ModelId of state {task.name}", str(get(task.arguments, "ModelId"))
    elif resource.type in _SPEAKING:
        yield from _named(resource.properties)
    elif resource.type == "AWS::ECS::TaskDefinition":
        for container in resource.get("ContainerDefinitions") or ():
            for each in get(container, "Environment") or ():
                yield f"the variable {get(each, 'Name')}", str(get(each, "Value"))
    else:
        yield "the inline code", str(resource.get("Code", "ZipFile") or "")
        variables = resource.get("Environment", "Variables") or resource.get("EnvironmentVariables")
        for name, value in variables.items() if isinstance(variables, Mapping) else ():
            yield f"the variable {name}", str(value)


def _named(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            if key in _MODEL_NAMES and isinstance(each, str):
                yield key, each
            else:
                yield from _named(each)
    elif isinstance(value, list):
        for each in value:
            yield from _named(each)


@rule(
    "GovML-KnowledgeBaseStore",
    "AWS::Bedrock::KnowledgeBase",
    title="A knowledge base keeps its vectors inside the account",
    rationale="Vectors and the text beside them are the documents themselves; another vendor's store is reached over the internet.",
    severity="high",
    controls=("AC-4", "SA-9(5)", "SC-7"),
    public_sector_controls=("DP-1", "NS-2"),
    source="CloudFormation template reference, `AWS::Bedrock::KnowledgeBase` `StorageConfiguration`",
)
def knowledge_base_store(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Find stores of vendors; MongoDB Atlas is private when it is reached by an endpoint service."""
    store = resource.get("StorageConfiguration")
    if get(store, "Type") == "PINECONE":
        yield "its vectors are kept by Pinecone, outside the account"
    if get(store, "Type") == "MONGO_DB_ATLAS" and not given(
        get(store, "MongoDbAtlasConfiguration", "EndpointServiceName")
    ):
        yield "MongoDbAtlasConfiguration has no EndpointServiceName: the store is reached over the internet"
