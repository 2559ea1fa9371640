"""A role of a synthesised template as a caller: its policies and its tags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cfn_templates import ACCOUNT, Resource
from iam_simulator import Policy, Request, decide


class Identity:
    """Asks whether a role may do something.

    Args:
        role: an `AWS::IAM::Role`.
        resources: where its managed policies are looked up; an unknown policy raises.
    """

    def __init__(self, role: Resource, resources: Iterable[Resource]) -> None:
        documents = {
            each.arn: each.properties["PolicyDocument"] for each in resources if each.type == "AWS::IAM::ManagedPolicy"
        }
        self.arn = role.arn
        self.trust: dict[str, Any] = role.properties["AssumeRolePolicyDocument"]
        self.policies: list[Policy] = [documents[arn] for arn in role.properties.get("ManagedPolicyArns", [])]
        self.tags = {f"aws:PrincipalTag/{tag['Key']}": tag["Value"] for tag in role.properties.get("Tags", [])}

    def asks(
        self, action: str, resource: str, context: Mapping[str, str] | None = None, guard: Policy | None = None
    ) -> str:
        """Return IAM's decision, see `decide`.

        Args:
            action: as in `s3:GetObject`.
            resource: ARN.
            context: condition keys of the request.
            guard: the resource's own policy, for resources that have one.
        """
        told = {"aws:PrincipalArn": self.arn, **self.tags, **(context or {})}
        request = Request(action, resource, told, principal=self.arn)
        return decide([*self.policies, *([guard] if guard else [])], request)

    def may(self, action: str, resource: str, context: Mapping[str, str] | None = None) -> bool:
        """Return whether the role's own policies allow it."""
        return self.asks(action, resource, context) == "allowed"

    def assumed_by(self, service: str, *, account: str | None = ACCOUNT, source: str | None = None) -> bool:
        """Return whether a service may assume the role on behalf of an account and, where it says so, a resource."""
        context = {"aws:SourceAccount": account, "aws:SourceArn": source}
        present = {key: value for key, value in context.items() if value is not None}
        return decide([self.trust], Request("sts:AssumeRole", self.arn, present, principal=service)) == "allowed"
