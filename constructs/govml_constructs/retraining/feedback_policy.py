"""`FeedbackPolicy`: the right to say what people think of a model's answers, for whoever owns an application's role."""

from __future__ import annotations

from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from govml_constructs.identity.customer_policy import CustomerPolicy, Statement
from govml_constructs.place import PlacedConstruct, place_of
from govml_constructs.validation.acknowledgement import acknowledge
from govml_constructs.validation.nag_findings import resource_finding


class FeedbackPolicy(PlacedConstruct):
    """A policy to attach. The application's role is not ours, and a deployment may not touch it: its owner attaches it.

    Args:
        bucket: bucket of the artefact zone.
        key: its key.
        slug: the use case, as in `hdb-resale`.
        folder: folder of the use case that takes feedback.
        path: IAM path of the policy.

    Controls: feedback may be put, under the zone's key and over TLS, and nothing may be read, listed or deleted.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket: s3.IBucket,
        key: kms.IKey,
        slug: str,
        folder: str,
        path: str,
    ) -> None:
        super().__init__(scope, construct_id)
        objects = bucket.arn_for_objects(f"{slug}/{folder}/*")
        self.policy = CustomerPolicy(
            self,
            "Policy",
            description=f"Say what people think of the answers of {slug}",
            path=path,
            statements=[
                Statement(sid="GiveFeedback", actions=["s3:PutObject"], resources=[objects]),
                Statement(
                    sid="UseKey",
                    actions=["kms:GenerateDataKey"],
                    resources=[key.key_arn],
                    conditions={"StringEquals": {"kms:ViaService": [f"s3.{place_of(self).region}.amazonaws.com"]}},
                ),
            ],
        )
        acknowledge(
            self.policy,
            "AwsSolutions-IAM5",
            finding=resource_finding(self, objects),
            reason="Feedback is filed by day under names that applications choose; the pattern is pinned to one folder.",
            owner="platform-security",
            expires="2027-11-20",
        )
