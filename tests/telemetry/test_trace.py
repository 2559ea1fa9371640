"""`govml trace`: from the log to the span, the capture, the ledger and the training run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from click.testing import CliRunner
from moto import mock_aws

from govml.cli.trace import trace
from govml.errors import UserError
from govml.release.entry import FIRST, Entry
from govml.telemetry.trace.models import Model, Run, find_version
from govml.telemetry.trace.requests import Captured, Request, find_captured, find_requests
from govml.telemetry.trace.text import lines

ENDPOINT, BUCKET = "mini-dev-hdb-resale", "mini-artifacts"
AT = datetime(2026, 11, 28, 13, 59, 59, tzinfo=UTC)


def told(correlation: str, **more: Any) -> dict[str, Any]:
    usual = {
        "status": 200,
        "error": None,
        "rows": 1,
        "milliseconds": 1.5,
        "model_version": "abc",
        "package_version": "3",
    }
    return {"correlation_id": correlation, **usual, **more}


def span(correlation: str) -> dict[str, Any]:
    attributes = [{"key": "govml.correlation_id", "value": {"stringValue": correlation}}]
    one = {"traceId": "6741a2c3" + "a" * 24, "spanId": "b" * 16, "attributes": attributes}
    return {"resourceSpans": [{"resource": {"attributes": []}, "scopeSpans": [{"spans": [one]}]}]}


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-southeast-1")
    with mock_aws():
        yield


def written(*entries: dict[str, Any]) -> Any:
    """Write lines into the endpoint's log; return the client."""
    logs, group = boto3.client("logs"), f"/aws/sagemaker/Endpoints/{ENDPOINT}"
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="live")
    now = int(datetime.now(UTC).timestamp() * 1000)
    events = [{"timestamp": now + place, "message": json.dumps(each)} for place, each in enumerate(entries)]
    logs.put_log_events(logGroupName=group, logStreamName="live", logEvents=events)
    return logs


def since() -> datetime:
    return datetime.now(UTC) - timedelta(days=1)


@pytest.mark.usefixtures("account")
def test_a_request_is_found_with_its_span_and_no_other() -> None:
    logs = written(told("case-7"), told("case-8"), span("case-8"), span("case-7"), {"message": "case-7 as a word"})
    [found] = find_requests(logs, ENDPOINT, "case-7", since=since())
    assert found.told["correlation_id"] == "case-7"
    assert found.trace_id == "1-6741a2c3-" + "a" * 24


@pytest.mark.usefixtures("account")
def test_an_id_that_is_part_of_another_is_another() -> None:
    logs = written(told("case-71"), span("case-71"))
    assert find_requests(logs, ENDPOINT, "case-7", since=since()) == []


@pytest.mark.usefixtures("account")
def test_an_id_that_was_used_again_is_told_twice() -> None:
    logs = written(told("case-7"), told("case-7", status=503, error="overloaded", rows=0))
    assert [each.told["status"] for each in find_requests(logs, ENDPOINT, "case-7", since=since())] == [200, 503]


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize("hour", ["13", "14"])  # the file is written later than the request, perhaps in the next hour
def test_what_was_captured_is_found_by_variant_and_hour(hour: str) -> None:
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"})
    key = f"hdb-resale/capture/{ENDPOINT}/live/2026/11/28/{hour}/30-00.jsonl"
    captured = [
        {
            "captureData": {"endpointOutput": {"data": f"answer {name}"}},
            "eventMetadata": {"customAttributes": [name], "inferenceId": f"id-{name}"},
        }
        for name in ("case-71", "case-7")
    ]
    s3.put_object(Bucket=BUCKET, Key=key, Body="\n".join(map(json.dumps, captured)))
    request = Request(AT, ENDPOINT, told("case-7"))
    found = find_captured(s3, BUCKET, "hdb-resale/capture", request)
    assert found == Captured(f"s3://{BUCKET}/{key}", "answer case-7", "id-case-7")
    assert find_captured(s3, BUCKET, "hdb-resale/capture", Request(AT, ENDPOINT, told("case-9"))) is None


def entry(action: Any, version: int, at: str, **more: Any) -> Entry:
    return Entry(1, FIRST, at, action, "hdb-resale", "dev", version=version, **more)


def test_the_container_says_which_version_answered_and_else_the_ledger() -> None:
    ledger = [
        entry("deployed", 3, "2026-11-28T10:00:00Z"),
        entry("approved", 4, "2026-11-28T11:00:00Z"),
        entry("deployed", 4, "2026-11-28T14:30:00Z"),
    ]
    assert find_version(ledger, "7", AT) == 7
    assert find_version(ledger, None, AT) == 3
    assert find_version(ledger, None, AT + timedelta(hours=1)) == 4
    assert find_version([], None, AT) == 0


def test_the_tree_tells_everything_that_is_known() -> None:
    run = Run(
        "arn:aws:sagemaker:r:a:pipeline/p/execution/x", "Succeeded", "2026-11-27T02:00:00Z", "code.zip", "s3://data"
    )
    approved = entry("approved", 3, "2026-11-28T10:00:00Z", who="lim (mini-dev.approver)", why="better by 2 %")
    request = Request(AT, ENDPOINT, told("case-7"), span("case-7")["resourceSpans"][0]["scopeSpans"][0]["spans"][0])
    text = "\n".join(lines(request, Captured("s3://b/k", "[1.5]", "id-1"), Model(3, "d1", (approved,), run)))
    for part in (
        "2026-11-28 13:59:59 UTC at mini-dev-hdb-resale: status 200, 1 rows in 1.5 ms",
        "of trace 1-6741a2c3-",
        "inference id id-1",
        "answer [1.5]",
        "version 3 of the registry, archive d1",
        "approved 2026-11-28T10:00:00Z by lim (mini-dev.approver): better by 2 %",
        "trained by arn:aws:sagemaker:r:a:pipeline/p/execution/x",
        "data s3://data",
    ):
        assert part in text


def test_what_may_not_be_seen_is_said_and_the_rest_is_told() -> None:
    text = "\n".join(lines(Request(AT, ENDPOINT, told("case-7")), "GetObject: Access Denied", None))
    assert "not captured: GetObject: Access Denied" in text
    assert "no span" in text
    assert "of no release" in text


def test_an_id_that_no_container_takes_is_refused() -> None:
    result = CliRunner().invoke(trace, ["case 7\n"])
    assert isinstance(result.exception, UserError)
    assert "no correlation id" in str(result.exception)


def test_a_huge_id_is_not_printed_whole() -> None:
    result = CliRunner().invoke(trace, ["a" * 5000])
    assert isinstance(result.exception, UserError)
    assert len(str(result.exception)) < 250
