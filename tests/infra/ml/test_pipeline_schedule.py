"""`PipelineSchedule`: starts exactly one pipeline, and loses no start in silence."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from bench import Stand
from cfn_templates import ACCOUNT, REGION
from identities import Identity

PIPELINE = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:pipeline/bench-train"
GROUP = f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule-group/default"


@pytest.fixture
def role(bench: Mapping[str, Stand]) -> Identity:
    return Identity(bench["Schedule"].one("AWS::IAM::Role"), bench["Schedule"].all())


def test_it_starts_its_pipeline_when_the_expression_says(bench: Mapping[str, Stand]) -> None:
    schedule = bench["Schedule"].one("AWS::Scheduler::Schedule").properties
    assert (schedule["ScheduleExpression"], schedule["ScheduleExpressionTimezone"]) == ("cron(0 18 1 * ? *)", "UTC")
    assert schedule["Target"]["Arn"] == PIPELINE
    assert schedule.get("State", "ENABLED") == "ENABLED"


def test_its_role_starts_this_pipeline_and_no_other(role: Identity) -> None:
    assert role.may("sagemaker:StartPipelineExecution", PIPELINE)
    assert not role.may("sagemaker:StartPipelineExecution", f"{PIPELINE}-2")
    assert not role.may("sagemaker:UpdatePipeline", PIPELINE)


def test_its_role_is_for_schedules_of_this_account(role: Identity) -> None:
    assert role.assumed_by("scheduler.amazonaws.com", source=GROUP)
    assert not role.assumed_by("scheduler.amazonaws.com", account="9" * 12, source=GROUP)


def test_a_start_that_fails_for_an_hour_stays_in_the_queue(bench: Mapping[str, Stand], role: Identity) -> None:
    target = bench["Schedule"].one("AWS::Scheduler::Schedule").properties["Target"]
    queue = bench["DeadLetters"].one("AWS::SQS::Queue").arn
    assert target["DeadLetterConfig"] == {"Arn": queue}
    assert target["RetryPolicy"]["MaximumEventAgeInSeconds"] == 3600
    assert role.may("sqs:SendMessage", queue)
    assert role.may("kms:GenerateDataKey", bench["LogsKey"].one("AWS::KMS::Key").arn)


def test_the_schedule_is_encrypted_with_the_given_key(bench: Mapping[str, Stand]) -> None:
    schedule = bench["Schedule"].one("AWS::Scheduler::Schedule").properties
    assert schedule["KmsKeyArn"] == bench["LogsKey"].one("AWS::KMS::Key").arn
