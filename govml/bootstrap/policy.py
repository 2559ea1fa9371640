"""The execution policy: what CloudFormation may do when it deploys the stacks of an assembly, and nothing more.

It is given to `cdk bootstrap` instead of AdministratorAccess, which landing zones refuse.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from govml.bootstrap.assembly import Resource, StackArtifact
from govml.bootstrap.iam_statements import Statement, iam_statements
from govml.bootstrap.intrinsics import filled
from govml.bootstrap.names import anywhere, known_resources
from govml.bootstrap.permissions import TypeNeeds, matches, needs
from govml.bootstrap.place import Target

# Services with one endpoint for all regions: the request's region is not the stack's.
_GLOBAL = {"billing", "budgets", "ce", "chatbot", "iam", "organizations", "route53"}
# Key operations that CloudFormation never calls itself: a service does, in its name (KMS developer guide, "kms:ViaService").
_KEY_USE = [
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:GenerateDataKey*",
    "kms:ReEncrypt*",
]
_KEY_GRANTS = ["kms:CreateGrant", "kms:RevokeGrant", "kms:RetireGrant"]
_OBJECTS = [
    "s3:AbortMultipartUpload",
    "s3:DeleteObject*",
    "s3:GetObject*",
    "s3:ListMultipartUploadParts",
    "s3:PutObject*",
]


@dataclass(frozen=True)
class Needs:
    """What all resources of an assembly need, type by type."""

    types: dict[str, TypeNeeds]
    resources: tuple[Resource, ...]

    @property
    def actions(self) -> set[str]:
        """All actions but passing roles and making service-linked ones."""
        return {action for each in self.types.values() for action in each.actions}


def collect(stacks: Iterable[StackArtifact], target: Target) -> Needs:
    """Return what the stacks' resources need.

    Args:
        stacks: the stacks.
        target: where they go.

    Raises:
        UserError: a type is in neither AWS's schemas nor our table.
    """
    resources = tuple(filled(resource, target) for stack in stacks for resource in stack.resources.values())
    by_type: dict[str, list[Resource]] = {}
    for resource in resources:
        by_type.setdefault(resource["Type"], []).append(resource)
    return Needs({name: needs(name, found, target.region) for name, found in sorted(by_type.items())}, resources)


def statements(stacks: Sequence[StackArtifact], target: Target) -> list[Statement]:
    """Return the statements of the execution policy.

    Args:
        stacks: the stacks to deploy.
        target: where they go.

    Raises:
        UserError: see `collect` and `iam_statements`.
    """
    needed = collect(stacks, target)
    actions = needed.actions
    passes_to = {service for each in needed.types.values() for service in each.passes_to}
    linked_roles = {service for each in needed.types.values() for service in each.linked_roles}
    iam = {action for action in actions if action.startswith("iam:")}
    keys = {action for action in actions if matches(action, [*_KEY_USE, *_KEY_GRANTS])}
    known = known_resources(needed.resources, target)
    return [
        *_regional(actions - iam - keys, known, target),
        *_key_statements(keys, target),
        *_reading(stacks, target),
        *iam_statements(needed.resources, iam, target=target, passes_to=passes_to, linked_roles=linked_roles),
    ]


def _regional(actions: set[str], known: dict[str, list[str]], target: Target) -> list[Statement]:
    """Actions on named resources, per service; the rest wherever it is in the region; and the global services."""
    here = {"StringEquals": {"aws:RequestedRegion": target.region}}
    found: list[Statement] = []
    rest: set[str] = set()
    for service in sorted({action.partition(":")[0] for action in actions}):
        own = {action for action in actions if action.startswith(f"{service}:")}
        named = {action for action in own if not anywhere(action)} if service in known else set()
        rest |= own - named
        if service == "s3":
            objects = {action for action in named if matches(action, _OBJECTS)}
            found += _statement("S3Objects", objects, [f"{arn}/*" for arn in known.get("s3", [])], here)
            named -= objects
        condition = {} if service in _GLOBAL else here
        found += _statement(_sid(service), named, known.get(service, []), condition)
    worldwide = {action for action in rest if action.partition(":")[0] in _GLOBAL}
    return [
        *found,
        *_statement("Regional", rest - worldwide, ["*"], here),
        *_statement("Global", worldwide, ["*"], {}),
    ]


def _key_statements(actions: set[str], target: Target) -> list[Statement]:
    keys = [f"arn:{target.partition}:kms:{target.region}:{target.account}:key/*"]
    via = {"StringLike": {"kms:ViaService": f"*.{target.region}.amazonaws.com"}}
    granted = {action for action in actions if matches(action, _KEY_GRANTS)}
    return [
        *_statement("KeysThroughServices", actions - granted, keys, via),
        *_statement("KeyGrantsOfServices", granted, keys, {"Bool": {"kms:GrantIsForAWSResource": "true"}}),
    ]


def _reading(stacks: Sequence[StackArtifact], target: Target) -> list[Statement]:
    """Code that was published, values that templates resolve, functions behind custom resources."""
    parameters = {
        parameter["Default"]
        for stack in stacks
        for parameter in stack.template.get("Parameters", {}).values()
        if str(parameter.get("Type", "")).startswith("AWS::SSM::Parameter::") and "Default" in parameter
    }
    arns = [
        f"arn:{target.partition}:ssm:{target.region}:{target.account}:parameter/{name.removeprefix('/')}"
        for name in sorted(parameters)
    ]
    bucket = f"arn:{target.partition}:s3:::{target.asset_bucket}"
    has_assets = any(stack.assets for stack in stacks)
    return [
        *_statement(
            "PublishedCode", {"s3:GetObject", "s3:GetObjectVersion"} if has_assets else set(), [f"{bucket}/*"], {}
        ),
        *_statement("TemplateParameters", {"ssm:GetParameter", "ssm:GetParameters"} if arns else set(), arns, {}),
    ]


def _sid(service: str) -> str:
    return "".join(part.capitalize() for part in service.split("-"))


def _statement(sid: str, actions: set[str], resources: list[str], condition: dict[str, Any]) -> list[Statement]:
    if not actions or not resources:
        return []
    statement: Statement = {"Sid": sid, "Effect": "Allow", "Action": sorted(actions), "Resource": resources}
    return [{**statement, "Condition": condition} if condition else statement]
