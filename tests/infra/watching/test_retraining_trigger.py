"""`RetrainingTrigger`: only drift alarms get in by the rule, nothing is dropped, only these pipelines are started."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from aws_cdk import Aws
from bench import Stand
from cfn_templates import ACCOUNT, REGION
from identities import Identity

from govml_constructs.retraining.construct import RUNTIME, _table
from govml_constructs.retraining.watched import WatchedUseCase

PIPELINE = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:pipeline/bench-dev-resale-prices"
LIVE = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/govml/bench/dev/serving/resale-prices/live-model"
ALARM = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:bench-dev-resale-prices-feed"


@pytest.fixture
def trigger(bench: Mapping[str, Stand]) -> Stand:
    return bench["Retraining"]


@pytest.fixture
def role(trigger: Stand) -> Identity:
    return Identity(trigger.one("AWS::IAM::Role"), trigger.template.all())


def test_only_drift_that_begins_becomes_a_request(trigger: Stand) -> None:
    [pattern] = [
        rule.properties["EventPattern"]
        for rule in trigger.all("AWS::Events::Rule")
        if rule.properties["EventPattern"]["source"] == ["aws.cloudwatch"]
    ]
    assert pattern["detail"] == {"alarmName": ["bench-dev-resale-prices-drift"], "state": {"value": ["ALARM"]}}


def test_nothing_is_dropped(trigger: Stand) -> None:
    [queue] = [each for each in trigger.all("AWS::SQS::Queue") if "/DeadLetters/" not in each.path]
    assert queue.properties["RedrivePolicy"]["maxReceiveCount"] == 32
    assert queue.properties["KmsMasterKeyId"]
    assert trigger.one("AWS::Lambda::EventSourceMapping").properties["FunctionResponseTypes"] == [
        "ReportBatchItemFailures"
    ]


def test_requests_are_decided_one_batch_at_a_time(trigger: Stand) -> None:
    assert trigger.one("AWS::Lambda::Function").properties["ReservedConcurrentExecutions"] == 1


def test_it_starts_its_pipelines_and_no_other(role: Identity) -> None:
    assert role.may("sagemaker:StartPipelineExecution", PIPELINE)
    assert role.may("sagemaker:StartPipelineExecution", PIPELINE.replace("bench-dev-", "bench-dev-monitor-"))
    assert not role.may("sagemaker:StartPipelineExecution", f"{PIPELINE}-features")
    assert not role.may("sagemaker:UpdatePipeline", PIPELINE)
    assert not role.may("sagemaker:StopPipelineExecution", PIPELINE)


def test_looks_that_have_ended_well_are_heard_of_and_those_of_its_pipelines_alone(trigger: Stand) -> None:
    [detail] = [
        rule.properties["EventPattern"]["detail"]
        for rule in trigger.all("AWS::Events::Rule")
        if rule.properties["EventPattern"]["detail-type"]
        == ["SageMaker Model Building Pipeline Execution Status Change"]
    ]
    assert detail["currentPipelineExecutionStatus"] == ["Succeeded"]
    assert [str(arn).rpartition("pipeline/")[2].strip("'\"]}") for arn in detail["pipelineArn"]] == [
        "bench-dev-monitor-resale-prices"
    ]


def test_of_model_monitor_only_violations_of_its_own_schedules_are_heard_of(trigger: Stand) -> None:
    [detail] = [
        rule.properties["EventPattern"]["detail"]
        for rule in trigger.all("AWS::Events::Rule")
        if rule.properties["EventPattern"]["detail-type"] == ["SageMaker Processing Job State Change"]
    ]
    assert detail["ExitMessage"] == [{"prefix": "CompletedWithViolations"}]
    assert detail["ProcessingJobStatus"] == ["Completed"]
    assert [
        str(arn).rpartition("monitoring-schedule/")[2].strip("'\"]}") for arn in detail["MonitoringScheduleArn"]
    ] == ["bench-dev-quality-resale-prices"]


def test_of_captured_data_it_sees_only_names(role: Identity, bench: Mapping[str, Stand]) -> None:
    bucket = f"arn:aws:s3:::{bench['Bucket'].one('AWS::S3::Bucket').name}"
    captured = "resale-prices/capture/bench-dev-resale-prices/"
    seen = ("resale-prices/released/ab12/baseline.json", "resale-prices/monitoring/state/", "resale-prices/feedback/")
    for prefix in (*seen, captured, f"{captured}live/"):
        assert role.may("s3:ListBucket", bucket, {"s3:prefix": prefix})
    for prefix in ("", "resale-prices/", "resale-prices/runs/", "other/monitoring/state/", "other/feedback/"):
        assert not role.may("s3:ListBucket", bucket, {"s3:prefix": prefix})
    for name in (seen[0], f"{captured}live/2026/11/28/09/1.jsonl", "resale-prices/feedback/2026/11/28/1.jsonl"):
        assert not role.may("s3:GetObject", f"{bucket}/{name}")
    assert not role.may("s3:GetObject", f"{bucket}/resale-prices/monitoring/state/state.json")


def test_it_passes_findings_on_and_writes_nothing_else(role: Identity, bench: Mapping[str, Stand]) -> None:
    bucket = f"arn:aws:s3:::{bench['Bucket'].one('AWS::S3::Bucket').name}"
    evidence = f"arn:aws:s3:::{bench['Evidence'].one('AWS::S3::Bucket').name}"
    own = f"{bucket}/resale-prices/monitoring"
    for name in ("state/next.json", "evidence/findings.json", "evidence/report.html"):
        assert role.may("s3:GetObject", f"{own}/{name}")
        assert not role.may("s3:PutObject", f"{own}/{name}")
    assert role.may("s3:PutObject", f"{own}/needed/capture.manifest")
    for name in ("findings.json", "report.html"):
        assert role.may("s3:PutObject", f"{evidence}/monitoring/resale-prices/{name}")
    for name in ("ledger/resale-prices/1.json", "monitoring/other/findings.json", "monitoring/resale-prices/x.json"):
        assert not role.may("s3:PutObject", f"{evidence}/{name}")
    assert not role.may("s3:DeleteObjectVersion", f"{evidence}/monitoring/resale-prices/findings.json")


def test_it_sees_what_is_live_and_changes_nothing(role: Identity) -> None:
    assert role.may("ssm:GetParameter", LIVE)
    assert not role.may("ssm:PutParameter", LIVE)
    assert not role.may("ssm:GetParameter", LIVE.replace("resale-prices", "other"))
    assert role.may("cloudwatch:DescribeAlarms", ALARM)
    assert not role.may("cloudwatch:SetAlarmState", ALARM)


def test_what_is_watched_stands_beside_the_code_and_not_in_its_variables(trigger: Stand, bench_folder: Path) -> None:
    variables = trigger.one("AWS::Lambda::Function").properties["Environment"]["Variables"]
    assert variables.keys() == {"PREFIX", "USE_CASES", "ARTIFACTS", "ALERTS", "EVIDENCE"}
    [archive] = (bench_folder / "retraining").iterdir()
    with zipfile.ZipFile(archive) as files:
        table = json.loads(files.read(variables["USE_CASES"]))
        assert set(files.namelist()) == {*(path.name for path in RUNTIME.glob("*.py")), variables["USE_CASES"]}
    assert table == {
        "resale-prices": {
            "slug": "resale-prices",
            "pipeline": "bench-dev-resale-prices",
            "drift_alarm": "bench-dev-resale-prices-drift",
            "feed_alarm": "bench-dev-resale-prices-feed",
            "mode": "automatic",
            "cool_down_days": 14,
            "live_model": "/govml/bench/dev/serving/resale-prices/live-model",
            "monitor": "bench-dev-monitor-resale-prices",
            "endpoint": "bench-dev-resale-prices",
            "quality_schedule": "bench-dev-quality-resale-prices",
        }
    }


def test_a_fact_that_only_a_deployment_knows_is_refused() -> None:
    facts = dict.fromkeys(
        ("slug", "pipeline", "drift_alarm", "feed_alarm", "mode", "live_model", "monitor", "data"), "x"
    )
    case = WatchedUseCase(**facts, cool_down_days=1, endpoint=f"of-{Aws.STACK_NAME}")
    with pytest.raises(ValueError, match="known at deployment only"):
        _table({"x": case})
