"""`TrackingArtifactPolicy`: where the MLflow client puts a run's artefacts, with the caller's own role."""

from __future__ import annotations

from aws_cdk import aws_s3 as s3
from constructs import Construct

from govml_constructs.identity.customer_policy import CustomerPolicy, Statement
from govml_constructs.identity.role_rules import RoleRules
from govml_constructs.place import PlacedConstruct
from govml_constructs.validation.acknowledgement import acknowledge
from govml_constructs.validation.nag_findings import resource_finding


class TrackingArtifactPolicy(PlacedConstruct):
    """Lets a job write and read below one prefix of the artefact zone, which all use cases share as they share MLflow.

    Args:
        bucket: the artefact zone; the right to its key comes with the policy of the use case's data.
        prefix: MLflow's prefix, without slashes.
        rules: path of the policy.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, bucket: s3.IBucket, prefix: str, rules: RoleRules
    ) -> None:
        super().__init__(scope, construct_id)
        arn = bucket.bucket_arn
        objects = f"{arn}/{prefix}/*"
        self.policy = CustomerPolicy(
            self,
            "Policy",
            description="Artefacts of tracked runs",
            path=rules.path,
            statements=[
                Statement(
                    sid="KeepArtefactsOfRuns",
                    actions=["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
                    resources=[objects],
                ),
                Statement(
                    sid="ListArtefactsOfRuns",
                    actions=["s3:ListBucket"],
                    resources=[arn],
                    conditions={"StringLike": {"s3:prefix": [prefix, f"{prefix}/*"]}},
                ),
            ],
        )
        acknowledge(
            self.policy,
            "AwsSolutions-IAM5",
            finding=resource_finding(self, objects),
            reason="MLflow numbers experiments and runs, so the objects below its prefix are not known beforehand.",
            owner="platform-security",
            expires="2027-11-20",
        )
