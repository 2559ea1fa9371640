"""Guardrails: what they stop, and with which key they and what they guard are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from govml.rules.demands import key_problem, own_key
from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import false, get, listed


@rule(
    "GovML-GuardrailFilters",
    "AWS::Bedrock::Guardrail",
    title="A guardrail blocks prompt attacks and harmful content",
    rationale="A filter that is missing, weak or only counts lets injected instructions through.",
    severity="high",
    controls=("SI-10", "SI-4", "SI-15"),
    public_sector_controls=("AS-1", "AS-3"),
    source="CloudFormation template reference, `AWS::Bedrock::Guardrail`",
)
def guardrail_filters(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at strengths and actions; an attack is a property of the input, so its output strength is NONE."""
    filters = [
        each for each in listed(resource.get("ContentPolicyConfig", "FiltersConfig")) if isinstance(each, Mapping)
    ]
    if not any(each.get("Type") == "PROMPT_ATTACK" for each in filters):
        yield "ContentPolicyConfig has no filter PROMPT_ATTACK"
    for each in filters:
        kind, strengths = each.get("Type"), {"input": each.get("InputStrength"), "output": each.get("OutputStrength")}
        if kind == "PROMPT_ATTACK":
            strengths.pop("output")
        for side, strength in strengths.items():
            if strength == "NONE" or (strength == "LOW" and kind == "PROMPT_ATTACK"):
                yield f"the filter {kind} has {side} strength {strength}: set HIGH"
            yield from _without_effect(each, f"the filter {kind}", side.title())
    for each in listed(resource.get("ContextualGroundingPolicyConfig", "FiltersConfig")):
        if str(get(each, "Threshold")) == "0" or get(each, "Action") == "NONE" or false(get(each, "Enabled")):
            yield f"the grounding filter {get(each, 'Type')} is without effect"
    for each in listed(resource.get("TopicPolicyConfig", "TopicsConfig")):
        for side in ("Input", "Output"):
            yield from _without_effect(each, f"the topic {get(each, 'Name')}", side)


@rule(
    "GovML-GuardrailPersonalData",
    "AWS::Bedrock::Guardrail",
    title="A guardrail blocks or masks personal data",
    rationale="Without it a model repeats the personal data that it was shown, to whoever asks.",
    severity="high",
    controls=("SI-15", "PT-2", "SI-4"),
    public_sector_controls=("AS-3", "LM-19"),
    source="CloudFormation template reference, `AWS::Bedrock::Guardrail` `SensitiveInformationPolicyConfig`",
)
def guardrail_personal_data(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask for kinds or patterns, each with an effect."""
    personal = resource.get("SensitiveInformationPolicyConfig")
    entities = [*listed(get(personal, "PiiEntitiesConfig")), *listed(get(personal, "RegexesConfig"))]
    if not entities:
        yield "has no SensitiveInformationPolicyConfig: personal data passes"
    for each in entities:
        what = f"the filter of {get(each, 'Type') or get(each, 'Name')}"
        if get(each, "Action") == "NONE":
            yield f"{what} only counts (Action NONE)"
        for side in ("Input", "Output"):
            yield from _without_effect(each, what, side)


def _without_effect(held: object, what: str, side: str) -> Iterator[str]:
    if get(held, f"{side}Action") == "NONE" or false(get(held, f"{side}Enabled")):
        yield f"{what} is without effect on the {side.lower()}"


@rule(
    "GovML-BedrockKey",
    "AWS::Bedrock::Guardrail",
    "AWS::Bedrock::Agent",
    "AWS::Bedrock::Flow",
    "AWS::Bedrock::Prompt",
    "AWS::BedrockAgentCore::Memory",
    "AWS::Bedrock::DataAutomationProject",
    title="Guardrails, agents, flows, prompts and memories are encrypted with a key of the agency",
    rationale="Instructions and guardrails tell an attacker what to avoid; memories hold what users said.",
    severity="medium",
    controls=("SC-28", "SC-28(1)", "SC-12"),
    public_sector_controls=("DP-2", "CK-1"),
    source='Bedrock user guide, "Data encryption"',
)
def bedrock_key(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Each type has its own name for the key."""
    name = {
        "AWS::Bedrock::Guardrail": "KmsKeyArn",
        "AWS::BedrockAgentCore::Memory": "EncryptionKeyArn",
        "AWS::Bedrock::DataAutomationProject": "KmsKeyId",
    }.get(resource.type, "CustomerEncryptionKeyArn")
    if not own_key(resource.get(name)):
        yield f"{name} {key_problem(resource.get(name))}"
