"""Who may call foundation models: named ones, in the region, through a guardrail that the caller cannot switch off."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.holders import roles_of, statements_beside
from govml.rules.models import is_open, leaves_region, takes_guardrail
from govml.rules.options import Options
from govml.rules.policies import (
    IDENTITY_POLICY_TYPES,
    PolicyStatement,
    allowed_by,
    identity_policies,
    matches,
    trust_of,
)
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import get, has_token

_INVOKE = ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream", "bedrock:Converse", "bedrock:ConverseStream")
_WEAKEN = (
    "bedrock:DeleteGuardrail",
    "bedrock:UpdateGuardrail",
    "bedrock:DeleteModelInvocationLoggingConfiguration",
    "bedrock:PutModelInvocationLoggingConfiguration",
    "bedrock:DeleteEnforcedGuardrailConfiguration",
)
_KEY = "bedrock:GuardrailIdentifier"
_ROLE_PROPERTIES = ("AgentResourceRoleArn", "ExecutionRoleArn", "RoleArn")
_USERS = ("AWS::Bedrock::Agent", "AWS::Bedrock::Flow", "AWS::Bedrock::KnowledgeBase", "AWS::Bedrock::FlowVersion")


def _invoking(found: list[PolicyStatement]) -> list[PolicyStatement]:
    """Return the statements that give Bedrock's models, as such or in `bedrock:*`; `*` alone is not about models."""
    return [each for each in found if any(each.allows(action) for action in _INVOKE) and set(each.actions) != {"*"}]


@rule(
    "GovML-BedrockNamedModels",
    *IDENTITY_POLICY_TYPES,
    title="Foundation models are called by name",
    rationale="Bedrock's models are on by default; only the policy decides which of them see the agency's data, and at what price.",
    severity="high",
    controls=("AC-6", "AC-3", "CM-7"),
    public_sector_controls=("AC-1", "DP-1"),
    source='Bedrock user guide, "Request access to models" (read 2026-11)',
)
def bedrock_named_models(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look for wildcards in the resources of statements that invoke models."""
    for where, found in identity_policies(resource):
        for each in _invoking(found):
            if each.not_resources:
                yield f"{where}, statement {each.sid}: invokes all models but some (NotResource): name the models"
            for name in each.resources:
                if is_open(name):
                    yield f"{where}, statement {each.sid}: invokes {name}: name the models"


@rule(
    "GovML-BedrockCallRegion",
    *IDENTITY_POLICY_TYPES,
    title="No policy lets a call to a foundation model leave the region",
    rationale="A cross-region inference profile sends prompts and answers to other countries.",
    severity="high",
    controls=("AC-4", "SA-9(5)"),
    public_sector_controls=("DP-1",),
    source='Bedrock user guide, "Increase throughput with cross-Region inference"',
)
def bedrock_call_region(resource: Resource, _: Template, options: Options) -> Iterator[str]:
    """Look for profiles and for models of other regions."""
    if options.cross_region_models:
        return
    for where, found in identity_policies(resource):
        for each in _invoking(found):
            for name in each.resources:
                reason = leaves_region(name, options.allowed_regions)
                if reason:
                    yield f"{where}, statement {each.sid}: invokes {name}: {reason}"


@rule(
    "GovML-BedrockGuardrailCondition",
    *IDENTITY_POLICY_TYPES,
    title="Models are called only through a guardrail",
    rationale="Without the condition a caller leaves the guardrail out of its request, and nothing stops the answer.",
    severity="high",
    controls=("AC-3", "SI-4", "SI-10"),
    public_sector_controls=("AS-1", "AS-3"),
    source='Bedrock user guide, "Enforce the use of specific guardrails in model inference requests"',
)
def bedrock_guardrail_condition(resource: Resource, template: Template, __: Options) -> Iterator[str]:
    """Accept the condition on the Allow, or a Deny without the guardrail in any policy of the same holder.

    Models that return numbers take no guardrail. The role of an agent, flow or knowledge base of this template cannot
    carry the condition, since Bedrock makes some of its calls without one: there the agent itself is asked for it.
    """
    invoking = [(where, each) for where, found in identity_policies(resource) for each in _invoking(found)]
    roles = roles_of(resource, template) if invoking else []
    if not invoking or (roles and all(_used_by_bedrock(role, template) for role in roles)):
        return
    denied = any(map(_denies_without, statements_beside(resource, template)))
    for where, each in invoking:
        names_one = set(each.conditions.get(_KEY.lower(), ())) - {"*"}
        if not (names_one or denied) and any(map(takes_guardrail, each.resources or ("*",))):
            yield f"{where}, statement {each.sid}: invokes models without a condition on {_KEY}"


def _denies_without(statement: PolicyStatement) -> bool:
    """Return whether a Deny stops calls that name no guardrail, or another one."""
    if statement.allow or not any(matches(each, _INVOKE[0]) for each in statement.actions):
        return False
    return any(
        key.lower() == _KEY.lower() and ("Not" in operator or (operator.endswith("Null") and "true" in values))
        for operator, key, values in statement.operators
    )


def _used_by_bedrock(role: Resource, template: Template) -> bool:
    if {name for each in trust_of(role) for _, name in each.principals} != {"bedrock.amazonaws.com"}:
        return False
    users = (get(user.properties, name) for user in template.of_type(*_USERS) for name in _ROLE_PROPERTIES)
    name = role.get("RoleName")
    own = name if isinstance(name, str) and not has_token(name) else None
    return any(role.refers_to(each) or (own and str(each).endswith(f"/{own}")) for each in users)


@rule(
    "GovML-BedrockSafeguards",
    *IDENTITY_POLICY_TYPES,
    title="Who calls models cannot weaken the guardrail or stop the log",
    rationale="A caller that can edit its guardrail has none.",
    severity="high",
    controls=("AC-5", "AC-6", "AU-9"),
    public_sector_controls=("AC-1", "LM-2"),
    source="Service authorization reference, Amazon Bedrock",
)
def bedrock_safeguards(resource: Resource, template: Template, __: Options) -> Iterator[str]:
    """Look for the right to weaken, and at what else the same holders may do."""
    for each in allowed_by(resource):
        weak = [action for action in _WEAKEN if each.allows(action)] if set(each.actions) != {"*"} else []
        if weak and _invoking(list(statements_beside(resource, template))):
            yield f"statement {each.sid}: its holder calls models and may {', '.join(weak)}"
