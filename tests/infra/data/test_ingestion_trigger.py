"""`IngestionTrigger`: only files of known sources become events, none is dropped, and only their pipelines are started."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from bench import SOURCE_SLUG, Stand
from cfn_templates import ACCOUNT, REGION, Resource
from identities import Identity

PIPELINE = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:pipeline/bench-dev-ingest-resale-prices"


@pytest.fixture
def trigger(bench: Mapping[str, Stand]) -> Stand:
    return bench["Trigger"]


@pytest.fixture
def queue(trigger: Stand) -> Resource:
    (found,) = [each for each in trigger.all("AWS::SQS::Queue") if "/DeadLetters/" not in each.path]
    return found


@pytest.fixture
def dead_letters(trigger: Stand) -> Resource:
    (found,) = [each for each in trigger.all("AWS::SQS::Queue") if "/DeadLetters/" in each.path]
    return found


@pytest.fixture
def role(trigger: Stand) -> Identity:
    return Identity(trigger.one("AWS::IAM::Role"), trigger.template.all())


@pytest.fixture
def mapping(trigger: Stand) -> dict[str, Any]:
    return trigger.one("AWS::Lambda::EventSourceMapping").properties


def test_only_csv_files_of_known_sources_become_events(bench: Mapping[str, Stand], trigger: Stand) -> None:
    pattern = trigger.one("AWS::Events::Rule").properties["EventPattern"]
    assert (pattern["source"], pattern["detail-type"]) == (["aws.s3"], ["Object Created"])
    assert pattern["detail"]["bucket"]["name"] == [bench["Bucket"].one("AWS::S3::Bucket").name]
    assert pattern["detail"]["object"]["key"] == [
        {"wildcard": f"{SOURCE_SLUG}/*.csv"},
        {"wildcard": f"{SOURCE_SLUG}/*.csv.gz"},
    ]


def test_only_the_rule_puts_events_into_the_queue(trigger: Stand, queue: Resource) -> None:
    rule = trigger.one("AWS::Events::Rule")
    assert [each["Arn"] for each in rule.properties["Targets"]] == [queue.arn]
    policies = [each.properties for each in trigger.all("AWS::SQS::QueuePolicy")]
    (own,) = [each for each in policies if "AllowSendByRule" in str(each)]
    (allow,) = [each for each in own["PolicyDocument"]["Statement"] if each["Effect"] == "Allow"]
    assert allow["Principal"] == {"Service": "events.amazonaws.com"}
    assert allow["Condition"] == {
        "StringEquals": {"aws:SourceAccount": ACCOUNT},
        "ArnEquals": {"aws:SourceArn": [rule.arn]},
    }


def test_both_queues_are_encrypted_with_the_given_key(
    bench: Mapping[str, Stand], queue: Resource, dead_letters: Resource
) -> None:
    key = bench["LogsKey"].one("AWS::KMS::Key").arn
    assert queue.properties["KmsMasterKeyId"] == dead_letters.properties["KmsMasterKeyId"] == key


def test_an_event_waits_for_days_before_it_is_laid_aside(queue: Resource, dead_letters: Resource) -> None:
    redrive, again = queue.properties["RedrivePolicy"], queue.properties["VisibilityTimeout"]
    assert redrive["deadLetterTargetArn"] == dead_letters.arn
    assert redrive["maxReceiveCount"] * again > 3 * 86_400
    kept = {each.properties["MessageRetentionPeriod"] for each in (queue, dead_letters)}
    assert kept == {14 * 86_400}
    assert redrive["maxReceiveCount"] * again < min(kept)


def test_a_message_is_hidden_as_long_as_lambda_asks_for(
    trigger: Stand, queue: Resource, mapping: dict[str, Any]
) -> None:
    timeout = trigger.one("AWS::Lambda::Function").properties["Timeout"]
    assert queue.properties["VisibilityTimeout"] >= 6 * timeout + mapping["MaximumBatchingWindowInSeconds"]


def test_events_of_a_while_are_handled_together_and_one_by_one_given_back(
    trigger: Stand, queue: Resource, mapping: dict[str, Any]
) -> None:
    assert mapping["EventSourceArn"] == queue.arn
    assert 0 < mapping["MaximumBatchingWindowInSeconds"] <= 300
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    function = trigger.one("AWS::Lambda::Function").properties
    reserved = function["ReservedConcurrentExecutions"]
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": reserved}, (
        "a message that finds no instance is thrown back"
    )


def test_the_function_knows_its_pipelines(bench: Mapping[str, Stand], trigger: Stand, dead_letters: Resource) -> None:
    variables = trigger.one("AWS::Lambda::Function").properties["Environment"]["Variables"]
    assert json.loads(variables["PIPELINES"]) == {SOURCE_SLUG: PIPELINE}
    assert variables["RAW_BUCKET"] == bench["Bucket"].one("AWS::S3::Bucket").name
    assert variables["DEAD_LETTERS"] == dead_letters.name


def test_the_function_may_start_exactly_these_pipelines(role: Identity) -> None:
    for action in ("sagemaker:StartPipelineExecution", "sagemaker:ListPipelineExecutions"):
        assert role.may(action, PIPELINE)
        assert not role.may(action, f"{PIPELINE}-2")
    assert not role.may("sagemaker:StopPipelineExecution", PIPELINE)
    assert not role.may("sagemaker:UpdatePipeline", PIPELINE)


def test_the_function_takes_from_one_queue_and_lays_into_the_other(
    role: Identity, queue: Resource, dead_letters: Resource
) -> None:
    assert role.may("sqs:ReceiveMessage", queue.arn)
    assert role.may("sqs:DeleteMessage", queue.arn)
    assert role.may("sqs:SendMessage", dead_letters.arn)
    assert not role.may("sqs:SendMessage", queue.arn)
    assert not role.may("sqs:ReceiveMessage", dead_letters.arn)


def test_the_function_reads_no_data(bench: Mapping[str, Stand], role: Identity) -> None:
    bucket = bench["Bucket"].one("AWS::S3::Bucket").arn
    assert not role.may("s3:GetObject", f"{bucket}/{SOURCE_SLUG}/a.csv")
    assert not role.may("s3:ListBucket", bucket, {"s3:prefix": SOURCE_SLUG})


def test_what_it_cannot_handle_is_told_to_the_topic(bench: Mapping[str, Stand], trigger: Stand) -> None:
    function = trigger.one("AWS::Lambda::Function").properties
    assert function["DeadLetterConfig"] == {"TargetArn": bench["Alerts"].one("AWS::SNS::Topic").arn}
    assert function["KmsKeyArn"] == bench["LogsKey"].one("AWS::KMS::Key").arn
