"""Guardrails: what they stop, and that agents and flows use a fixed version of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from govml.rules.definitions import document
from govml.rules.demands import given, key_problem, later, own_key
from govml.rules.models import takes_guardrail
from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.requests import STATE_MACHINE
from govml.rules.state_machines import tasks_of
from govml.rules.template import Resource, Template
from govml.rules.values import false, get, listed

_AGENT, _FLOWS = "AWS::Bedrock::Agent", ("AWS::Bedrock::Flow", "AWS::Bedrock::FlowVersion")
_CALLS = frozenset({"InvokeModel", "InvokeModelWithResponseStream", "Converse", "ConverseStream"})


@rule(
    "GovML-GuardrailFilters",
    "AWS::Bedrock::Guardrail",
    title="A guardrail blocks prompt attacks, harmful content and personal data",
    rationale="A filter that is missing, weak or only counts lets injected instructions and personal data through.",
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
    for each in listed(resource.get("ContextualGroundingPolicyConfig", "FiltersConfig")):
        if get(each, "Threshold") in {0, "0"} or get(each, "Action") == "NONE" or false(get(each, "Enabled")):
            yield f"the grounding filter {get(each, 'Type')} is without effect"
    for each in listed(resource.get("TopicPolicyConfig", "TopicsConfig")):
        for side in ("Input", "Output"):
            yield from _without_effect(each, f"the topic {get(each, 'Name')}", side)


def _without_effect(held: object, what: str, side: str) -> Iterator[str]:
    if get(held, f"{side}Action") == "NONE" or false(get(held, f"{side}Enabled")):
        yield f"{what} is without effect on the {side.lower()}"


@rule(
    "GovML-GuardrailVersion",
    _AGENT,
    *_FLOWS,
    "AWS::Bedrock::EnforcedGuardrailConfiguration",
    "AWS::Lambda::Function",
    STATE_MACHINE,
    title="A fixed version of a guardrail is used, not its draft",
    rationale="The draft changes under its users with each edit, untested.",
    severity="medium",
    controls=("CM-2", "CM-3"),
    public_sector_controls=("SC-5",),
    source='Bedrock user guide, "Deploy your guardrail"',
)
def guardrail_version(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Find DRAFT wherever a version is named."""
    if resource.type == STATE_MACHINE:
        found: list[object] = [task.arguments for task in tasks_of(resource) if task.action in _CALLS]
    elif resource.type == "AWS::Lambda::Function":
        variables = resource.get("Environment", "Variables")
        for name, value in variables.items() if isinstance(variables, Mapping) else ():
            if value == "DRAFT" and "guardrail" in str(name).lower():
                yield f"the variable {name} is DRAFT: create an AWS::Bedrock::GuardrailVersion and name it"
        return
    else:
        found = [resource.properties, *(node for _, node in _nodes(resource))]
    for each in found:
        for held in (each, get(each, "GuardrailConfiguration"), get(each, "GuardrailConfig")):
            if get(held, "GuardrailVersion") == "DRAFT":
                yield "uses the DRAFT of a guardrail: create an AWS::Bedrock::GuardrailVersion and name it"


@rule(
    "GovML-GuardrailInUse",
    _AGENT,
    *_FLOWS,
    STATE_MACHINE,
    title="Agents, flows and state machines call models through a guardrail",
    rationale="What they send to a model holds text of users and documents; what comes back is acted on.",
    severity="high",
    controls=("SI-4", "SI-10", "SI-15"),
    public_sector_controls=("AS-1", "AS-3"),
    source='Bedrock user guide, "Use a guardrail"',
)
def guardrail_in_use(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask agents, prompt nodes of flows, and tasks that invoke models."""
    if resource.type == _AGENT and not _names_one(resource.get("GuardrailConfiguration")):
        yield "GuardrailConfiguration names no guardrail"
    if resource.type == STATE_MACHINE:
        for task in tasks_of(resource):
            model = str(get(task.arguments, "ModelId") or "")
            guarded = _names_one(task.arguments) or _names_one(get(task.arguments, "GuardrailConfig"))
            asked = task.service in {"bedrock", "bedrockruntime"} and task.action in _CALLS
            if asked and not guarded and takes_guardrail(model):
                yield f"state {task.name}: calls a model without GuardrailIdentifier"
    for name, node in _nodes(resource):
        if not _names_one(node.get("GuardrailConfiguration")):
            yield f"the node {name} calls a model without GuardrailConfiguration"


def _names_one(configuration: object) -> bool:
    return given(get(configuration, "GuardrailIdentifier")) or (isinstance(configuration, str) and later(configuration))


def _nodes(resource: Resource) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Return the nodes of a flow that call a model with text."""
    if resource.type not in _FLOWS:
        return
    try:
        definition = document(resource.get("Definition") or resource.get("DefinitionString"))
    except ValueError:
        return
    for node in listed(get(definition, "Nodes")):
        prompt = get(node, "Configuration", "Prompt")
        search = get(node, "Configuration", "KnowledgeBase")
        if isinstance(prompt, Mapping):
            yield str(get(node, "Name")), prompt
        elif isinstance(search, Mapping) and given(
            search.get("ModelId")
        ):  # with a model it answers, without it only finds
            yield str(get(node, "Name")), search


@rule(
    "GovML-BedrockKey",
    "AWS::Bedrock::Guardrail",
    _AGENT,
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
