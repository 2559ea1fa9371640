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
        assert alarm["TreatMissingData"] in ("notBreaching", "ignore")
        assert alarm["AlarmDescription"].startswith(("[page] ", "[ticket] "))
        assert "Runbook: docs/operations/" in alarm["AlarmDescription"]


def test_an_alarm_rings_when_its_metric_says_so(local_account: Connection, settings: Settings) -> None:
    cloudwatch = local_account.client("cloudwatch")
    name = f"{settings.agency}-dev-FilesRefusedHdbResale"
    (quiet,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert quiet["StateValue"] != "ALARM"
    cloudwatch.put_metric_data(
        Namespace=quiet["Namespace"],
        MetricData=[{"MetricName": quiet["MetricName"], "Dimensions": quiet["Dimensions"], "Value": 1}],
    )
    (ringing,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    assert ringing["StateValue"] == "ALARM"


def test_budgets_and_anomalies_are_told_to_the_topic(
    local_account: Connection, found: list[Resource], settings: Settings
) -> None:
    (topic,) = of_type(found, "SNS::Topic")
    budgets = local_account.client("budgets")
    made = budgets.describe_budgets(AccountId=local_account.account, ShowFilterExpression=True)["Budgets"]
    amounts = {each["BudgetName"]: float(each["BudgetLimit"]["Amount"]) for each in made}
    assert amounts == {"sandbox-dev-cost-at-80-100": 800, "sandbox-dev-cost-hdb-resale-at-80-100": 200}
    for each in made:
        keys = {part["Tags"]["Key"] for part in each["FilterExpression"]["And"]}
        assert {"Project-Code", "Environment"} <= keys
    (alert,) = local_account.client("ce").get_anomaly_subscriptions()["AnomalySubscriptions"]
    assert [(each["Type"], each["Address"]) for each in alert["Subscribers"]] == [("SNS", topic)]
    assert settings.budget.anomalies is not None


def test_saved_searches_stand_in_the_environment_s_folder(local_account: Connection) -> None:
    queries = local_account.client("logs").describe_query_definitions()["queryDefinitions"]
    titles = {query["name"] for query in queries}
    assert {"sandbox-dev/Errors of jobs", "sandbox-dev/sandbox-dev-hdb-resale/Failed requests"} <= titles


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
    rules = {name: events.describe_rule(Name=name) for name in of_type(found, "Events::Rule")}
    patterns = {name: rule.get("EventPattern", "") for name, rule in rules.items()}  # a schedule has none
    (rule,) = [
        name
        for name, pattern in patterns.items()
        if '"Failed"' in pattern and "currentPipelineExecutionStatus" in pattern
    ]
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


def test_the_dashboards_can_be_read(local_account: Connection, found: list[Resource]) -> None:
    names = of_type(found, "CloudWatch::Dashboard")
    with_alarms = {"sandbox-dev-overview", "sandbox-dev-hdb-resale-endpoint"}
    assert with_alarms < set(names)
    for name in names:
        body = local_account.client("cloudwatch").get_dashboard(DashboardName=name)["DashboardBody"]
        kinds = [widget["type"] for widget in json.loads(body)["widgets"]]
        assert "metric" in kinds
        assert "alarm" in kinds or name not in with_alarms
