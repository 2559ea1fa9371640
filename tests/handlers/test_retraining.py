"""The retraining handler, against an account in memory: at most one start for what asks, and the loop ends where it should."""

from __future__ import annotations

import base64
import hashlib
import io
import itertools
import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from hypothesis import given
from hypothesis import strategies as st

RUNTIME = Path(__file__).resolve().parents[2] / "constructs" / "govml_constructs" / "retraining" / "runtime"
MODULES = (
    "handler",
    "kept_findings",
    "live_champion",
    "model_look",
    "needed_files",
    "retraining_decision",
    "retraining_request",
)
NOW = datetime.now(UTC)
LIVE = "s3://artifacts/hdb-resale/released/ab12/model.tar.gz"


class FakeAccount:
    """SageMaker, CloudWatch, Systems Manager and SNS as the handler sees them."""

    def __init__(self) -> None:
        self.runs: list[dict[str, Any]] = []
        self.looks: list[dict[str, Any]] = []
        self.objects: list[str] = []
        self.writes: list[str] = []
        self.written: dict[str, bytes] = {}
        self.tokens: dict[str, str] = {}
        self.feed = "OK"
        self.live: str | None = LIVE
        self.told: list[str] = []
        self.errors: list[Exception] = []

    def _fail(self) -> None:
        if self.errors:
            raise self.errors.pop(0)

    def list_pipeline_executions(self, **request: Any) -> dict[str, Any]:
        assert request["SortOrder"] == "Descending"
        self._fail()
        return {"PipelineExecutionSummaries": list(reversed(self._of(request["PipelineName"])))}

    def _of(self, pipeline: str) -> list[dict[str, Any]]:
        return {"mini-dev-hdb-resale": self.runs, "mini-dev-monitor-hdb-resale": self.looks}[pipeline]

    def list_objects_v2(self, **request: Any) -> dict[str, Any]:
        assert request["Bucket"] == "artifacts"
        self._fail()
        found = [{"Key": key} for key in self.objects if key.startswith(request["Prefix"])]
        return {"Contents": found[: request["MaxKeys"]]} if found else {}

    def get_paginator(self, operation: str) -> FakeAccount:
        assert operation == "list_objects_v2"
        return self

    def paginate(self, **request: Any) -> list[dict[str, Any]]:
        """Two objects a page, as S3 lists them."""
        prefix, after = request["Prefix"], request.get("StartAfter", "")
        keys = sorted(key for key in self.objects if key.startswith(prefix) and key > after)
        if "Delimiter" in request:
            folders = dict.fromkeys(prefix + key.removeprefix(prefix).partition("/")[0] + "/" for key in keys)
            return [{"CommonPrefixes": [{"Prefix": folder} for folder in folders]}]
        return [
            {"Contents": [{"Key": key} for key in keys[start : start + 2]]} for start in range(0, len(keys), 2)
        ] or [{}]

    def get_object(self, **request: Any) -> dict[str, Any]:
        self._fail()
        key = request["Key"]
        if key not in self.written:
            raise ClientError({"Error": {"Code": "NoSuchKey", "Message": "none"}}, "GetObject")
        return {"Body": io.BytesIO(self.written[key])}

    def head_object(self, **request: Any) -> dict[str, Any]:
        content = self.written.get(f"{request['Bucket']}/{request['Key']}")
        if content is None:
            raise ClientError({"Error": {"Code": "403", "Message": "Forbidden"}}, "HeadObject")
        return {"ChecksumSHA256": base64.b64encode(hashlib.sha256(content).digest()).decode()}

    def put_object(self, **request: Any) -> None:
        self._fail()
        assert request["ChecksumAlgorithm"] == "SHA256"
        self.written[f"{request['Bucket']}/{request['Key']}"] = request["Body"]
        self.writes.append(request["Key"])

    def start_pipeline_execution(self, **request: Any) -> dict[str, str]:
        self._fail()
        token = request["ClientRequestToken"]
        assert 32 <= len(token) <= 128
        if token not in self.tokens:
            self.tokens[token] = f"arn:run/{len(self.tokens)}"
            self.add(
                request["PipelineExecutionDisplayName"],
                parameters=request["PipelineParameters"],
                pipeline=request["PipelineName"],
            )
        return {"PipelineExecutionArn": self.tokens[token]}

    def add(
        self,
        name: str,
        status: str = "Executing",
        *,
        days_ago: float = 0,
        parameters: Any = None,
        pipeline: str = "mini-dev-hdb-resale",
    ) -> None:
        run = {"PipelineExecutionDisplayName": name, "PipelineExecutionStatus": status, "PipelineExecutionArn": "arn:x"}
        self._of(pipeline).append({**run, "StartTime": NOW - timedelta(days=days_ago), "parameters": parameters})

    def describe_alarms(self, **request: Any) -> dict[str, Any]:
        assert request["AlarmNames"] == ["mini-dev-hdb-resale-feed"]
        return {"MetricAlarms": [{"StateValue": self.feed}] if self.feed else []}

    def get_parameter(self, **request: Any) -> dict[str, Any]:
        assert request["Name"] == "/govml/mini/dev/serving/hdb-resale/live-model"
        if self.live is None:
            raise ClientError({"Error": {"Code": "ParameterNotFound", "Message": "none"}}, "GetParameter")
        return {"Parameter": {"Value": self.live}}

    def publish(self, **request: Any) -> None:
        assert len(request["Subject"]) <= 100
        self.told.append(request["Message"])


