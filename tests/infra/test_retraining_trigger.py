"""`RetrainingTrigger`: only drift alarms get in by the rule, nothing is dropped, only these pipelines are started."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from bench import Stand
from cfn_templates import ACCOUNT, REGION
from identities import Identity

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
    pattern = trigger.one("AWS::Events::Rule").properties["EventPattern"]
    assert pattern["source"] == ["aws.cloudwatch"]
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


def test_of_data_it_sees_only_whether_there_is_any(role: Identity, bench: Mapping[str, Stand]) -> None:
    bucket = f"arn:aws:s3:::{bench['Bucket'].one('AWS::S3::Bucket').name}"
    seen = ("resale-prices/released/ab12/baseline.json", "resale-prices/monitoring/state/")
    for prefix in (*seen, "resale-prices/capture/bench-dev-resale-prices/"):
        assert role.may("s3:ListBucket", bucket, {"s3:prefix": prefix})
    for prefix in ("", "resale-prices/", "resale-prices/runs/", "other/monitoring/state/"):
        assert not role.may("s3:ListBucket", bucket, {"s3:prefix": prefix})
    assert not role.may("s3:GetObject", f"{bucket}/{seen[0]}")


def test_it_sees_what_is_live_and_changes_nothing(role: Identity) -> None:
    assert role.may("ssm:GetParameter", LIVE)
    assert not role.may("ssm:PutParameter", LIVE)
    assert not role.may("ssm:GetParameter", LIVE.replace("resale-prices", "other"))
    assert role.may("cloudwatch:DescribeAlarms", ALARM)
    assert not role.may("cloudwatch:SetAlarmState", ALARM)
