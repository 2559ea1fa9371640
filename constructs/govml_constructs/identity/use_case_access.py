"""`UseCaseDataPolicy`: the data of *any* use case, written once: roles are told apart by their `govml-use-case` tag."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from govml_constructs.identity.customer_policy import CustomerPolicy, Statement
from govml_constructs.identity.service_role import RoleRules
from govml_constructs.identity.statements import use_key
from govml_constructs.place import PlacedConstruct, place_of
from govml_constructs.validation.acknowledgement import acknowledge
from govml_constructs.validation.nag_findings import resource_finding

USE_CASE_TAG = "govml-use-case"
OWN_NAME = f"${{aws:PrincipalTag/{USE_CASE_TAG}}}"  # resolved by IAM for each caller: one policy serves every use case


class UseCaseDataPolicy(PlacedConstruct):
    """Lets a use case's jobs read and write under their own prefix of each zone, and nowhere else.

    Args:
        readable: zones the jobs read.
        writable: zones the jobs read and write.
        keys: keys of those zones, usable through S3 only.
        rules: path of the policy.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        readable: Sequence[s3.IBucket],
        writable: Sequence[s3.IBucket],
        keys: Sequence[kms.IKey],
        rules: RoleRules,
    ) -> None:
        super().__init__(scope, construct_id)
        place, zones = place_of(scope), [*readable, *writable]
        objects = [bucket.arn_for_objects(f"{OWN_NAME}/*") for bucket in zones]
        own_prefix = {"StringLike": {"s3:prefix": [OWN_NAME, f"{OWN_NAME}/*"]}}
        self.policy = CustomerPolicy(
            self,
            "Policy",
            description="Data of a use case, by the caller's use-case tag",
            path=rules.path,
            statements=[
                Statement(
                    sid="ListOwnPrefix",
                    actions=["s3:ListBucket"],
                    resources=[bucket.bucket_arn for bucket in zones],
                    conditions=own_prefix,
                ),
                Statement(sid="ReadOwnPrefix", actions=["s3:GetObject"], resources=objects),
                Statement(
                    sid="WriteOwnPrefix",
                    actions=["s3:PutObject", "s3:AbortMultipartUpload"],
                    resources=objects[len(readable) :],
                ),
                use_key(
                    "UseZoneKeys", [key.key_arn for key in keys], via_services=[f"s3.{place.region}.amazonaws.com"]
                ),
            ],
        )
        for arn in objects:
            acknowledge(
                self.policy,
                "AwsSolutions-IAM5",
                finding=resource_finding(self, arn),
                reason=(
                    "Object names below a use case's own prefix are not known when the policy is written; "
                    "the prefix is pinned to the caller's own tag, which only the role's stack can set."
                ),
                owner="platform-security",
                expires="2027-11-20",
            )
