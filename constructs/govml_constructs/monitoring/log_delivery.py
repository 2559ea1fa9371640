"""`LogSubscription` and `LogDelivery`: where every log group sends a copy of its events, and the role it is sent with."""

from __future__ import annotations

from dataclasses import dataclass

from constructs import Construct

from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.service_role import RoleRules, ServiceRole
from govml_constructs.place import PlacedConstruct, place_of


@dataclass(frozen=True)
class LogSubscription:
    """What a log group needs to know to send a copy of its events to a central archive.

    Args:
        destination_arn: a Firehose stream of this account, or a CloudWatch Logs destination of another.
        role_arn: role that Logs assumes to write to the stream; None for a destination, whose own policy lets us in
            (CloudWatch Logs API reference, "PutSubscriptionFilter").
        filter_name: name of the subscription filter.
        filter_pattern: which events; empty for all.
    """

    destination_arn: str
    role_arn: str | None
    filter_name: str
    filter_pattern: str = ""


class LogDelivery(PlacedConstruct):
    """A role with which CloudWatch Logs, on behalf of this account's log groups, writes to one Firehose stream.

    Args:
        stream_arn: the stream.
        rules: path and boundary of the role.

    Controls: only Logs of this account and region assumes it; it writes to that stream and does nothing else.
    """

    def __init__(self, scope: Construct, construct_id: str, *, stream_arn: str, rules: RoleRules) -> None:
        super().__init__(scope, construct_id)
        place = place_of(scope)
        role = ServiceRole(
            self,
            "Role",
            service="logs.amazonaws.com",
            description="Sends a copy of all logs to the central archive",
            rules=rules,
            # Log groups are many and in several stacks, so the pattern is the one of the CloudWatch Logs user guide,
            # "Subscription filters with Amazon Data Firehose": all log groups of this account and region.
            source_arns=[place.arn("logs", "*")],
            statements=[
                Statement(
                    sid="WriteToArchive",
                    actions=["firehose:PutRecord", "firehose:PutRecordBatch"],
                    resources=[stream_arn],
                )
            ],
        )
        self.role_arn = role.role_arn
