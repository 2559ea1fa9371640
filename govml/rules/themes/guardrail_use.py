"""Agents, flows and state machines: that they call models through a guardrail, in a version that stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from govml.rules.definitions import document
from govml.rules.demands import given, later
from govml.rules.models import takes_guardrail
from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.requests import STATE_MACHINE
from govml.rules.state_machines import tasks_of
from govml.rules.template import Resource, Template
from govml.rules.values import get, listed

_AGENT, _FLOWS = "AWS::Bedrock::Agent", ("AWS::Bedrock::Flow", "AWS::Bedrock::FlowVersion")
_CALLS = frozenset({"InvokeModel", "InvokeModelWithResponseStream", "Converse", "ConverseStream"})


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
