"""`EncryptedLogGroup`: a log group that exists, encrypted and with retention, before its first use."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from govml_constructs.monitoring.log_delivery import LogSubscription
from govml_constructs.place import PlacedConstruct


class EncryptedLogGroup(PlacedConstruct):
    """A CloudWatch log group under a customer-managed key, kept for at least a year.

    Args:
        key: the key of the logs domain; its policy must allow CloudWatch Logs.
        retention_days: one of the values that CloudWatch Logs allows, at least 365 (public-sector control LM-8).
        name: physical name where a service dictates it (`/aws/...`), else None.
        subscription: where a copy of the events goes (public-sector control LM-12); None where logs stay in the account.
        removal_policy: `RETAIN` unless the environment may be destroyed with its data.

    Raises:
        ValueError: when `retention_days` is below 365.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        key: kms.IKey,
        retention_days: int,
        name: str | None = None,
        subscription: LogSubscription | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        if retention_days < 365:
            raise ValueError(f"{self.node.path}: logs are kept for at least 365 days, not {retention_days}")
        # The L1 takes the number itself: the L2's enumeration lags behind the service's list.
        resource = logs.CfnLogGroup(
            self, "Resource", log_group_name=name, kms_key_id=key.key_arn, retention_in_days=retention_days
        )
        resource.apply_removal_policy(removal_policy)
        self.log_group_name = resource.ref
        self.log_group_arn = resource.attr_arn
        self.log_group = logs.LogGroup.from_log_group_arn(self, "Imported", resource.attr_arn)
        self.resource = resource
        if subscription is not None:
            logs.CfnSubscriptionFilter(
                self,
                "Subscription",
                log_group_name=self.log_group_name,
                destination_arn=subscription.destination_arn,
                role_arn=subscription.role_arn,
                filter_name=subscription.filter_name,
                filter_pattern=subscription.filter_pattern,
            )
