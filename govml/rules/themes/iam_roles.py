"""Roles: who may assume them, what bounds them, which policies are attached."""

from __future__ import annotations

import re
from collections.abc import Iterator

from govml.rules.options import Options
from govml.rules.policies import PolicyStatement, trust_of
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import get, is_token, listed

_BANNED = frozenset({"AdministratorAccess", "IAMFullAccess", "AWSOrganizationsFullAccess", "PowerUserAccess"})
_MANAGED = re.compile(r"arn:(?:\$\{[^}]*\}|[^:]*):iam::aws:policy/(?:[\w+=,.@-]+/)*(?P<name>[\w+=,.@-]+)")
_ACCOUNT = re.compile(r"(?:arn:(?:\$\{[^}]*\}|[^:]*):(?:iam|sts)::)?(?P<account>\d{12})(?::.*)?")
_HOLDERS = ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group", "AWS::SSO::PermissionSet")


@rule(
    "GovML-RoleBoundary",
    "AWS::IAM::Role",
    "AWS::IAM::User",
    title="Every role and user carries the permissions boundary of the landing zone",
    rationale="Without the boundary a role can be given more than the agency may hold; the landing zone refuses it.",
    severity="high",
    controls=("AC-6", "AC-3"),
    public_sector_controls=("AC-1",),
    demand="permissions_boundary",
)
def role_boundary(resource: Resource, _: Template, options: Options) -> Iterator[str]:
    """Compare the boundary's name, however its ARN is written."""
    boundary, wanted = resource.get("PermissionsBoundary"), options.permissions_boundary
    name = boundary if isinstance(boundary, str) else None
    if isinstance(boundary, dict):  # AWS::SSO::PermissionSet names it in parts
        name = get(boundary, "CustomerManagedPolicyReference", "Name")
    if not name:
        yield f"has no permissions boundary: set PermissionsBoundary to the policy {wanted}"
    elif not is_token(name) and name.rsplit("policy/", 1)[-1] != wanted:
        yield f"is bounded by {name}, not by {wanted}"


@rule(
    "GovML-BannedManagedPolicy",
    *_HOLDERS,
    title="No managed policy of AWS that gives administration or a whole service",
    rationale="Landing zones refuse AdministratorAccess and its like; a whole service is more than any task needs.",
    severity="high",
    controls=("AC-6", "AC-6(5)"),
    public_sector_controls=("AC-1",),
)
def banned_managed_policy(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Read the policy's name out of every way to write its ARN."""
    for each in [*listed(resource.get("ManagedPolicyArns")), *listed(resource.get("ManagedPolicies"))]:
        match = _MANAGED.fullmatch(str(each))
        name = match["name"] if match else None
        if name and (name in _BANNED or "FullAccess" in name or name.endswith(("Administrator", "_FullAccess"))):
            yield f"has the managed policy {name}: write a customer-managed policy with the actions that it needs"
    boundary = resource.get("PermissionsBoundary")
    match = _MANAGED.fullmatch(str(boundary))
    if match and match["name"] in _BANNED:
        yield f"is bounded by {match['name']}, which bounds nothing"


@rule(
    "GovML-TrustOutsideOrganisation",
    "AWS::IAM::Role",
    title="A role is assumed only by principals of its own account or of the organisation",
    rationale="A principal of another organisation, or anybody, could act with the role's permissions.",
    severity="high",
    controls=("AC-3", "AC-20"),
    public_sector_controls=("AC-1",),
)
def trust_outside(resource: Resource, _: Template, options: Options) -> Iterator[str]:
    """Look at AWS principals: literal accounts and wildcards."""
    for statement in trust_of(resource):
        if not statement.allow:
            continue
        if statement.not_principals:
            yield "trusts everybody but a few (NotPrincipal): name those who may assume it"
        for kind, name in statement.principals:
            if kind in {"*", "AWS"} and "*" in name and not _within(statement, options):
                yield f"may be assumed by {name}: name the principal"
            match = _ACCOUNT.fullmatch(name) if kind in {"*", "AWS"} else None
            if match and match["account"] not in options.accounts and not _within(statement, options):
                yield (
                    f"trusts account {match['account']}: write ${{AWS::AccountId}} when it is this account; another one "
                    "needs the condition aws:PrincipalOrgID"
                )


def _within(statement: PolicyStatement, options: Options) -> bool:
    """Return whether a condition holds the callers to the organisation."""
    named = statement.conditions.get("aws:principalorgid", ())
    return bool(named) and (options.organization_id is None or set(named) <= {options.organization_id})


@rule(
    "GovML-ExternalId",
    "AWS::IAM::Role",
    title="No role is shared with a third party by an external id",
    rationale="sts:ExternalId is how vendors outside the organisation are let in; the landing zone flags it.",
    severity="high",
    controls=("AC-20", "AC-3"),
)
def external_id(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Find the condition key, whatever its operator."""
    for statement in trust_of(resource):
        if any(key.lower() == "sts:externalid" for _, key, _ in statement.operators):
            yield "lets a third party in by sts:ExternalId: trust a role of the organisation instead"


# Services that do not send the account or resource on whose behalf they assume a role, so that a condition would
# refuse them (IAM user guide, "The confused deputy problem"): instance profiles are bound to their instance.
_SEND_NOTHING = frozenset({"ec2.amazonaws.com", "edgelambda.amazonaws.com"})
_LAMBDA = "lambda.amazonaws.com"  # sends the account only since lately; its own functions alone can name the role
_CONFUSED_DEPUTY = ("aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths")


@rule(
    "GovML-ConfusedDeputy",
    "AWS::IAM::Role",
    title="A service assumes a role only on behalf of this account",
    rationale="Without aws:SourceAccount or aws:SourceArn another customer of the service could make it use the role.",
    severity="medium",
    controls=("AC-3", "AC-4"),
    source='IAM user guide, "The confused deputy problem"',
)
def confused_deputy(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Ask for a condition on each statement that trusts a service."""
    for statement in trust_of(resource):
        services = [name for kind, name in statement.principals if kind == "Service"]
        asked = [name for name in services if name not in _SEND_NOTHING and name != _LAMBDA]
        if statement.allow and asked and not statement.held_by(*_CONFUSED_DEPUTY):
            yield f"trusts {', '.join(asked)} for any customer: add a condition on aws:SourceAccount and aws:SourceArn"
        for key in ("aws:sourceaccount", "aws:sourcearn"):
            if statement.allow and "*" in statement.conditions.get(key, ()):
                yield f"its condition on {key} holds for everybody (`*`)"
        if statement.allow and "*" in services:
            yield "trusts every AWS service: name one"
