"""Personas, keys, logs, the alert topic and its queue: what everything else on the bench stands on."""

from __future__ import annotations

from cfn_templates import ACCOUNT, REGION

from bench.ground import Ground, key_users
from bench.names import ADMINISTRATOR, RULES, SLUG, TRUST
from govml_constructs.encryption.domain_key import DomainKey
from govml_constructs.identity.customer_policy import CustomerPolicy, Statement
from govml_constructs.identity.persona_statements import PersonaScope
from govml_constructs.identity.personas import Personas
from govml_constructs.identity.service_role import ServiceRole
from govml_constructs.identity.statements import write_to_log_group
from govml_constructs.identity.use_case_access import USE_CASE_TAG
from govml_constructs.monitoring.alert_route import AlertRoute
from govml_constructs.monitoring.alert_topic import AlertTopic
from govml_constructs.monitoring.dead_letter_queue import DeadLetterQueue
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.monitoring.log_delivery import LogDelivery, LogSubscription
from govml_constructs.place import place_of

_STREAM = f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/central"


def add_foundation(bench: Ground) -> None:
    stack, add = bench.stack, bench.add
    bench.personas = add(
        Personas(
            stack,
            "Personas",
            names=PersonaScope(place=place_of(stack), prefix="bench-dev", tags={"Environment": "dev"}),
            trust=TRUST,
            rules=RULES,
            max_session_hours=8,
        )
    )
    roles = bench.personas.role_arns
    data_users = key_users(readers=[roles["data_scientist"]], writers=[roles["data_engineer"]])
    bench.key = add(DomainKey(stack, "DataKey", alias="bench-data", description="data", users=data_users)).key
    logs = ("logs.ap-southeast-1.amazonaws.com", "cloudwatch.amazonaws.com", "events.amazonaws.com")
    spending = ("budgets.amazonaws.com", "costalerts.amazonaws.com")
    logs_users = key_users(
        services=[*logs, *spending, "sns.amazonaws.com"],
        administrators=[ADMINISTRATOR],
        account_through=["bedrock"],
    )
    bench.logs_key = add(DomainKey(stack, "LogsKey", alias="bench-logs", description="logs", users=logs_users)).key
    delivery = add(LogDelivery(stack, "LogDelivery", stream_arn=_STREAM, rules=RULES))
    bench.subscription = LogSubscription(_STREAM, delivery.role_arn, "central", '{ $.level = "ERROR" }')
    bench.log = add(
        EncryptedLogGroup(stack, "LogGroup", key=bench.logs_key, retention_days=400, subscription=bench.subscription)
    )
    publishers = ["cloudwatch.amazonaws.com", "events.amazonaws.com", *spending]
    bench.topic = add(
        AlertTopic(stack, "Alerts", key=bench.logs_key, publishers=publishers, emails=["ops@example.gov.sg"])
    ).topic
    bench.queue = add(
        DeadLetterQueue(stack, "DeadLetters", key=bench.logs_key, senders=["events.amazonaws.com", "sns.amazonaws.com"])
    ).queue
    for construct_id, pages_only in (("PagesOut", True), ("TicketsOut", False)):
        add(
            AlertRoute(
                stack,
                construct_id,
                topic=bench.topic,
                url="https://desk.example.gov.sg/hooks/sns",
                pages_only=pages_only,
                dead_letters=bench.queue,
            )
        )
    read = Statement("ReadLogs", ["logs:GetLogEvents"], [bench.log.log_group_arn])
    add(CustomerPolicy(stack, "Policy", description="Read logs", path=RULES.path, statements=[read]))
    bench.role = add(
        ServiceRole(
            stack,
            "ServiceRole",
            service="sagemaker.amazonaws.com",
            description="A role",
            rules=RULES,
            statements=write_to_log_group(bench.log.log_group_arn),
            source_arns=[stack.format_arn(service="sagemaker", resource="*")],
            tags={USE_CASE_TAG: SLUG},
        )
    )
