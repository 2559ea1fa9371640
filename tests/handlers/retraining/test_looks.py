"""A look at the live model: what it is told, what it has found, one at a time."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from retraining_account import LIVE, LOOK, RELEASED, FakeAccount, send


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


def job(message: str, schedule: str = "arn:aws:sagemaker:x:1:monitoring-schedule/mini-dev-hdb-resale-quality") -> str:
    detail = {"MonitoringScheduleArn": schedule, "ProcessingJobName": "model-monitoring-1", "ExitMessage": message}
    return json.dumps({"detail-type": "SageMaker Processing Job State Change", "detail": detail})


def test_violations_ask_for_a_look_and_never_for_retraining(handler: Any, account: FakeAccount) -> None:
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
