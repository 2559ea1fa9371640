"""Policies as they stand in templates: which properties hold them, and their statements in one form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from govml.rules.template import Resource
from govml.rules.values import get, listed, split_arn

# Resource type -> properties that hold one policy document.
RESOURCE_POLICIES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "AWS::S3::BucketPolicy": (("PolicyDocument",),),
    "AWS::S3::AccessPoint": (("Policy",),),
    "AWS::S3Express::BucketPolicy": (("PolicyDocument",),),
    "AWS::S3Tables::TableBucketPolicy": (("ResourcePolicy",),),
    "AWS::S3Vectors::VectorBucketPolicy": (("Policy",),),
    "AWS::SQS::QueuePolicy": (("PolicyDocument",),),
    "AWS::SQS::QueueInlinePolicy": (("PolicyDocument",),),
    "AWS::SNS::TopicPolicy": (("PolicyDocument",),),
    "AWS::SNS::TopicInlinePolicy": (("PolicyDocument",),),
    "AWS::KMS::Key": (("KeyPolicy",),),
    "AWS::KMS::ReplicaKey": (("KeyPolicy",),),
    "AWS::SecretsManager::ResourcePolicy": (("ResourcePolicy",),),
    "AWS::ECR::Repository": (("RepositoryPolicyText",),),
    "AWS::ECR::RegistryPolicy": (("PolicyText",),),
    "AWS::EFS::FileSystem": (("FileSystemPolicy",),),
    "AWS::EC2::VPCEndpoint": (("PolicyDocument",),),
    "AWS::Logs::ResourcePolicy": (("PolicyDocument",),),
    "AWS::Logs::Destination": (("DestinationPolicy",),),
    "AWS::Events::EventBus": (("Policy",),),
    "AWS::Events::EventBusPolicy": (("Statement",),),
    "AWS::SageMaker::ModelPackageGroup": (("ModelPackageGroupPolicy",),),
    "AWS::CodeArtifact::Domain": (("PermissionsPolicyDocument",),),
    "AWS::CodeArtifact::Repository": (("PermissionsPolicyDocument",),),
    "AWS::OpenSearchService::Domain": (("AccessPolicies",),),
    "AWS::Elasticsearch::Domain": (("AccessPolicies",),),
    "AWS::Backup::BackupVault": (("AccessPolicy",),),
    "AWS::DynamoDB::Table": (("ResourcePolicy", "PolicyDocument"),),
    "AWS::MSK::ClusterPolicy": (("Policy",),),
    "AWS::SSM::ResourcePolicy": (("Policy",),),
    "AWS::Kinesis::ResourcePolicy": (("ResourcePolicy",),),
    "AWS::ApiGateway::RestApi": (("Policy",),),
    "AWS::Oam::Sink": (("Policy",),),
}

IDENTITY_POLICY_TYPES = (
    "AWS::IAM::Role",
    "AWS::IAM::User",
    "AWS::IAM::Group",
    "AWS::IAM::Policy",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::RolePolicy",
    "AWS::IAM::UserPolicy",
    "AWS::IAM::GroupPolicy",
    "AWS::SSO::PermissionSet",
)


@dataclass(frozen=True)
class PolicyStatement:
    """One statement, every part of it a tuple.

    Args:
        sid: its id, or its place in the policy.
        allow: whether it allows.
        actions: `Action`.
        not_actions: `NotAction`.
        resources: `Resource`.
        not_resources: `NotResource`.
        principals: kind (`AWS`, `Service`, `Federated`, `*`) and name of each principal.
        not_principals: whether it has a `NotPrincipal`.
        conditions: condition key (lower case) -> values, over all operators that demand something.
        operators: (operator, key, values) of each condition, as written.
    """

    sid: str
    allow: bool
    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    resources: tuple[str, ...]
    not_resources: tuple[str, ...]
    principals: tuple[tuple[str, str], ...]
    not_principals: bool
    conditions: Mapping[str, tuple[str, ...]]
    operators: tuple[tuple[str, str, tuple[str, ...]], ...]

    def allows(self, action: str) -> bool:
        """Return whether the statement is an Allow that covers an action, such as `iam:PassRole`."""
        if not self.allow:
            return False
        if self.not_actions:
            return not any(matches(pattern, action) for pattern in self.not_actions)
        return any(matches(pattern, action) for pattern in self.actions)

    def held_by(self, *keys: str) -> bool:
        """Return whether a condition demands something of one of the keys, compared without case."""
        return any(key.lower() in self.conditions for key in keys)


@lru_cache(maxsize=4096)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(re.escape(text).replace(r"\*", ".*").replace(r"\?", "."), re.IGNORECASE | re.DOTALL)


def matches(pattern: str, text: str) -> bool:
    """Return whether an IAM pattern (`*` any run, `?` any character; actions ignore case) covers a text."""
    if pattern == "*":
        return True
    if (
        "*" not in pattern and "?" not in pattern
    ):  # most: an expression for each would take a quarter of the rules' time
        return pattern.lower() == text.lower()
    return _pattern(pattern).fullmatch(text) is not None


def statements(document: object) -> list[PolicyStatement]:
    """Return the statements of a resolved policy document; one that is no policy has none."""
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError:
            return []
    body = get(document, "Statement")
    if body is None and isinstance(document, Mapping) and "Effect" in document:
        body = document  # AWS::Events::EventBusPolicy holds one statement without its document
    return [_statement(each, number) for number, each in enumerate(listed(body)) if isinstance(each, Mapping)]


def _statement(raw: Mapping[str, Any], number: int) -> PolicyStatement:
    operators = tuple(
        (str(operator), str(key), tuple(str(each) for each in listed(values)))
        for operator, keys in _mapping(raw.get("Condition")).items()
        if isinstance(keys, Mapping)
        for key, values in keys.items()
    )
    conditions: dict[str, tuple[str, ...]] = {}
    for operator, key, values in operators:
        name = operator.split(":")[-1]
        if "Not" in name or name.endswith("IfExists") or (name == "Null" and "true" in values):
            continue  # holds also for a request that lacks the key
        conditions[key.lower()] = (*conditions.get(key.lower(), ()), *values)
    return PolicyStatement(
        sid=str(raw.get("Sid") or f"number {number + 1}"),
        allow=raw.get("Effect") == "Allow",
        actions=_texts(raw.get("Action")),
        not_actions=_texts(raw.get("NotAction")),
        resources=_texts(raw.get("Resource")),
        not_resources=_texts(raw.get("NotResource")),
        principals=_principals(raw.get("Principal")),
        not_principals="NotPrincipal" in raw,
        conditions=conditions,
        operators=operators,
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(each) for each in listed(value))


def _principals(value: object) -> tuple[tuple[str, str], ...]:
    if isinstance(value, Mapping):
        return tuple((str(kind), str(name)) for kind, names in value.items() for name in listed(names))
    return tuple(("*", str(each)) for each in listed(value))


def _statements_of(resource: Resource, *path: str) -> list[PolicyStatement]:
    """Return the statements of one property, read once for all rules."""
    key = ".".join(path)
    if key not in resource.shared:
        resource.shared[key] = statements(resource.get(*path))
    found: list[PolicyStatement] = resource.shared[key]
    return found


def trust_of(role: Resource) -> list[PolicyStatement]:
    """Return the statements of a role's trust policy."""
    return _statements_of(role, "AssumeRolePolicyDocument")


