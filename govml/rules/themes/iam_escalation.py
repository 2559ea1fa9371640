"""Ways to more power: passing roles, and changing what other identities may do."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.iam_actions import ESCALATING
from govml.rules.options import Options
from govml.rules.policies import IDENTITY_POLICY_TYPES, allowed_by, covers_everything
from govml.rules.registry import rule
from govml.rules.template import Resource, Template


@rule(
    "GovML-PassRole",
    *IDENTITY_POLICY_TYPES,
    title="Roles are passed by name and to a named service",
    rationale="Whoever may pass any role to a service acts with the strongest of them.",
    severity="high",
    controls=("AC-6", "AC-6(10)"),
    public_sector_controls=("AC-1",),
    source='IAM user guide, "Grant a user permissions to pass a role to an AWS service"',
)
def pass_role(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask for a resource that is not every role, and for iam:PassedToService."""
    for statement in allowed_by(resource):
        if not statement.allows("iam:PassRole"):
            continue
        for each in statement.resources:
            if covers_everything(each) or each.endswith((":role/*", ":role*")):
                yield f"statement {statement.sid} passes every role ({each}): name the role"
        if not statement.held_by("iam:PassedToService") or "*" in statement.conditions.get("iam:passedtoservice", ()):
            yield f"statement {statement.sid} passes a role to any service: add the condition iam:PassedToService"


@rule(
    "GovML-PrivilegeEscalation",
    *IDENTITY_POLICY_TYPES,
    title="No statement lets its holder take more permissions",
    rationale="Changing policies, keys or code of other identities on any resource is administration by another name.",
    severity="high",
    controls=("AC-6", "AC-6(10)", "AC-5"),
    public_sector_controls=("AC-1",),
    source='Rhino Security Labs, "AWS IAM Privilege Escalation - Methods and Mitigation"',
)
def privilege_escalation(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Find an escalating action on resources that are not named, or on its own policy."""
    for statement in allowed_by(resource):
        wide = [each for each in statement.resources if covers_everything(each) or _every_identity(each)]
        if not (wide or statement.not_resources) or statement.held_by("iam:PermissionsBoundary"):
            continue
        found = [action for action in ESCALATING if statement.allows(action)]
        if found and "*" not in statement.actions:
            yield f"statement {statement.sid} allows {', '.join(found[:3])} on {(wide or ['others'])[0]}: name the resource"


def _every_identity(arn: str) -> bool:
    return arn.endswith((":role/*", ":user/*", ":group/*", ":policy/*", ":function:*"))