@pytest.fixture
def account() -> FakeAccount:
    return FakeAccount()


@pytest.fixture
def handler(monkeypatch: pytest.MonkeyPatch, account: FakeAccount) -> Iterator[Any]:
    """The module as a cold start loads it."""
    monkeypatch.syspath_prepend(str(RUNTIME))
    for name in MODULES:
        sys.modules.pop(name, None)
    import handler as module  # type: ignore[import-not-found]

    monkeypatch.setenv("PREFIX", "mini-dev")
    monkeypatch.setenv("ALERTS", "arn:topic")
    monkeypatch.setenv("EVIDENCE", "evidence")
    mode(monkeypatch, "automatic")
    monkeypatch.setattr(module, "_client", lambda _service: account)
    yield module
    for name in MODULES:
        sys.modules.pop(name, None)


def mode(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    case = {"pipeline": "mini-dev-hdb-resale", "drift_alarm": "mini-dev-hdb-resale-drift", "cool_down_days": 14}
    case |= {"feed_alarm": "mini-dev-hdb-resale-feed", "live_model": "/govml/mini/dev/serving/hdb-resale/live-model"}
    case |= {"monitor": "mini-dev-monitor-hdb-resale", "data": "s3://artifacts/hdb-resale"}
    case |= {"endpoint": "mini-dev-hdb-resale"}
    monkeypatch.setenv("USE_CASES", json.dumps({"hdb-resale": {**case, "mode": name}}))


def drift(
    moment: str = "2026-11-28T01:00:00Z", *, value: str = "ALARM", alarm: str = "mini-dev-hdb-resale-drift"
) -> str:
    detail = {"alarmName": alarm, "state": {"value": value, "timestamp": moment}}
    return json.dumps({"source": "aws.cloudwatch", "detail-type": "CloudWatch Alarm State Change", "detail": detail})


def asked(why: str, moment: str = "2026-11-28T01:00:00Z", **more: str) -> str:
    return json.dumps({"retrain": "hdb-resale", "why": why, "moment": moment, **more})


def send(handler: Any, *bodies: str) -> list[str]:
    """Return the numbers of the messages that are to be seen again."""
    records = [{"messageId": str(number), "body": body} for number, body in enumerate(bodies)]
    answer = handler.handle({"Records": records}, None)
    return [item["itemIdentifier"] for item in answer["batchItemFailures"]]


RELEASED = "hdb-resale/released/ab12/"
LOOK = json.dumps({"look": "hdb-resale", "moment": "2026-11-28T20:00:00Z"})


def test_a_look_is_told_where_everything_is(handler: Any, account: FakeAccount) -> None:
    account.objects = [
        RELEASED + "baseline.json",
        "hdb-resale/capture/mini-dev-hdb-resale/live/2026/11/28/09/1.jsonl",
        "hdb-resale/monitoring/state/state.json",
    ]
    assert send(handler, LOOK, LOOK) == []
    [look] = account.looks
    assert {each["Name"]: each["Value"] for each in look["parameters"]} == {
        "ModelUri": "s3://artifacts/" + RELEASED,
        "BaselineUri": "s3://artifacts/" + RELEASED + "baseline.json",
        "CaptureUri": "s3://artifacts/hdb-resale/monitoring/needed/capture.manifest",
        "CaptureType": "ManifestFile",
        "StateUri": "s3://artifacts/hdb-resale/monitoring/state/",
    }
    assert account.runs == []
    assert needed(account, "capture") == [
        {"prefix": "s3://artifacts/hdb-resale/capture/mini-dev-hdb-resale/"},
        "live/2026/11/28/09/1.jsonl",
    ]


def needed(account: FakeAccount, what: str) -> list[Any]:
    found: list[Any] = json.loads(account.written[f"artifacts/hdb-resale/monitoring/needed/{what}.manifest"])
    return found


@pytest.mark.parametrize(
    ("left", "first"),
    [
        (b'{"since": "2026-10-01"}', "2026/09/30/23"),
        (b'{"since": null}', "2026/08/01/00"),
        (b'{"since": "../../all"}', "2026/08/01/00"),
        (b"[", "2026/08/01/00"),
        (None, "2026/08/01/00"),
    ],
)
def test_a_look_reads_only_what_the_last_one_says_is_needed(
    handler: Any, account: FakeAccount, left: bytes | None, first: str
) -> None:
    hours = ("2026/08/01/00", "2026/09/29/23", "2026/09/30/23", "2026/10/01/00", "2026/11/28/09")
    captured = [f"{variant}/{hour}/1.jsonl" for variant in ("challenger", "live") for hour in hours]
    account.objects = [RELEASED + "baseline.json", "hdb-resale/feedback/2026/08/01/a.jsonl"]
    account.objects += [f"hdb-resale/feedback/{hour[:10]}/a.jsonl" for hour in hours[1:]]
    account.objects += [f"hdb-resale/capture/mini-dev-hdb-resale/{name}" for name in captured]
    if left is not None:
        account.written["hdb-resale/monitoring/state/next.json"] = left
    assert send(handler, LOOK) == []
    wanted = [name for name in captured if name.partition("/")[2] >= first]
    assert needed(account, "capture")[1:] == wanted
    days = sorted({hour[:10] for hour in hours if hour >= first})
    assert needed(account, "feedback")[1:] == [f"{day}/a.jsonl" for day in days]
    given = {each["Name"]: each["Value"] for each in account.looks[0]["parameters"]}
    assert (given["FeedbackType"], given["CaptureType"]) == ("ManifestFile", "ManifestFile")


def ended(status: str = "Succeeded", pipeline: str = "mini-dev-monitor-hdb-resale") -> str:
    detail = {
        "pipelineArn": f"arn:aws:sagemaker:ap-southeast-1:111122223333:pipeline/{pipeline}",
        "pipelineExecutionArn": f"arn:aws:sagemaker:ap-southeast-1:111122223333:pipeline/{pipeline}/execution/abc",
        "currentPipelineExecutionStatus": status,
    }
    kind = "SageMaker Model Building Pipeline Execution Status Change"
    return json.dumps({"source": "aws.sagemaker", "detail-type": kind, "detail": detail})


FOUND = "hdb-resale/monitoring/evidence/"


def test_what_a_look_has_found_is_kept_once(handler: Any, account: FakeAccount) -> None:
    account.written |= {FOUND + "findings.json": b"{}", FOUND + "report.html": b"<html>"}
    assert send(handler, ended(), ended()) == []
    assert account.writes == ["monitoring/hdb-resale/findings.json", "monitoring/hdb-resale/report.html"]
    account.written[FOUND + "findings.json"] = b'{"revised": true}'
    assert send(handler, ended()) == []
    assert account.writes[2:] == ["monitoring/hdb-resale/findings.json"]
    assert account.written["evidence/monitoring/hdb-resale/findings.json"] == b'{"revised": true}'
    assert account.runs == account.looks == []


def test_a_look_that_judged_nothing_or_failed_leaves_no_evidence(handler: Any, account: FakeAccount) -> None:
    assert send(handler, ended()) == []
    account.written[FOUND + "findings.json"] = b"{}"
    assert send(handler, ended("Failed")) == []
    assert send(handler, ended(pipeline="mini-dev-hdb-resale")) == ["0"]
    assert account.writes == []


def test_findings_wait_in_the_queue_while_a_service_fails(handler: Any, account: FakeAccount) -> None:
    account.written[FOUND + "findings.json"] = b"{}"
    account.errors = [EndpointConnectionError(endpoint_url="https://s3")]
    assert send(handler, ended()) == ["0"]
    assert send(handler, ended()) == []
    assert account.writes == ["monitoring/hdb-resale/findings.json"]


def test_what_is_not_there_yet_is_left_out(handler: Any, account: FakeAccount) -> None:
    account.objects = [RELEASED + "baseline.json", "hdb-resale/capture/another/live/1.jsonl"]
    send(handler, LOOK)
    assert [each["Name"] for each in account.looks[0]["parameters"]] == ["ModelUri", "BaselineUri"]


@pytest.mark.parametrize(
    ("live", "objects"),
    [(None, [RELEASED + "baseline.json"]), (LIVE, []), ("s3://assets/ab12/model.tar.gz", ["ab12/baseline.json"])],
)
def test_without_a_model_or_its_baseline_there_is_nothing_to_see(
    handler: Any, account: FakeAccount, live: str | None, objects: list[str]
) -> None:
    account.live, account.objects = live, objects
    assert send(handler, LOOK) == []
    assert account.looks == []


def test_one_look_at_a_time(handler: Any, account: FakeAccount) -> None:
    account.objects = [RELEASED + "baseline.json"]
    account.add("look-before", pipeline="mini-dev-monitor-hdb-resale")
    assert send(handler, LOOK) == []
    assert len(account.looks) == 1


def job(message: str, schedule: str = "arn:quality") -> str:
    detail = {"MonitoringScheduleArn": schedule, "ProcessingJobName": "model-monitoring-1", "ExitMessage": message}
    return json.dumps({"detail-type": "SageMaker Processing Job State Change", "detail": detail})


def test_violations_ask_for_a_look_and_never_for_retraining(
    monkeypatch: pytest.MonkeyPatch, handler: Any, account: FakeAccount
) -> None:
    cases = json.loads(os.environ["USE_CASES"])
    cases["hdb-resale"]["quality_schedule"] = "arn:quality"
    monkeypatch.setenv("USE_CASES", json.dumps(cases))
    account.objects.append("hdb-resale/released/ab12/baseline.json")
    assert send(handler, job("Completed: Job completed successfully with no violations.")) == []
    assert (account.looks, account.runs) == ([], [])
    found = job("CompletedWithViolations: Job completed successfully with 3 violations.")
    assert send(handler, found, found) == []  # SageMaker may send an event twice
    assert (len(account.looks), account.runs) == (1, [])
    assert send(handler, job("CompletedWithViolations", "arn:other"), job("CompletedWithViolations", "")) == ["0", "1"]
    assert (len(account.looks), account.runs) == (1, [])


def test_a_service_that_fails_leaves_the_look_in_the_queue(handler: Any, account: FakeAccount) -> None:
    account.objects = [RELEASED + "baseline.json"]
    account.errors = [EndpointConnectionError(endpoint_url="https://s3")]
    assert send(handler, LOOK) == ["0"]
    assert send(handler, LOOK) == []
    assert len(account.looks) == 1


def test_a_drift_starts_one_run_with_the_live_model_as_champion(handler: Any, account: FakeAccount) -> None:
    assert send(handler, drift()) == []
    [run] = account.runs
    assert run["parameters"] == [{"Name": "ChampionUri", "Value": "s3://artifacts/hdb-resale/released/ab12/"}]
    assert run["PipelineExecutionDisplayName"].startswith("drift-")
    assert account.told == []


@pytest.mark.parametrize("live", [None, "", "model.tar.gz", "s3://"])
def test_without_a_live_model_there_is_no_champion(handler: Any, account: FakeAccount, live: str | None) -> None:
    account.live = live
    send(handler, drift())
    assert account.runs[0]["parameters"] == []


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_whatever_the_order_and_however_often_one_run_is_started(
    handler: Any, account: FakeAccount, number: int
) -> None:
    bodies = [drift(), drift(), drift("2026-11-28T02:00:00Z"), asked("schedule")][:number]
    for order in itertools.permutations(bodies):
        account.__init__()  # type: ignore[misc]
        for body in order:
            send(handler, body)
        assert len(account.runs) == 1, order


def test_a_storm_of_drifts_starts_nothing_until_the_cool_down_is_over(handler: Any, account: FakeAccount) -> None:
    account.add("drift-before", "Failed", days_ago=13)
    for hour in range(24):
        send(handler, drift(f"2026-11-28T{hour:02}:00:00Z"))
    assert len(account.runs) == 1
    account.runs[0]["StartTime"] = NOW - timedelta(days=15)
    send(handler, drift("2026-11-30T01:00:00Z"))
    assert len(account.runs) == 2


def test_a_broken_feed_stops_drift_and_schedule_and_pages(handler: Any, account: FakeAccount) -> None:
    account.feed = "ALARM"
    assert send(handler, drift(), asked("schedule")) == []
    assert account.runs == []
    assert len(account.told) == 2
    assert all("the feed is broken" in text and "docs/operations/broken-feed.md" in text for text in account.told)


def test_a_person_may_override_a_broken_feed_and_the_cool_down(handler: Any, account: FakeAccount) -> None:
    account.feed = "ALARM"
    account.add("drift-before", "Succeeded", days_ago=1)
    assert send(handler, asked("person", by="lim")) == []
    assert account.runs[-1]["PipelineExecutionDisplayName"].startswith("person-")


def test_a_person_is_asked_where_the_agency_says_so(
    handler: Any, account: FakeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    mode(monkeypatch, "approval")
    send(handler, drift())
    assert account.runs == []
    assert "govml model retrain hdb_resale --by NAME" in account.told[0]
    send(handler, asked("schedule"))
    assert len(account.runs) == 1


def test_off_means_off_for_drift_alone(handler: Any, account: FakeAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    mode(monkeypatch, "off")
    send(handler, drift())
    assert (account.runs, account.told) == ([], [])
    send(handler, asked("schedule"))
    assert len(account.runs) == 1


def test_a_run_that_goes_on_is_enough(handler: Any, account: FakeAccount) -> None:
    account.add("schedule-a")
    assert send(handler, drift(), asked("schedule", "later"), asked("person", by="lim")) == []
    assert len(account.runs) == 1


def test_the_end_of_an_alarm_asks_for_nothing(handler: Any, account: FakeAccount) -> None:
    assert send(handler, drift(value="OK"), drift(value="INSUFFICIENT_DATA")) == []
    assert account.runs == []


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", "1", "{", '"x"', "{}", '{"detail": 1}', '{"detail": {"alarmName": "a", "state": "ALARM"}}',
        drift(alarm="another"), drift().replace('"2026-11-28T01:00:00Z"', "7"),
        '{"look": "other", "moment": "t"}', '{"look": "hdb-resale"}', '{"look": ["hdb-resale"], "moment": "t"}',
        asked("whim"), asked("person"), asked("schedule", ""), asked("schedule").replace("hdb-resale", "other"),
        asked("schedule").replace('"schedule"', "[]"), "[" * 100_000,
    ],
)  # fmt: skip
def test_what_asks_for_nothing_goes_to_the_dead_letters(handler: Any, account: FakeAccount, body: str) -> None:
    assert send(handler, body, drift()) == ["0"]
    assert len(account.runs) == 1


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, "any"),
        EndpointConnectionError(endpoint_url="https://sagemaker"),
    ],
)
def test_a_service_that_fails_leaves_the_message_in_the_queue(
    handler: Any, account: FakeAccount, error: Exception
) -> None:
    for fails_at in (1, 2):
        account.__init__()  # type: ignore[misc]
        account.errors = [error] * fails_at
        body = drift()
        tries = [send(handler, body) for _ in range(fails_at + 1)]
        assert tries == [["0"]] * fails_at + [[]]
        assert len(account.runs) == 1


