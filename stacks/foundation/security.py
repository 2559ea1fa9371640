"""Security: the keys of each data domain, evidence and access logs, and where alerts go. Duty: security administrator."""

from __future__ import annotations

from aws_cdk import aws_kms as kms
from constructs import Construct

from govml.identity.key_users import Where, alert_publishers, key_users
from govml.identity.people import People
from govml.identity.promotion import contracts_from
from govml.identity.release_rules import release_writers
from govml.settings.chat import ChatSettings
from govml.settings.imported import KeyDomain
from govml_constructs.encryption.domain_key import DomainKey
from govml_constructs.monitoring.alert_route import AlertRoute
from govml_constructs.monitoring.alert_topic import AlertTopic
from govml_constructs.monitoring.authenticated_route import AuthenticatedRoute
from govml_constructs.monitoring.chat_route import ChatRoute, SlackChannel, TeamsChannel
from govml_constructs.monitoring.dead_letter_queue import DeadLetterQueue
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.monitoring.page_topic import PageTopic
from govml_constructs.pascal import pascal
from govml_constructs.place import pseudo_parameters
from govml_constructs.release.guards import ledger_guard
from govml_constructs.storage.audit_store import AuditStore
from stacks.environment.base import EnvironmentStack
from stacks.environment.context import EnvironmentContext, portable
from stacks.environment.log_shipping import log_subscription


class SecurityStack(EnvironmentStack):
    """One rotating key per data domain (data, ml, logs), evidence and access logs, alerts, the log of settings functions.

    `log_subscription` is what every other stack hands to its log groups.
    """

    def __init__(self, scope: Construct, construct_id: str, *, context: EnvironmentContext, people: People) -> None:
        super().__init__(
            scope, construct_id, context=context, description="Keys, evidence, alert topic (security admin)"
        )
        settings, removal = context.settings, context.removal_policy
        self.data_key = self._key(context, people, "data", "Raw, curated and feature data")
        self.ml_key = self._key(context, people, "ml", "Model artefacts, job volumes, images, guardrails")
        self.logs_key = self._key(context, people, "logs", "Logs, evidence, alerts and undelivered messages")
        contracts = contracts_from(settings, context.environment_name)
        writers = release_writers(settings, context.environment_name, Where(*pseudo_parameters()))
        audit = AuditStore(
            self,
            "Audit",
            key=self.logs_key,
            log_retention_days=settings.observability.log_retention_days,
            lock=settings.handling.evidence_lock,
            evidence_days=settings.handling.evidence_days,
            grants=people.zone_grants().get("evidence"),
            partners=lambda arn: [
                *(each for contract in contracts for each in contract.evidence_statements(arn)),
                *(ledger_guard(arn, writers) if writers else ()),
            ],
            removal_policy=removal,
        )
        self.log_bucket, self.evidence = audit.log_bucket, audit.evidence
        self.alerts = AlertTopic(
            self,
            "Alerts",
            key=self.logs_key,
            publishers=alert_publishers(settings),
            emails=[settings.owner],
        ).topic
        routes = settings.observability.alert_routes
        self.dead_letters = DeadLetterQueue(
            self,
            "DeadLetters",
            key=self.logs_key,
            senders=["events.amazonaws.com", *(["sns.amazonaws.com"] if routes else [])],
        ).queue
        for name, route in routes.items():
            construct_id = f"AlertsTo{pascal(name)}"
            if route.header is not None and route.secret is not None:
                AuthenticatedRoute(
                    self,
                    construct_id,
                    name=context.names.resource("alerts", name),
                    prefix=context.names.prefix,
                    url=route.url,
                    header=route.header,
                    secret=route.secret,
                    pages_only=route.severity == "page",
                    dead_letters=self.dead_letters,
                    rules=context.role_rules,
                )
                continue
            AlertRoute(
                self,
                construct_id,
                topic=self.alerts,
                url=route.url,
                pages_only=route.severity == "page",
                dead_letters=self.dead_letters,
            )
        self._chat(context)
        self.log_subscription = log_subscription(self, context)
        self.settings_log = self.log_group(self, "SettingsLog")
        self.publish("AlertTopicParameter", context.names.parameter("security", "alert-topic"), self.alerts.topic_arn)
        self.publish("LogsBucketParameter", context.names.zone_bucket("logs"), self.log_bucket.bucket_name)
        self.publish("EvidenceBucketParameter", context.names.evidence_bucket(), self.evidence.bucket_name)
        if any(not contract.crosses_accounts for contract in contracts):
            for domain, key in (("ml", self.ml_key), ("logs", self.logs_key)):
                self.publish(f"{domain.title()}KeyParameter", context.names.key_arn(domain), key.key_arn)

    def log_group(self, scope: Construct, construct_id: str, name: str | None = None) -> EncryptedLogGroup:
        """Make a log group as the environment keeps all of its own: under its key, for its time, shipped where it ships.

        Args:
            scope: a construct of any stack of the environment.
            construct_id: id of the group.
            name: its name, where a service dictates it or looks for it; None leaves it to CloudFormation.
        """
        return EncryptedLogGroup(
            scope,
            construct_id,
            key=self.logs_key,
            retention_days=self.context.settings.observability.log_retention_days,
            name=name,
            subscription=self.log_subscription,
            removal_policy=self.context.removal_policy,
        )

    def _chat(self, context: EnvironmentContext) -> None:
        """Make the chat channels; those that want pages alone share a topic of pages."""
        pages = None
        for name, chat in context.settings.observability.chat.items():
            if chat.severity == "page" and pages is None:
                pages = PageTopic(
                    self, "Pages", prefix=context.names.prefix, key=self.logs_key, dead_letters=self.dead_letters
                ).topic
            ChatRoute(
                self,
                f"Chat{pascal(name)}",
                name=context.names.resource("chat", name),
                channel=_channel(chat),
                topic=pages if chat.severity == "page" and pages else self.alerts,
                rules=context.role_rules,
            )

    def _key(self, context: EnvironmentContext, people: People, domain: KeyDomain, description: str) -> kms.IKey:
        imported = context.environment.imported.keys.get(domain)
        return DomainKey(
            self,
            f"{domain.title()}Key",
            alias=f"{context.names.prefix}-{domain}",
            description=description,
            users=key_users(context.settings, context.environment_name, domain, people, Where(*pseudo_parameters())),
            imported=portable(imported) if imported else None,
            removal_policy=context.removal_policy,
        ).key


def _channel(chat: ChatSettings) -> SlackChannel | TeamsChannel:
    if chat.slack is not None:
        return SlackChannel(chat.slack.workspace_id, chat.slack.channel_id)
    if chat.teams is None:
        raise ValueError("a channel is neither Slack's nor Teams's")
    return TeamsChannel(chat.teams.tenant_id, chat.teams.team_id, chat.teams.channel_id)
