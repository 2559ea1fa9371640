"""`ObservabilitySink` and `ObservabilityLink`: one account sees the figures of others (CloudWatch cross-account observability)."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_oam as oam
from constructs import Construct

from govml_constructs.place import PlacedConstruct

SHARED = ("AWS::CloudWatch::Metric", "AWS::XRay::Trace")
"""What is shared: figures and traces; no log group, whose events may tell of persons."""


class ObservabilitySink(PlacedConstruct):
    """The place in the account that sees. There is one in an account and region.

    Args:
        name: its name.
        accounts: accounts that may link themselves to it.

    Attributes:
        arn: its ARN, which the others name.

    Controls: named accounts only, figures and traces only.
    """

    def __init__(self, scope: Construct, construct_id: str, *, name: str, accounts: Sequence[str]) -> None:
        super().__init__(scope, construct_id)
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": list(accounts)},
            "Action": ["oam:CreateLink", "oam:UpdateLink"],
            "Resource": "*",
            "Condition": {"ForAllValues:StringEquals": {"oam:ResourceTypes": list(SHARED)}},
        }
        self.arn = oam.CfnSink(
            self, "Sink", name=name, policy={"Version": "2012-10-17", "Statement": [statement]}
        ).attr_arn


class ObservabilityLink(PlacedConstruct):
    """What an account shows to the one with the sink.

    Args:
        sink_arn: ARN of the sink.
        label: what the account is called there.

    Controls: figures and traces only.
    """

    def __init__(self, scope: Construct, construct_id: str, *, sink_arn: str, label: str) -> None:
        super().__init__(scope, construct_id)
        oam.CfnLink(self, "Link", sink_identifier=sink_arn, label_template=label, resource_types=list(SHARED))
