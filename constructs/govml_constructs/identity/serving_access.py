"""`ServingDataPolicy`: the part of the artefact zone that the endpoint of *any* use case reaches, by the tag of its role."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from govml_constructs.identity.customer_policy import CustomerPolicy, Statement
from govml_constructs.identity.role_rules import RoleRules
from govml_constructs.identity.statements import use_key
from govml_constructs.identity.use_case_access import OWN_NAME, acknowledge_own_objects
from govml_constructs.place import PlacedConstruct, place_of


class ServingDataPolicy(PlacedConstruct):
    """Lets SageMaker fetch the released models of a use case for its endpoint, and keep what the endpoint captures.

    The containers of the endpoint see none of it: they are cut off from all networks.

    Args:
        bucket: the artefact zone.
        read: folders below the use case's prefix that are read: released models, requests of asynchronous endpoints.
        written: folders that are written: captured requests, answers and failures of asynchronous endpoints.
        key: key of the zone, usable through S3 only.
        rules: path of the policy.
        batch: folder whose files a batch transform looks for and reads, and the one that it writes; None without any.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket: s3.IBucket,
        read: Sequence[str],
        written: Sequence[str],
        key: kms.IKey,
        rules: RoleRules,
        batch: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        inputs, outputs = ([batch[0]], [batch[1]]) if batch else ([], [])
        readable = [bucket.arn_for_objects(f"{OWN_NAME}/{folder}/*") for folder in [*read, *inputs]]
        writable = [bucket.arn_for_objects(f"{OWN_NAME}/{folder}/*") for folder in [*written, *outputs]]
        find = [
            Statement(
                sid="FindBatchFiles",
                actions=["s3:ListBucket"],
                resources=[bucket.bucket_arn],
                conditions={"StringLike": {"s3:prefix": f"{OWN_NAME}/{folder}/*"}},
            )
            for folder in inputs
        ]
        self.policy = CustomerPolicy(
            self,
            "Policy",
            description="Released models and captured data of an endpoint, by the use-case tag of its role",
            path=rules.path,
            statements=[
                *find,
                Statement(sid="ReadReleasedModels", actions=["s3:GetObject"], resources=readable),
                Statement(
                    sid="KeepCapturedData", actions=["s3:PutObject", "s3:AbortMultipartUpload"], resources=writable
                ),
                use_key("UseZoneKey", [key.key_arn], via_services=[f"s3.{place_of(scope).region}.amazonaws.com"]),
            ],
        )
        acknowledge_own_objects(self, self.policy, [*readable, *writable])
