"""Logs, alarms and alerts of the deployed sandbox, read back with boto3."""

from __future__ import annotations

import json

import pytest
from deployed_resources import Resource, document, of_type

from govml.local import Connection
from govml.settings import Settings

pytestmark = pytest.mark.local_account


def test_every_log_group_is_encrypted_and_kept(
    local_account: Connection, found: list[Resource], keys: dict[str, str], settings: Settings
) -> None:
    logs = local_account.client("logs")
    names = of_type(found, "Logs::LogGroup")
    assert len(names) >= 6
    for name in names:
        group = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"][0]
        assert group["kmsKeyId"] in keys.values()
        assert group["retentionInDays"] == settings.observability.log_retention_days


def test_alarms_go_to_the_topic_and_idleness_is_no_alarm(local_account: Connection, found: list[Resource]) -> None:
    (topic,) = of_type(found, "SNS::Topic")
    names = of_type(found, "CloudWatch::Alarm")
    alarms = local_account.client("cloudwatch").describe_alarms(AlarmNames=names)["MetricAlarms"]
    assert len(alarms) == len(names) >= 5
    for alarm in alarms:
        assert alarm["AlarmActions"] == [topic]
        assert alarm["TreatMissingData"] == "notBreaching"
        assert alarm["AlarmDescription"]


def test_the_topic_is_encrypted_and_takes_tls_only(
    local_account: Connection, found: list[Resource], keys: dict[str, str], settings: Settings
) -> None:
    (topic,) = of_type(found, "SNS::Topic")
    sns = local_account.client("sns")
    attributes = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    assert any(attributes["KmsMasterKeyId"] in arn for arn in keys.values())
    statements = document(attributes["Policy"])["Statement"]
    assert any("aws:SecureTransport" in json.dumps(item) for item in statements if item["Effect"] == "Deny")
    subscriptions = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert [(item["Protocol"], item["Endpoint"]) for item in subscriptions] == [("email", settings.owner)]


def test_a_failed_run_is_told_to_the_topic(local_account: Connection, found: list[Resource]) -> None:
    events = local_account.client("events")
    patterns = {name: events.describe_rule(Name=name)["EventPattern"] for name in of_type(found, "Events::Rule")}
    (rule,) = [name for name, pattern in patterns.items() if "currentPipelineExecutionStatus" in pattern]
    (target,) = events.list_targets_by_rule(Rule=rule)["Targets"]
    assert target["Arn"] == of_type(found, "SNS::Topic")[0]
    assert target["DeadLetterConfig"]["Arn"]
    pattern = json.loads(events.describe_rule(Name=rule)["EventPattern"])
    assert pattern["detail"]["currentPipelineExecutionStatus"] == ["Failed", "Stopped"]


def test_undelivered_messages_are_kept_encrypted(
    local_account: Connection, found: list[Resource], keys: dict[str, str]
) -> None:
    for queue in of_type(found, "SQS::Queue"):
        attributes = local_account.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])
        assert any(attributes["Attributes"]["KmsMasterKeyId"] in arn for arn in keys.values())


def test_the_dashboard_can_be_read(local_account: Connection, found: list[Resource]) -> None:
    (name,) = of_type(found, "CloudWatch::Dashboard")
    body = local_account.client("cloudwatch").get_dashboard(DashboardName=name)["DashboardBody"]
    kinds = [widget["type"] for widget in json.loads(body)["widgets"]]
    assert "alarm" in kinds
    assert "metric" in kinds
