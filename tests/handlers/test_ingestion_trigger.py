"""The trigger's handler, against an account in memory: whatever comes, each delivered file has a start after it."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from moto import mock_aws

RUNTIME = Path(__file__).resolve().parents[2] / "constructs" / "govml_constructs" / "ingestion_trigger" / "runtime"
BUCKET = "raw-zone"
PIPELINE = "arn:aws:sagemaker:ap-southeast-1:123456789012:pipeline/mini-dev-ingest-{}"
SOURCES = ("hdb-resale", "rainfall")
KEYS = {"a": "hdb-resale/2026-01.csv", "b": "hdb-resale/complete/2026-02.csv.gz", "c": "rainfall/day.csv"}


class FakePipelines:
    """SageMaker as the handler sees it: executions of each pipeline, with the answers that a test has put in."""

    def __init__(self) -> None:
        self.executions: dict[str, list[str]] = {}
        self.tokens: dict[tuple[str, str], str] = {}
        self.errors: list[Exception] = []

    def list_pipeline_executions(self, **request: Any) -> dict[str, Any]:
        assert (request["SortBy"], request["SortOrder"]) == ("CreationTime", "Descending")
        if self.errors:
            raise self.errors.pop(0)
        statuses = reversed(self.executions.get(request["PipelineName"], []))
        return {"PipelineExecutionSummaries": [{"PipelineExecutionStatus": each} for each in statuses]}

    def start_pipeline_execution(self, **request: str) -> dict[str, str]:
        name, token = request["PipelineName"], request["ClientRequestToken"]
        assert 32 <= len(token) <= 128
        assert token.isalnum()
        if self.errors:
            raise self.errors.pop(0)
        if (name, token) not in self.tokens:
            self.executions.setdefault(name, []).append("Executing")
            self.tokens[name, token] = f"{name}/execution/{len(self.executions[name])}"
        return {"PipelineExecutionArn": self.tokens[name, token]}

    def finish(self, status: str = "Succeeded") -> None:
        for name, statuses in self.executions.items():
            self.executions[name] = [status for _ in statuses]


@pytest.fixture
def pipelines() -> FakePipelines:
    return FakePipelines()


@pytest.fixture
def dead_letters() -> Iterator[Any]:
    """The dead-letter queue: `(client, url)`."""
    with mock_aws():
        client = boto3.client("sqs", region_name="ap-southeast-1")
        yield client, client.create_queue(QueueName="aside")["QueueUrl"]


@pytest.fixture
def handler(monkeypatch: pytest.MonkeyPatch, pipelines: FakePipelines, dead_letters: Any) -> Iterator[Any]:
    """The module as a cold start loads it."""
    names = [path.stem for path in RUNTIME.glob("*.py")]
    monkeypatch.syspath_prepend(str(RUNTIME))
    for name in names:
        sys.modules.pop(name, None)
    monkeypatch.setenv("RAW_BUCKET", BUCKET)
    monkeypatch.setenv("PIPELINES", json.dumps({each: PIPELINE.format(each) for each in SOURCES}))
    monkeypatch.setenv("DEAD_LETTERS", dead_letters[1])
    import handler

    monkeypatch.setattr(handler, "_client", {"sagemaker": pipelines, "sqs": dead_letters[0]}.__getitem__)
    yield handler
    for name in names:
        sys.modules.pop(name, None)


def event(key: str, bucket: str = BUCKET) -> str:
    return json.dumps(
        {
            "source": "aws.s3",
            "detail-type": "Object Created",
            "detail": {"bucket": {"name": bucket}, "object": {"key": key, "size": 1}, "reason": "PutObject"},
        }
    )


def batch(*messages: tuple[str, str]) -> dict[str, Any]:
    return {"Records": [{"messageId": name, "body": body} for name, body in messages]}


def failures(answer: dict[str, Any]) -> list[str]:
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


def aside(dead_letters: Any) -> list[tuple[str, str]]:
    client, url = dead_letters
    found = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
    return [(each["Body"], each["MessageAttributes"]["Reason"]["StringValue"]) for each in found.get("Messages", [])]


def test_files_of_one_source_start_its_pipeline_once(handler: Any, pipelines: FakePipelines) -> None:
    answer = handler.handle(batch(("1", event(KEYS["a"])), ("2", event(KEYS["b"]))), None)
    assert failures(answer) == []
    assert pipelines.executions == {PIPELINE.format("hdb-resale"): ["Executing"]}


def test_each_source_is_started_by_itself(handler: Any, pipelines: FakePipelines) -> None:
    pipelines.executions[PIPELINE.format("rainfall")] = ["Executing"]
    answer = handler.handle(batch(("1", event(KEYS["a"])), ("2", event(KEYS["c"]))), None)
    assert failures(answer) == ["2"]
    assert pipelines.executions[PIPELINE.format("hdb-resale")] == ["Executing"]


@pytest.mark.parametrize("status", ["Executing", "Stopping"])
def test_while_the_pipeline_runs_events_are_seen_again(handler: Any, pipelines: FakePipelines, status: str) -> None:
    pipelines.executions[PIPELINE.format("hdb-resale")] = [status]
    assert failures(handler.handle(batch(("1", event(KEYS["a"]))), None)) == ["1"]
    pipelines.finish()
    assert failures(handler.handle(batch(("1", event(KEYS["a"]))), None)) == []
    assert pipelines.executions[PIPELINE.format("hdb-resale")][-1] == "Executing"


@pytest.mark.parametrize("status", ["Succeeded", "Failed", "Stopped"])
def test_a_finished_run_is_no_reason_to_wait(handler: Any, pipelines: FakePipelines, status: str) -> None:
    pipelines.executions[PIPELINE.format("hdb-resale")] = [status]
    assert failures(handler.handle(batch(("1", event(KEYS["a"]))), None)) == []
    assert pipelines.executions[PIPELINE.format("hdb-resale")] == [status, "Executing"]


@pytest.mark.parametrize(
    "order", [order for length in range(1, 5) for order in itertools.product("abc", repeat=length)], ids="".join
)
def test_in_any_order_and_however_often_every_file_has_a_start_after_it(
    handler: Any, pipelines: FakePipelines, order: tuple[str, ...]
) -> None:
    """Deliver the events one by one, a run ending after every second; what goes back comes again, until nothing does.

    Each message stands for a file that is there when its event comes; a start takes in all files there are.
    """
    waiting = [(f"{number}-{name}", name) for number, name in enumerate(order)]
    there: set[str] = set()
    taken: set[str] = set()
    for turn in range(50):
        if not waiting:
            break
        message, name = waiting.pop(0)
        there.add(message)
        before = {key: len(value) for key, value in pipelines.executions.items()}
        if failures(handler.handle(batch((message, event(KEYS[name]))), None)):
            waiting.append((message, name))
        for key, statuses in pipelines.executions.items():
            if len(statuses) > before.get(key, 0):
                taken |= {each for each in there if PIPELINE.format(KEYS[each[-1]].split("/")[0]) == key}
        if turn % 2:
            pipelines.finish()
    assert not waiting
    assert taken == there == {f"{number}-{name}" for number, name in enumerate(order)}


@pytest.mark.parametrize("order", list(itertools.permutations("abcc")), ids="".join)
def test_a_batch_starts_the_same_in_any_order(handler: Any, pipelines: FakePipelines, order: tuple[str, ...]) -> None:
    messages = [(name, event(KEYS[name])) for name in order]
    assert failures(handler.handle(batch(*messages), None)) == []
    tokens = set(pipelines.tokens)
    pipelines.finish()
    assert failures(handler.handle(batch(*reversed(messages)), None)) == []  # delivered again, as a whole
    assert set(pipelines.tokens) == tokens
    assert all(len(statuses) == 1 for statuses in pipelines.executions.values())


STRANGE = {
    "no JSON": "{",
    "no event": "[]",
    "a number": "7",
    "no detail": "{}",
    "no object": json.dumps({"detail": {"bucket": {"name": BUCKET}}}),
    "key of another kind": json.dumps({"detail": {"bucket": {"name": BUCKET}, "object": {"key": 7}}}),
    "another bucket": event(KEYS["a"], "other"),
    "no prefix": event("data.csv"),
    "no CSV file": event("hdb-resale/readme.txt"),
    "unknown source": event("parking/1.csv"),
    "a source's neighbour": event("hdb-resale-2/1.csv"),
    "empty": "",
    "deep": "[" * 100_000,
}


@pytest.mark.parametrize("kind", STRANGE)
def test_a_strange_message_is_laid_aside_and_holds_up_nothing(
    handler: Any, pipelines: FakePipelines, dead_letters: Any, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = handler.handle(batch(("1", STRANGE[kind]), ("2", event(KEYS["a"]))), None)
    assert failures(answer) == []
    assert pipelines.executions == {PIPELINE.format("hdb-resale"): ["Executing"]}
    ((body, reason),) = aside(dead_letters)
    assert body == (STRANGE[kind] or "-")
    assert reason in caplog.text


def test_what_cannot_be_laid_aside_comes_again(handler: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEAD_LETTERS", "https://sqs.ap-southeast-1.amazonaws.com/123456789012/nowhere")
    assert failures(handler.handle(batch(("1", "{")), None)) == ["1"]


def throttled(operation: str) -> ClientError:
    return ClientError({"Error": {"Code": "ThrottlingException", "Message": "Rate exceeded"}}, operation)


@pytest.mark.parametrize(
    "error",
    [
        throttled("ListPipelineExecutions"),
        ClientError({"Error": {"Code": "ResourceNotFound", "Message": "no pipeline"}}, "StartPipelineExecution"),
        EndpointConnectionError(endpoint_url="https://api.sagemaker"),
    ],
    ids=["throttled", "no pipeline", "no connection"],
)
def test_a_failing_api_loses_no_event(
    handler: Any, pipelines: FakePipelines, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    pipelines.errors = [error]
    messages = batch(("1", event(KEYS["a"])), ("2", event(KEYS["c"])))
    assert failures(handler.handle(messages, None)) == ["1"]  # the other source is started all the same
    assert "not started" in caplog.text
    assert failures(handler.handle(batch(("1", event(KEYS["a"]))), None)) == []
    assert pipelines.executions[PIPELINE.format("hdb-resale")] == ["Executing"]


def test_a_start_whose_answer_was_lost_is_not_made_twice(
    handler: Any, pipelines: FakePipelines, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = pipelines.start_pipeline_execution

    def lost(**request: Any) -> dict[str, str]:
        real(**request)
        raise EndpointConnectionError(endpoint_url="https://api.sagemaker")

    monkeypatch.setattr(pipelines, "start_pipeline_execution", lost)
    assert failures(handler.handle(batch(("1", event(KEYS["a"]))), None)) == ["1"]
    monkeypatch.setattr(pipelines, "start_pipeline_execution", real)
    pipelines.finish()
    assert failures(handler.handle(batch(("1", event(KEYS["a"]))), None)) == []
    assert pipelines.executions == {PIPELINE.format("hdb-resale"): ["Succeeded"]}


def test_the_calls_are_those_of_the_service(handler: Any, dead_letters: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against moto's SageMaker: botocore refuses a wrong request, and a run is seen as running."""
    client = boto3.client("sagemaker", region_name="ap-southeast-1")
    client.create_pipeline(
        PipelineName="mini-dev-ingest-hdb-resale",
        PipelineDefinition="{}",
        RoleArn="arn:aws:iam::123456789012:role/pipeline-role",
        ClientRequestToken="0" * 32,
    )
    monkeypatch.setattr(handler, "_client", {"sagemaker": client, "sqs": dead_letters[0]}.__getitem__)
    monkeypatch.setenv("PIPELINES", json.dumps({"hdb-resale": "mini-dev-ingest-hdb-resale"}))  # moto knows no ARN here
    assert failures(handler.handle(batch(("1", event(KEYS["a"]))), None)) == []
    executions = client.list_pipeline_executions(PipelineName="mini-dev-ingest-hdb-resale")[
        "PipelineExecutionSummaries"
    ]
    assert len(executions) == 1


def test_a_cold_start_makes_clients_that_give_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Callable[[], Any]] = []
    monkeypatch.syspath_prepend(str(RUNTIME))
    for name in ("handler", "delivered_file"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr(boto3, "client", lambda service, config: made.append(config) or service)
    import handler

    assert handler._client("sqs") == "sqs"
    (config,) = made
    assert config.read_timeout * config.retries["total_max_attempts"] < 120  # the function's own time
    for name in ("handler", "delivered_file"):
        sys.modules.pop(name, None)
