"""`ServiceRole`: the role factory. Every role that the blueprint makes goes through it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import Stack, Tags
from aws_cdk import aws_iam as iam
from constructs import Construct


@dataclass(frozen=True)
class RoleRules:
    """What every role of an environment has in common.

    Args:
        path: IAM path of roles and policies, `/` or `/name/`.
        permissions_boundary: name (with path) of a managed policy in the account that bounds every role; None for none.
    """

    path: str = "/"
    permissions_boundary: str | None = None


class ServiceRole(Construct):
    """A role for exactly one AWS service, on behalf of this account only, with customer-managed policies only.

    Args:
        service: the service principal, as in `sagemaker.amazonaws.com`.
        description: what the role is for.
        rules: path and permissions boundary.
        statements: the role's own permissions; they become one managed policy, `policy`.
        policies: managed policies shared with other roles.
        source_arns: ARN patterns of the resources on whose behalf the service may assume the role (`aws:SourceArn`).
            Empty where the service does not send it (Lambda sends the account only).
        tags: tags on the role that attribute-based policies refer to (`aws:PrincipalTag/...`).

    Controls: confused-deputy condition on the account, no inline policy, boundary and path when configured.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        service: str,
        description: str,
        rules: RoleRules,
        statements: Sequence[iam.PolicyStatement] = (),
        policies: Sequence[iam.IManagedPolicy] = (),
        source_arns: Sequence[str] = (),
        tags: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.policy = (
            iam.ManagedPolicy(self, "Policy", description=description, path=rules.path, statements=list(statements))
            if statements
            else None
        )
        own = [self.policy] if self.policy else []
        self._role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(service, conditions=trust_conditions(self, source_arns)),
            description=description,
            path=rules.path,
            managed_policies=[*policies, *own],
            permissions_boundary=boundary_policy(self, rules),
        )
        for key, value in (tags or {}).items():
            Tags.of(self._role).add(key, value)

    @property
    def role(self) -> iam.IRole:
        """The role, closed to further policy: L2 constructs cannot slip an inline policy into it."""
        return self._role.without_policy_updates()

    @property
    def role_arn(self) -> str:
        """ARN of the role, for L1 properties. The role refers to its policies, so whoever refers to it waits for both."""
        return self._role.role_arn


def trust_conditions(scope: Construct, source_arns: Sequence[str]) -> dict[str, dict[str, object]]:
    """Return the confused-deputy conditions of a trust policy (IAM user guide, "The confused deputy problem")."""
    conditions: dict[str, dict[str, object]] = {"StringEquals": {"aws:SourceAccount": Stack.of(scope).account}}
    if source_arns:
        conditions["ArnLike"] = {"aws:SourceArn": list(source_arns)}
    return conditions


def boundary_policy(scope: Construct, rules: RoleRules) -> iam.IManagedPolicy | None:
    """Return the permissions boundary by name, which costs no look-up, or None."""
    if rules.permissions_boundary is None:
        return None
    return iam.ManagedPolicy.from_managed_policy_name(scope, "Boundary", rules.permissions_boundary)
