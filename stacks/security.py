"""Security: the keys of each data domain, and where alerts go. Duty: security administrator."""

from __future__ import annotations

from constructs import Construct

from govml_constructs.encryption.domain_key import DomainKey
from govml_constructs.monitoring.alert_topic import AlertTopic
from govml_constructs.monitoring.dead_letter_queue import DeadLetterQueue
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from stacks.base import EnvironmentStack
from stacks.context import EnvironmentContext
from stacks.log_shipping import log_subscription


class SecurityStack(EnvironmentStack):
    """One rotating key per data domain (data, ml, logs), the alert topic, and the log group of settings functions.

    `log_subscription` is what every other stack hands to its log groups.
    """

    def __init__(self, scope: Construct, construct_id: str, *, context: EnvironmentContext) -> None:
        super().__init__(
            scope, construct_id, context=context, description="Keys per data domain, alert topic (security admin)"
        )
        prefix, removal = context.names.prefix, context.removal_policy
        self.data_key = DomainKey(
            self,
            "DataKey",
            alias=f"{prefix}-data",
            description="Raw, curated and feature data",
            removal_policy=removal,
        ).key
        self.ml_key = DomainKey(
            self,
            "MlKey",
            alias=f"{prefix}-ml",
            description="Model artefacts, job volumes, images, guardrails",
            removal_policy=removal,
        ).key
        self.logs_key = DomainKey(
            self,
            "LogsKey",
            alias=f"{prefix}-logs",
            description="Logs, alerts and undelivered messages",
            services=[f"logs.{self.region}.amazonaws.com", "cloudwatch.amazonaws.com", "events.amazonaws.com"],
            removal_policy=removal,
        ).key
        self.alerts = AlertTopic(
            self,
            "Alerts",
            key=self.logs_key,
            publishers=["cloudwatch.amazonaws.com", "events.amazonaws.com"],
            emails=[context.settings.owner],
        ).topic
        self.dead_letters = DeadLetterQueue(
            self, "DeadLetters", key=self.logs_key, senders=["events.amazonaws.com"]
        ).queue
        self.log_subscription = log_subscription(self, context)
        self.settings_log = EncryptedLogGroup(
            self,
            "SettingsLog",
            key=self.logs_key,
            retention_days=context.settings.observability.log_retention_days,
            subscription=self.log_subscription,
            removal_policy=removal,
        )
        self.publish("AlertTopicParameter", context.names.parameter("security", "alert-topic"), self.alerts.topic_arn)
