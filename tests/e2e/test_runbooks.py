"""Every runbook is followed in the local account, in the situation that it is for; those of a release: `test_release.py`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from deployed_resources import Resource
from runbook_pages import FOLDER, commands, following, not_local

from govml.local import Connection
from govml.local.own_operations import call
from govml.settings.names import Names

pytestmark = pytest.mark.local_account

NAMES, USE_CASE, SLUG = Names("sandbox", "dev"), "hdb_resale", "hdb-resale"
ENDPOINT = NAMES.endpoint(USE_CASE)
PLACE = {"agency": "sandbox", "environment": "dev", "endpoint": ENDPOINT, "use_case": USE_CASE, "source": SLUG}
NOW = datetime.now(UTC)
DAY = {"start": (NOW - timedelta(days=1)).isoformat(), "end": NOW.isoformat()}
# Runs take minutes: that test has them.
PIPELINE_RUN = "tests/e2e/test_pipeline_run.py"


def bucket(account: Connection, zone: str) -> str:
    return str(account.client("ssm").get_parameter(Name=NAMES.zone_bucket(zone))["Parameter"]["Value"])


def ring(account: Connection, name: str, value: float = 1) -> None:
    """Let an alarm ring as its metric makes it."""
    cloudwatch = account.client("cloudwatch")
    (alarm,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    data = {"MetricName": alarm["MetricName"], "Dimensions": alarm["Dimensions"], "Value": value}
    cloudwatch.put_metric_data(Namespace=alarm["Namespace"], MetricData=[data])


def ringing(answer: Any) -> set[str]:
    return {each["AlarmName"] for each in answer["MetricAlarms"] if each["StateValue"] == "ALARM"}


@pytest.fixture
def failed_run(local_account: Connection) -> Iterator[str]:
    """A run of the training pipeline that has failed; its ARN."""
    sagemaker = local_account.client("sagemaker")
    # With a worker beside it the emulator leaves runs to be done; without one it says at once that they are.
    session = call(local_account, "/govml-executions/attach", pid=1)["session"]
    arn = sagemaker.start_pipeline_execution(PipelineName=NAMES.pipeline(USE_CASE))["PipelineExecutionArn"]
    while taken := call(local_account, "/govml-executions/take", session=session):
        told = {"session": session, "arn": taken["arn"], "status": "Failed", "reason": "AlgorithmError: negative price"}
        call(local_account, "/govml-executions/report", **told)
    yield arn
    while taken := call(local_account, "/govml-executions/take", session=session):
        told = {"session": session, "arn": taken["arn"], "status": "Stopped", "reason": "the test is over"}
        call(local_account, "/govml-executions/report", **told)
    call(local_account, "/govml-executions/detach", session=session)


def test_a_broken_feed(local_account: Connection) -> None:
    artifacts = bucket(local_account, "artifacts")
    local_account.client("s3").put_object(Bucket=artifacts, Key=f"{SLUG}/capture/one.jsonl", Body=b"{}")
    ring(local_account, NAMES.feed_alarm(USE_CASE))
    with following(local_account, "broken-feed", **PLACE, artifacts=artifacts, **{"use-case": SLUG}) as page:
        # what other tests have asked the endpoint for is captured there, too
        assert f"{SLUG}/capture/one.jsonl" in [each["Key"] for each in page.run("aws s3 ls")["Contents"]]
        page.run("aws logs tail")
        assert NAMES.feed_alarm(USE_CASE) in ringing(page.run("aws cloudwatch describe-alarms"))
    ring(local_account, NAMES.feed_alarm(USE_CASE), 0)


def test_drift(local_account: Connection, failed_run: str) -> None:
    with following(local_account, "drift", **PLACE, **{"use-case": SLUG}) as page:
        page.run("aws cloudwatch describe-alarms")
        shown = page.run("aws sagemaker list-pipeline-executions")["PipelineExecutionSummaries"]
        assert failed_run in [each["PipelineExecutionArn"] for each in shown]
        page.run("govml model retrain", more="--local", name="goh")
        page.run("govml release status", who="auditor/rao")
        page.seen("govml release", "tests/e2e/test_release.py")


def test_an_undecided_retraining(local_account: Connection) -> None:
    sqs = local_account.client("sqs")
    with following(local_account, "retraining", **PLACE) as page:
        urls = page.run("aws sqs list-queues")["QueueUrls"]
        (url,) = [each for each in urls if "DeadLetters" in each]
        sqs.send_message(QueueUrl=url, MessageBody='{"alarmName": "sandbox-dev-hdb-resale-drift"}')
        (message,) = page.run("aws sqs receive-message", url=url)["Messages"]
        assert "drift" in message["Body"]
        assert any("Decide" in name for name in page.run("aws lambda list-functions"))
        page.run("govml model retrain", more="--local", name="goh")
        page.run("aws sqs purge-queue", url=url)


def test_a_failed_delivery(local_account: Connection) -> None:
    with following(local_account, "delivery-failed", **PLACE, build="sandbox-dev-verify:1") as page:
        assert page.run("aws codepipeline list-pipeline-executions")["pipelineExecutionSummaries"] is not None
        page.run("aws codebuild list-builds-for-project")
        page.run("aws codebuild batch-get-builds")
        page.seen("govml bootstrap print", "tests/bootstrap/test_bootstrap_command.py")


def test_unpublished_dashboards(local_account: Connection) -> None:
    log = f"/aws/sagemaker/Endpoints/{ENDPOINT}"  # the sandbox has no Grafana: any log group
    with following(local_account, "grafana", **PLACE, log_group_of_the_function=log) as page:
        page.run("aws lambda")
        page.run("aws logs tail")
        page.seen("govml grafana publish", "tests/grafana/test_publishing.py")


def test_a_failed_pipeline(local_account: Connection, failed_run: str) -> None:
    local_account.client("logs").create_log_stream(logGroupName="/aws/sagemaker/ProcessingJobs", logStreamName="prep-1")
    with following(
        local_account, "pipeline-failed", **PLACE, pipeline=NAMES.pipeline(USE_CASE), arn=failed_run, job="prep"
    ) as page:
        shown = page.run("aws sagemaker list-pipeline-executions")["PipelineExecutionSummaries"]
        assert "Failed" in {each["PipelineExecutionStatus"] for each in shown}
        page.run("aws logs tail")
        page.run("aws sagemaker start-pipeline-execution")
        page.seen("govml pipeline", PIPELINE_RUN)
        page.seen("govml preflight", "tests/preflight/test_checks.py")
        page.seen("govml cost advise", "tests/cost/test_advice.py")


def test_ingestion(local_account: Connection, failed_run: str) -> None:
    raw = bucket(local_account, "raw")
    local_account.client("s3").put_object(Bucket=raw, Key=f"{SLUG}/refused.csv", Body=b"no header\n")
    with following(local_account, "ingestion", **PLACE, raw=raw) as page:
        assert f"{SLUG}/refused.csv" in [each["Key"] for each in page.run("aws s3 ls")["Contents"]]
        started = page.run("aws sagemaker start-pipeline-execution")["PipelineExecutionArn"]
        shown = page.run("aws sagemaker list-pipeline-executions")["PipelineExecutionSummaries"]
        assert started in [each["PipelineExecutionArn"] for each in shown]
        page.seen("govml data ingest", PIPELINE_RUN)
        page.seen("govml preflight", "tests/preflight/test_checks.py")
    local_account.client("s3").delete_object(Bucket=raw, Key=f"{SLUG}/refused.csv")


def test_an_undelivered_message(local_account: Connection, found: list[Resource], failed_run: str) -> None:
    sqs = local_account.client("sqs")
    with following(local_account, "undelivered-messages", **PLACE, name=NAMES.pipeline(USE_CASE)) as page:
        (url,) = page.run("aws sqs list-queues")["QueueUrls"]
        reason = {"ERROR_MESSAGE": {"DataType": "String", "StringValue": "no such pipeline"}}
        sqs.send_message(QueueUrl=url, MessageBody="{}", MessageAttributes=reason)
        (message,) = page.run("aws sqs receive-message", url=url)["Messages"]
        assert message["MessageAttributes"]["ERROR_MESSAGE"]["StringValue"] == "no such pipeline"
        page.run("aws sagemaker start-pipeline-execution")
        page.run("govml config imports")
        page.run("aws sqs purge-queue", url=url)
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert attributes["ApproximateNumberOfMessages"] == attributes["ApproximateNumberOfMessagesNotVisible"] == "0"


def test_a_broken_promise(local_account: Connection, found: list[Resource]) -> None:
    alarm = f"{NAMES.prefix}-RowsQuarantinedHdbResale"
    ring(local_account, alarm)
    with following(local_account, "service-level", **PLACE, alarm=alarm) as page:
        page.run("aws cloudwatch describe-alarms")
        history = page.run("aws cloudwatch describe-alarm-history")["AlarmHistoryItems"]
        assert any("to ALARM" in each["HistorySummary"] for each in history)
        page.seen("govml release", "tests/e2e/test_release.py")
        page.seen("govml cost advise", "tests/cost/test_advice.py")


def test_a_foundation_model(local_account: Connection) -> None:
    with following(local_account, "foundation-models", **PLACE, **DAY, model="amazon.nova-lite-v1:0") as page:
        page.run("aws cloudwatch get-metric-statistics")


def test_spending(local_account: Connection, tmp_path: Path) -> None:
    with following(local_account, "spending", **PLACE) as page:
        page.seen("govml cost advise", "tests/cost/test_advice.py")
        page.seen("govml cost", "tests/cost/test_command.py")


def test_telemetry(local_account: Connection) -> None:
    amp, log = local_account.client("amp"), f"/aws/sagemaker/Endpoints/{ENDPOINT}"
    workspace = amp.create_workspace(alias="runbook")["workspaceId"]
    amp.create_rule_groups_namespace(workspaceId=workspace, name="govml", data=b"groups: []")
    with following(local_account, "telemetry", **PLACE, log_group_of_the_function=log, id=workspace) as page:
        page.run("aws lambda")
        page.run("aws logs")
        assert page.run("aws amp")["ruleGroupsNamespace"]["name"] == "govml"
    amp.delete_workspace(workspaceId=workspace)


def test_security_events(local_account: Connection) -> None:
    with following(local_account, "security-events", **PLACE) as page:
        page.run("aws ec2")
        page.seen("govml release freeze", "tests/e2e/test_release.py")


def test_network(local_account: Connection) -> None:
    with following(local_account, "network"):
        pass


def test_every_runbook_is_followed_by_a_test() -> None:
    text = Path(__file__).read_text() + Path(__file__).with_name("test_release.py").read_text()
    for path in sorted(FOLDER.glob("*.md")):
        if path.stem != "README" and commands(path.stem):
            assert re.search(rf'following\([^)]*"{path.stem}"', text), f"{path.name} is followed by no test"


def test_what_cannot_be_run_here_is_counted() -> None:
    counted = {path.stem: len(not_local(path.stem)) for path in FOLDER.glob("*.md")}
    everything = sum(len(commands(path.stem)) for path in FOLDER.glob("*.md") if path.stem != "README")
    assert sum(counted.values()) <= 14, json.dumps(counted)
    assert everything > 50
