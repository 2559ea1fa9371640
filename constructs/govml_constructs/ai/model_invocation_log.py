"""`ModelInvocationLog`: Amazon Bedrock's record of every model call, in an encrypted log group."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from govml_constructs.account_setting import AccountSetting
from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.service_role import RoleRules, ServiceRole
from govml_constructs.identity.statements import write_to_log_group
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.monitoring.log_delivery import LogSubscription
from govml_constructs.place import PlacedConstruct, place_of
from govml_constructs.validation.acknowledgement import acknowledge


class ModelInvocationLog(PlacedConstruct):
    """The log group, the role that Bedrock delivers with, and the setting of the account that turns logging on.

    Args:
        key: key of the logs domain.
        retention_days: at least 365.
        subscription: where a copy of the log goes, or None.
        settings_log: log group of settings functions.
        failures: topic that hears when the setting could not be made.
        rules: rules of the roles.
        removal_policy: `RETAIN` unless the environment may be destroyed with its data.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        key: kms.IKey,
        retention_days: int,
        subscription: LogSubscription | None,
        settings_log: EncryptedLogGroup,
        failures: sns.ITopic,
        rules: RoleRules,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        place = place_of(self)
        self.log_group = EncryptedLogGroup(
            self,
            "Log",
            key=key,
            retention_days=retention_days,
            subscription=subscription,
            removal_policy=removal_policy,
        )
        delivery = ServiceRole(
            self,
            "Delivery",
            service="bedrock.amazonaws.com",
            description="Bedrock delivers its invocation log",
            rules=rules,
            statements=write_to_log_group(self.log_group.log_group_arn),
            source_arns=[place.arn("bedrock", "*")],
        )
        setting = AccountSetting(
            self,
            "LoggingOn",
            setting="model_invocation_logging",
            resource_type="Custom::ModelInvocationLogging",
            properties={"LogGroupName": self.log_group.log_group_name, "RoleArn": delivery.role_arn},
            statements=logging_statements(delivery.role_arn),
            log_group=settings_log,
            key=key,
            failures=failures,
            rules=rules,
        )
        acknowledge(
            setting,
            "AwsSolutions-IAM5",
            reason="Bedrock's logging configuration is one per account and region; its actions take no resource.",
            owner="platform-security",
            expires="2027-11-20",
            finding="Resource::*",
        )


def logging_statements(delivery_role_arn: str) -> list[Statement]:
    """Return what turning on Bedrock's invocation logging needs."""
    return [
        Statement(
            sid="TurnLoggingOn",
            actions=[
                "bedrock:GetModelInvocationLoggingConfiguration",
                "bedrock:PutModelInvocationLoggingConfiguration",
            ],
            resources=["*"],
        ),
        Statement(
            sid="PassDeliveryRole",
            actions=["iam:PassRole"],
            resources=[delivery_role_arn],
            conditions={"StringEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}},
        ),
    ]
