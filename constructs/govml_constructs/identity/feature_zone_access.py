"""`FeatureZonePolicy`: where SageMaker Feature Store keeps the tables of *any* use case, by the tag of the role it takes."""

from __future__ import annotations

from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from govml_constructs.identity.customer_policy import CustomerPolicy, Statement
from govml_constructs.identity.role_rules import RoleRules
from govml_constructs.identity.statements import use_key
from govml_constructs.identity.use_case_access import OWN_NAME
from govml_constructs.place import PlacedConstruct, place_of
from govml_constructs.validation.acknowledgement import acknowledge
from govml_constructs.validation.nag_findings import resource_finding


class FeatureZonePolicy(PlacedConstruct):
    """Lets Feature Store write below the use case's prefix of the feature zone; jobs do not get it.

    The actions are those of AWS's own policy for it (managed policy reference, AmazonSageMakerFeatureStoreAccess), here on
    one prefix of one bucket and with one key.

    Args:
        bucket: the feature zone.
        key: its key, usable through S3 only.
        rules: path of the policy.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, bucket: s3.IBucket, key: kms.IKey, rules: RoleRules
    ) -> None:
        super().__init__(scope, construct_id)
        objects = bucket.arn_for_objects(f"{OWN_NAME}/*")
        self.policy = CustomerPolicy(
            self,
            "Policy",
            description="Offline stores of a use case, by the tag of the role that Feature Store takes",
            path=rules.path,
            statements=[
                Statement(
                    sid="KeepOfflineStores",
                    actions=["s3:GetObject", "s3:PutObject", "s3:PutObjectAcl"],
                    resources=[objects],
                ),
                Statement(sid="CheckBucket", actions=["s3:GetBucketAcl"], resources=[bucket.bucket_arn]),
                use_key("UseFeatureKey", [key.key_arn], via_services=[f"s3.{place_of(scope).region}.amazonaws.com"]),
            ],
        )
        acknowledge(
            self.policy,
            "AwsSolutions-IAM5",
            finding=resource_finding(self, objects),
            reason=(
                "Feature Store names the folders and files of its tables itself; they are held to the use case's own "
                "prefix, by a tag that only the role's stack can set."
            ),
            owner="platform-security",
            expires="2027-11-20",
        )
