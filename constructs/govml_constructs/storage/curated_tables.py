"""`CuratedTablesPolicy`: read every curated table by its manifest, and nothing else of the lake."""

from __future__ import annotations

from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from govml_constructs.identity.customer_policy import CustomerPolicy, Statement
from govml_constructs.identity.service_role import RoleRules
from govml_constructs.place import PlacedConstruct, place_of
from govml_constructs.validation.acknowledgement import acknowledge
from govml_constructs.validation.nag_findings import resource_finding


class CuratedTablesPolicy(PlacedConstruct):
    """What a service needs that loads curated tables of all data sources, such as a warehouse.

    Args:
        curated: the curated zone.
        key: its key, usable through S3 only.
        rules: path of the policy.

    Controls: tables and manifests only; no quarantine, no history, no log of deliveries, no other zone; nothing is written.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, curated: s3.IBucket, key: kms.IKey, rules: RoleRules
    ) -> None:
        super().__init__(scope, construct_id)
        files = [curated.arn_for_objects(f"*/{folder}/*") for folder in ("table", "manifests")]
        self.policy = CustomerPolicy(
            self,
            "Policy",
            description="Curated tables of all data sources, to be loaded elsewhere",
            path=rules.path,
            statements=[
                Statement(sid="ReadTables", actions=["s3:GetObject"], resources=files),
                Statement(sid="FindTables", actions=["s3:GetBucketLocation"], resources=[curated.bucket_arn]),
                Statement(
                    sid="DecryptThroughS3",
                    actions=["kms:Decrypt"],
                    resources=[key.key_arn],
                    conditions={"StringEquals": {"kms:ViaService": [f"s3.{place_of(self).region}.amazonaws.com"]}},
                ),
            ],
        )
        for resource in files:
            acknowledge(
                self.policy,
                "AwsSolutions-IAM5",
                finding=resource_finding(self, resource),
                reason=(
                    "Files of a table are named when they are written; the policy reads tables and manifests of the "
                    "curated zone only: no raw data, no quarantine, no history."
                ),
                owner="platform-security",
                expires="2027-11-20",
            )
