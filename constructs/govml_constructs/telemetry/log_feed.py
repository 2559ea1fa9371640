"""`LogFeed`: lines of telemetry of one log group go to the forwarder."""

from __future__ import annotations

from aws_cdk import aws_logs as logs
from constructs import Construct

from govml_constructs.place import PlacedConstruct

FILTER_NAME = "govml-telemetry"


class LogFeed(PlacedConstruct):
    """A subscription of the forwarder. A log group has two subscriptions at most; the other is that of the log archive.

    Args:
        log_group_name: the log group.
        function_arn: the forwarder.
        pattern: filter pattern for the lines that it reads.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, log_group_name: str, function_arn: str, pattern: str
    ) -> None:
        super().__init__(scope, construct_id)
        self.resource = logs.CfnSubscriptionFilter(
            self,
            "Subscription",
            log_group_name=log_group_name,
            destination_arn=function_arn,
            filter_name=FILTER_NAME,
            filter_pattern=pattern,
        )
