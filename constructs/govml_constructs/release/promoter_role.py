"""`PromoterRole`: the role that takes models from the environment before, and registers them here to be approved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import aws_iam as iam
from constructs import Construct

from govml_constructs.identity.customer_policy import CustomerPolicy, Statement
from govml_constructs.identity.role_rules import RoleRules, boundary_arn, imported_role
from govml_constructs.place import PlacedConstruct, place_of
from govml_constructs.validation.acknowledgement import acknowledge
from govml_constructs.validation.nag_findings import resource_finding


class PromoterRole(PlacedConstruct):
    """A role with a fixed name, since the policies of another environment name it before it exists.

    Args:
        name: its name.
        trust: trust policy: who may take it.
        statements: what it reads of the sources and hands in here, see `promoter_statements`.
        rules: path and permissions boundary, and roles that exist already.

    Controls: no wildcard in its trust, boundary and path, no approval, reads nothing but what was released.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        trust: Mapping[str, object],
        statements: Sequence[Statement],
        rules: RoleRules,
    ) -> None:
        super().__init__(scope, construct_id)
        place = place_of(scope)
        imported = imported_role(self, rules, trust=trust, statements=statements, policies=[])
        if imported:
            self.role_arn = imported
            return
        policy = CustomerPolicy(
            self, "Policy", description="Promote models into this environment", path=rules.path, statements=statements
        )
        self.role_arn = iam.CfnRole(
            self,
            "Resource",
            role_name=name,
            description="Takes released models from the environment before this one",
            assume_role_policy_document=trust,
            path=rules.path,
            permissions_boundary=boundary_arn(rules, place),
            managed_policy_arns=[policy.arn],
        ).attr_arn
        named = dict.fromkeys(arn for each in statements for arn in each.resources)
        for arn in (each for each in named if "*" in each):
            acknowledge(
                policy,
                "AwsSolutions-IAM5",
                finding=resource_finding(self, arn),
                reason=(
                    "Digests of models, numbers of versions and entries of ledgers are not known when the policy is "
                    "written; each is held by the prefix of one use case, which nothing else shares."
                ),
                owner="platform-security",
                expires="2027-11-20",
            )
