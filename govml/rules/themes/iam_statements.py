"""Statements: policies name the actions and the resources that they allow."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.iam_actions import CONTENT, NO_RESOURCE, READING
from govml.rules.options import Options
from govml.rules.policies import IDENTITY_POLICY_TYPES, PolicyStatement, allowed_by, covers_everything, matches
from govml.rules.registry import rule
from govml.rules.template import Resource, Template

_CONDITIONAL = (
    "aws:ResourceTag",
    "aws:RequestTag",
    "aws:CalledVia",
    "aws:ResourceAccount",
    "aws:ResourceOrgID",
    "kms:ViaService",
    "kms:GrantIsForAWSResource",
    "cloudwatch:namespace",
    "iam:PassedToService",
    "iam:PermissionsBoundary",
    "ec2:Subnet",
    "ec2:Vpc",
)


@rule(
    "GovML-WildcardAction",
    *IDENTITY_POLICY_TYPES,
    title="A policy names the actions that it allows",
    rationale="`*` and `service:*` grow with every action that AWS adds, deletion and policy changes among them.",
    severity="high",
    controls=("AC-6", "AC-6(1)"),
    public_sector_controls=("AC-1",),
)
def wildcard_action(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Find `*`, `service:*`, a wildcard that covers writing verbs, and NotAction."""
    for statement in allowed_by(resource):
        if statement.not_actions:
            yield f"statement {statement.sid} allows all but some actions (NotAction): name what is needed"
        for action in statement.actions:
            service, _colon, name = action.partition(":")
            if action == "*" or name in {"*", "**"} or "*" in service:
                yield f"statement {statement.sid} allows {action}: name the actions that are needed"
            elif name.startswith("*") or (name.endswith("*") and len(name) < 4):
                yield f"statement {statement.sid} allows {action}, which covers writing too: name the actions"


@rule(
    "GovML-WildcardResource",
    *IDENTITY_POLICY_TYPES,
    title="A policy names the resources on which it allows to change or read content",
    rationale="Rights on every resource of a kind reach the data of other use cases and teams.",
    severity="high",
    controls=("AC-6", "AC-3"),
    public_sector_controls=("AC-1",),
)
def wildcard_resource(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Allow `*` to reading calls and to those that take no resource; else a condition must hold it."""
    for statement in allowed_by(resource):
        if statement.not_resources:
            yield f"statement {statement.sid} allows on all but some resources (NotResource): name them"
        wide = [each for each in statement.resources if covers_everything(each)]
        if not wide or statement.held_by(*_CONDITIONAL) or _tagged(statement):
            continue
        guilty = [action for action in statement.actions if not _harmless(action)]
        if guilty:
            yield f"statement {statement.sid} allows {', '.join(guilty[:3])} on {wide[0]}: name the resources"


def _tagged(statement: PolicyStatement) -> bool:
    return any(key.split("/", 1)[0] in {"aws:resourcetag", "aws:requesttag"} for key in statement.conditions)


def _harmless(action: str) -> bool:
    name = action.partition(":")[2].lower()
    if any(matches(action, content) for content in CONTENT):
        return False
    return action.lower() in NO_RESOURCE or name.startswith(READING)
