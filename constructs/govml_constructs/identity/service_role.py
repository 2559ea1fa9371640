"""`ServiceRole`: the role factory. Every role that the blueprint makes goes through it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import CfnTag
from aws_cdk import aws_iam as iam
from constructs import Construct

from govml_constructs.identity.customer_policy import CustomerPolicy, Statement, in_policies
from govml_constructs.identity.role_rules import RoleRules, boundary_arn, imported_role
from govml_constructs.place import Place, PlacedConstruct, place_of
from govml_constructs.substitution import as_substitutions

__all__ = ["RoleRules", "ServiceRole", "trust_policy"]


class ServiceRole(PlacedConstruct):
    """A role for exactly one AWS service, on behalf of this account only, with customer-managed policies only.

    Where the rules import a role for this place, that one is used and nothing is made; what it must be trusted for and
    allowed stands in the template's metadata, under `ImportedRole:<place>`.

    Args:
        service: the service principal, as in `sagemaker.amazonaws.com`, or several of one service.
        description: what the role is for.
        rules: path and permissions boundary.
        statements: the role's own permissions; they become the managed policy `policy`, and more of them where one is too small.
        policies: managed policies shared with other roles.
        source_arns: ARN patterns of the resources on whose behalf the service may assume the role (`aws:SourceArn`).
            Empty where the service does not send it (Lambda sends the account only).
        sets_source_identity: the service passes the user's name on, so that CloudTrail tells who acted (SageMaker Studio).
        tags: tags on the role that attribute-based policies refer to (`aws:PrincipalTag/...`).

    Controls: confused-deputy condition on the account, no inline policy, boundary and path when configured.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        service: str | Sequence[str],
        description: str,
        rules: RoleRules,
        statements: Sequence[Statement] = (),
        policies: Sequence[CustomerPolicy] = (),
        source_arns: Sequence[str] = (),
        tags: Mapping[str, str] | None = None,
        sets_source_identity: bool = False,
    ) -> None:
        super().__init__(scope, construct_id)
        place = place_of(scope)
        trust = trust_policy(service, place, source_arns, sets_source_identity=sets_source_identity)
        self.policy: CustomerPolicy | None = None
        imported = imported_role(self, rules, trust=trust, statements=statements, policies=policies)
        if imported:
            self.role_arn = imported
            return
        own = [
            CustomerPolicy(self, f"Policy{number or ''}", description=description, path=rules.path, statements=each)
            for number, each in enumerate(in_policies(statements))
        ]
        self.policy = own[0] if own else None
        attached = [*policies, *own]
        # The L1, so that no L2 can slip an inline policy into the role.
        resource = iam.CfnRole(
            self,
            "Resource",
            assume_role_policy_document=as_substitutions(trust),
            description=description,
            path=rules.path,
            managed_policy_arns=[policy.arn for policy in attached],
            permissions_boundary=boundary_arn(rules, place),
            tags=[CfnTag(key=key, value=value) for key, value in (tags or {}).items()] or None,
        )
        # The role refers to its policies, so whoever refers to it waits for both.
        self.role_arn = resource.attr_arn

    @property
    def role(self) -> iam.IRole:
        """The role for L2 constructs, closed to further policy."""
        return iam.Role.from_role_arn(self, "Role", self.role_arn, mutable=False)


def trust_policy(
    service: str | Sequence[str], place: Place, source_arns: Sequence[str], *, sets_source_identity: bool = False
) -> dict[str, object]:
    """Return a trust policy with its confused-deputy conditions (IAM user guide, "The confused deputy problem")."""
    conditions: dict[str, dict[str, object]] = {"StringEquals": {"aws:SourceAccount": place.account}}
    if source_arns:
        conditions["ArnLike"] = {"aws:SourceArn": list(source_arns)}
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service if isinstance(service, str) else list(service)},
        "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"] if sets_source_identity else "sts:AssumeRole",
        "Condition": conditions,
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
