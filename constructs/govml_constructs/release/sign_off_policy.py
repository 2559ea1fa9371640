"""`SignOffPolicy`: a consumer's right to sign a use case's versions off, for whoever owns the consumer's role to attach."""

from __future__ import annotations

from constructs import Construct

from govml_constructs.identity.customer_policy import CustomerPolicy
from govml_constructs.place import PlacedConstruct
from govml_constructs.release.release_scope import ReleaseScope
from govml_constructs.release.release_statements import sign_off_statements
from govml_constructs.validation.acknowledgement import acknowledge
from govml_constructs.validation.nag_findings import resource_finding


class SignOffPolicy(PlacedConstruct):
    """One consumer's policy. The role is not ours, and a deployment may not touch it: its owner attaches the policy.

    Args:
        reach: what is released, by name.
        slug: the use case, as AWS takes it.
        consumer: name of the role, without its path.
        path: IAM path of the policy.

    Controls: the consumer adds its own note and nothing else: no approval, nobody else's note, nothing removed.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, reach: ReleaseScope, slug: str, consumer: str, path: str
    ) -> None:
        super().__init__(scope, construct_id)
        statements = sign_off_statements(reach, slug, consumer)
        self.policy = CustomerPolicy(
            self,
            "Policy",
            description=f"{consumer} signs versions of {slug} off",
            path=path,
            statements=statements,
        )
        acknowledge(
            self.policy,
            "AwsSolutions-IAM5",
            finding=resource_finding(self, f"{reach.packages_prefix(slug)}*"),
            reason="Versions are numbered after the policy is written; the pattern is pinned to one use case's group.",
            owner="platform-security",
            expires="2027-11-20",
        )
