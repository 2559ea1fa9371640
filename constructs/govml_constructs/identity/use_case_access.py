"""`UseCaseDataPolicy`: the data of *any* use case, written once: roles are told apart by their tags.

`govml-use-case` is a role's own prefix of a zone, `govml-data-source` the prefix of the data that it is trained on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
SOURCE_TAG = "govml-data-source"
OWN_SOURCE = f"${{aws:PrincipalTag/{SOURCE_TAG}}}"


class UseCaseDataPolicy(PlacedConstruct):
    """Lets a use case's jobs read and write under their own prefix of each zone, and read their source's data.

    Args:
        readable: zones the jobs read below the use case's prefix.
        writable: zones the jobs read and write.
        keys: keys of those zones, usable through S3 only.
        rules: path of the policy.
        source_data: zone -> folders of a data source in it that jobs may read; `""` for the whole source.
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
        source_data: Mapping[s3.IBucket, Sequence[str]] | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        place, zones = place_of(scope), [*readable, *writable]
        objects = [bucket.arn_for_objects(f"{OWN_NAME}/*") for bucket in zones]
        own_prefix = {"StringLike": {"s3:prefix": [OWN_NAME, f"{OWN_NAME}/*"]}}
        source_objects: list[str] = []
        source_statements: list[Statement] = []
        for bucket, folders in (source_data or {}).items():
            prefixes = ["/".join(filter(None, (OWN_SOURCE, folder))) for folder in folders]
            source_objects += (of_this := [bucket.arn_for_objects(f"{prefix}/*") for prefix in prefixes])
            source_statements += [
                Statement(
                    sid=f"FindSourceData{len(source_statements) or ''}",
                    actions=["s3:ListBucket"],
                    resources=[bucket.bucket_arn],
                    conditions={"StringLike": {"s3:prefix": [f"{prefix}/*" for prefix in prefixes]}},
                ),
                Statement(
                    sid=f"ReadSourceData{len(source_statements) or ''}", actions=["s3:GetObject"], resources=of_this
                ),
            ]
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
                *source_statements,
                use_key(
                    "UseZoneKeys", [key.key_arn for key in keys], via_services=[f"s3.{place.region}.amazonaws.com"]
                ),
            ],
        )
        acknowledge_own_objects(self, self.policy, [*objects, *source_objects])


def acknowledge_own_objects(scope: Construct, policy: CustomerPolicy, arns: Sequence[str]) -> None:
    """Acknowledge that a policy names all objects below a prefix that the caller's own tag pins.

    Args:
        scope: a construct in the stack that holds the policy.
        policy: the policy.
        arns: what its statements name.
    """
    for arn in arns:
        acknowledge(
            policy,
            "AwsSolutions-IAM5",
            finding=resource_finding(scope, arn),
            reason=(
                "Object names below a use case's or a data source's own prefix are not known when the policy is written; "
                "the prefix is pinned to the caller's own tag, which only the role's stack can set."
            ),
            owner="platform-security",
            expires="2027-11-20",
        )
