"""The statements on IAM: roles and policies of the environment only, always with the boundary, never an administrator's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from govml.bootstrap.assembly import Resource
from govml.bootstrap.names import name_pattern
from govml.bootstrap.permissions import LINKED_ROLE, PASS_ROLE
from govml.bootstrap.place import Target
from govml.errors import UserError

Statement = dict[str, Any]
POLICY_PATH = "/bootstrap/"
BANNED = ("AdministratorAccess", "IAMFullAccess", "AWSOrganizationsFullAccess")

# Actions that are judged by the boundary that the role has or gets (Service Authorization Reference, "IAM"). A change of trust is
# not: with that condition it would never be allowed.
_BOUNDED = {
    "iam:CreateRole",
    "iam:PutRolePermissionsBoundary",
    "iam:AttachRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePolicy",
    "iam:DeleteRolePolicy",
}
_ATTACHING = {"iam:AttachRolePolicy", "iam:DetachRolePolicy"}
_LISTS = {"iam:ListRoles", "iam:ListPolicies"}
_POLICY_CHANGES = [
    "iam:CreatePolicyVersion",
    "iam:DeletePolicy",
    "iam:DeletePolicyVersion",
    "iam:SetDefaultPolicyVersion",
]


def iam_statements(
    resources: Iterable[Resource],
    actions: Iterable[str],
    *,
    target: Target,
    passes_to: Iterable[str],
    linked_roles: Iterable[str],
) -> list[Statement]:
    """Return the statements on IAM.

    Args:
        resources: all resources of the templates.
        actions: the `iam:` actions that their types need, roles passed and service-linked roles left out.
        target: account, names and boundary.
        passes_to: services that are handed a role.
        linked_roles: services that may make their service-linked role.

    Raises:
        UserError: a boundary is configured and a role of the templates has none: its creation would be refused.
    """
    resources = list(resources)
    _require_boundary(resources, target)
    wanted = set(actions)
    roles = _arns(resources, "AWS::IAM::Role", "RoleName", "role", target)
    policies = _arns(resources, "AWS::IAM::ManagedPolicy", "ManagedPolicyName", "policy", target)
    about_policies = {action for action in wanted if "Policy" in action and "Role" not in action} - _LISTS
    about_roles = wanted - about_policies - _LISTS
    statements = [
        _allow("IamLists", wanted & _LISTS, ["*"]),
        _allow("OwnPolicies", about_policies, policies),
        _allow("OwnRoles", about_roles - _BOUNDED if target.boundary_arn else about_roles - _ATTACHING, roles),
        _allow("OwnBoundedRoles", (about_roles & _BOUNDED) - _ATTACHING, roles, _bounded(target))
        if target.boundary_arn
        else None,
        _allow(
            "AttachOwnPolicies",
            about_roles & _ATTACHING,
            roles,
            {**_bounded(target), "ArnLike": {"iam:PolicyARN": [*policies, *_attached(resources)]}},
        ),
        *_passed(resources, target, sorted(passes_to)),
        *_linked(target, sorted(linked_roles)),
        _no_banned_policies(),
        *_boundary_stays(target),
        _own_policy_stays(resources, target),
    ]
    return [statement for statement in statements if statement is not None]


def _allow(
    sid: str, actions: set[str], resources: list[str], condition: dict[str, Any] | None = None
) -> Statement | None:
    if not actions or not resources:
        return None
    statement: Statement = {"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": resources}
    return {**statement, "Condition": condition} if condition else statement


def _bounded(target: Target) -> dict[str, Any]:
    return {"StringEquals": {"iam:PermissionsBoundary": target.boundary_arn}} if target.boundary_arn else {}


def _arns(resources: list[Resource], resource_type: str, name_property: str, kind: str, target: Target) -> list[str]:
    """ARN patterns of the roles, or policies, of the templates: path and name."""
    found = set()
    for resource in resources:
        if resource["Type"] == resource_type:
            path = resource.get("Properties", {}).get("Path", "/")
            name = name_pattern(resource, name_property, target)
            found.add(f"arn:{target.partition}:iam::{target.account}:{kind}{path}{name}")
    return sorted(found)


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _attached(resources: list[Resource]) -> list[str]:
    """ARNs of policies that the templates attach by name, such as AWS-managed ones."""
    return sorted(
        {
            arn
            for resource in resources
            if resource["Type"] == "AWS::IAM::Role"
            for arn in _texts(resource.get("Properties", {}).get("ManagedPolicyArns", []))
            if arn.startswith("arn:") and ":policy/" in arn
        }
    )


def _passed(resources: list[Resource], target: Target, services: list[str]) -> list[Statement | None]:
    """Passing roles to the services that run under them: the environment's, and those of others that a template names.

    Roles for people trust no service, and are passed to none.
    """
    trusting = [each for each in resources if each["Type"] != "AWS::IAM::Role" or _trusts_a_service(each)]
    own = _arns(trusting, "AWS::IAM::Role", "RoleName", "role", target)
    named = {
        text
        for resource in resources
        if not resource["Type"].startswith("AWS::IAM::")
        for key, value in resource.get("Properties", {}).items()
        if "Polic" not in key
        for text in _texts(value)
        if text.startswith("arn:") and ":iam::" in text and ":role/" in text and "*" not in text
    }
    if not services:
        return []
    condition = {"StringEquals": {"iam:PassedToService": services}}
    return [_allow("PassRoles", {PASS_ROLE}, sorted({*own, *named}), condition)]


def _trusts_a_service(role: Resource) -> bool:
    trust = role.get("Properties", {}).get("AssumeRolePolicyDocument", {}).get("Statement", [])
    return any("Service" in each.get("Principal", {}) for each in (trust if isinstance(trust, list) else [trust]))


def _linked(target: Target, services: list[str]) -> list[Statement | None]:
    if not services:
        return []
    resources = [f"arn:{target.partition}:iam::{target.account}:role/aws-service-role/{name}/*" for name in services]
    return [_allow("ServiceLinkedRoles", {LINKED_ROLE}, resources, {"StringEquals": {"iam:AWSServiceName": services}})]


def _no_banned_policies() -> Statement:
    """Nobody attaches these, whatever a later policy allows (central policies of the landing zone say the same)."""
    return {
        "Sid": "NoAdministrators",
        "Effect": "Deny",
        "Action": ["iam:AttachGroupPolicy", "iam:AttachRolePolicy", "iam:AttachUserPolicy"],
        "Resource": "*",
        "Condition": {"ArnLike": {"iam:PolicyARN": [f"arn:*:iam::aws:policy/{name}" for name in BANNED]}},
    }


def _boundary_stays(target: Target) -> list[Statement]:
    """No role without the boundary, whatever a later policy allows; and none that loses it."""
    if target.boundary_arn is None:
        return []
    without = {"StringNotEquals": {"iam:PermissionsBoundary": target.boundary_arn}}
    return [
        {
            "Sid": "NoRoleWithoutBoundary",
            "Effect": "Deny",
            "Action": ["iam:CreateRole", "iam:PutRolePermissionsBoundary"],
            "Resource": "*",
            "Condition": without,
        },
        {"Sid": "BoundaryStays", "Effect": "Deny", "Action": ["iam:DeleteRolePermissionsBoundary"], "Resource": "*"},
    ]


def _own_policy_stays(resources: list[Resource], target: Target) -> Statement:
    """A deployment rewrites neither its own policy nor the boundary, unless a template makes that boundary."""
    protected = [target.policy_arn("*", path=POLICY_PATH)]
    made = {
        resource.get("Properties", {}).get("ManagedPolicyName")
        for resource in resources
        if resource["Type"] == "AWS::IAM::ManagedPolicy"
    }
    if target.boundary_arn and target.permissions_boundary not in made:
        protected.append(target.boundary_arn)
    return {"Sid": "NoWiderPolicies", "Effect": "Deny", "Action": _POLICY_CHANGES, "Resource": protected}


def _require_boundary(resources: list[Resource], target: Target) -> None:
    bare = [
        resource
        for resource in resources
        if resource["Type"] == "AWS::IAM::Role" and "PermissionsBoundary" not in resource.get("Properties", {})
    ]
    if target.boundary_arn and bare:
        path = bare[0].get("Metadata", {}).get("aws:cdk:path", "a role")
        raise UserError(
            f"{len(bare)} roles of the templates lack the permissions boundary {target.permissions_boundary}, as {path}",
            hint="synthesise again with this agency file; every role must carry it",
        )