def identity_policies(resource: Resource) -> Iterator[tuple[str, list[PolicyStatement]]]:
    """Return (where, statements) of each identity policy that a resource of `IDENTITY_POLICY_TYPES` holds."""
    if resource.get("PolicyDocument") is not None:
        yield "PolicyDocument", _statements_of(resource, "PolicyDocument")
    for policy in listed(resource.get("Policies")):
        yield f"inline policy {get(policy, 'PolicyName')}", statements(get(policy, "PolicyDocument"))
    if resource.get("InlinePolicy") is not None:
        yield "InlinePolicy", _statements_of(resource, "InlinePolicy")


def resource_policies(resource: Resource) -> Iterator[list[PolicyStatement]]:
    """Return the statements of each resource policy that a resource holds."""
    for path in RESOURCE_POLICIES.get(resource.type, ()):
        if resource.get(*path) is not None:
            yield _statements_of(resource, *path)


def allowed_by(resource: Resource) -> Iterator[PolicyStatement]:
    """Return every Allow statement of the identity policies that a resource holds."""
    for _, found in identity_policies(resource):
        yield from (each for each in found if each.allow)


def covers_everything(arn: str) -> bool:
    """Return whether a resource is everything: `*`, or an ARN whose resource part is nothing but a wildcard."""
    if arn == "*":
        return True
    parts = split_arn(arn)
    return parts is not None and parts[5] in {"*", "*/*", "**"}