@given(
    why=st.sampled_from(["schedule", "drift", "person"]),
    mode=st.sampled_from(["automatic", "approval", "off"]),
    broken=st.booleans(),
    runs=st.lists(
        st.tuples(
            st.sampled_from(["drift-a", "schedule-b", "person-c"]),
            st.sampled_from(["Executing", "Stopping", "Succeeded", "Failed", "Stopped"]),
            st.floats(0, 60),
        ),
        max_size=5,
    ),
)
def test_never_two_runs_never_on_a_broken_feed_never_against_the_switch(
    why: str, mode: str, broken: bool, runs: list[tuple[str, str, float]]
) -> None:
    sys.path.insert(0, str(RUNTIME))
    try:
        from retraining_decision import Run, Situation, decide
        from retraining_request import RetrainingRequest
    finally:
        sys.path.remove(str(RUNTIME))
    found = [Run(name, status, NOW - timedelta(days=days)) for name, status, days in runs]
    situation = Situation(mode, timedelta(days=14), broken, found, NOW)
    decision = decide(RetrainingRequest("hdb-resale", why, "t", "lim"), situation)  # type: ignore[arg-type]
    started = decision.outcome == "start"
    if any(run.status in ("Executing", "Stopping") for run in found):
        assert decision.outcome == "leave"
    if started and why != "person":
        assert not broken
    if started and why == "drift":
        assert mode == "automatic"
        assert not [run for run in found if run.name == "drift-a" and run.started > NOW - timedelta(days=14)]
    assert decision.reason
