"""Retraining in the local account: the deployed function decides, and a worker of this machine runs what it starts."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from event_tap import tapped

from govml.execution.record import Status
from govml.local import Connection
from govml.local.own_operations import ControlLost, call
from govml.local.working import worker as module
from govml.local.working.worker import Subject, Worker
from govml.settings.names import Names

pytestmark = pytest.mark.local_account

NAMES = Names("sandbox", "dev")
PIPELINE, MONITOR = NAMES.pipeline("hdb_resale"), NAMES.monitoring_pipeline("hdb_resale")
MOMENTS = iter(f"2026-11-28T00:00:{second:02}Z" for second in range(60))


def runs(account: Connection, pipeline: str = PIPELINE) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = account.client("sagemaker").list_pipeline_executions(PipelineName=pipeline)[
        "PipelineExecutionSummaries"
    ]
    return found


def ask(account: Connection, **message: str) -> list[Any]:
    """Hand the deployed function one message; return what it wants to see again."""
    client = account.client("lambda")
    [mapping] = [
        each
        for each in client.list_event_source_mappings()["EventSourceMappings"]
        if each["EventSourceArn"].endswith(NAMES.retraining_queue())
    ]
    event = {"Records": [{"messageId": "1", "body": json.dumps({"moment": next(MOMENTS), **message})}]}
    answer = client.invoke(FunctionName=mapping["FunctionArn"], Payload=json.dumps(event))
    failures: list[Any] = json.loads(answer["Payload"].read())["batchItemFailures"]
    return failures


@pytest.fixture
def session(local_account: Connection) -> Iterator[str]:
    """A worker that takes executions and runs none."""
    given = call(local_account, "/govml-executions/attach", pid=1)["session"]
    yield given
    while taken := call(local_account, "/govml-executions/take", session=given):
        told = {"session": given, "arn": taken["arn"], "status": "Stopped", "reason": "the test is over"}
        call(local_account, "/govml-executions/report", **told)
    call(local_account, "/govml-executions/detach", session=given)


def test_a_person_s_wish_starts_the_training_pipeline(local_account: Connection, session: str) -> None:
    assert ask(local_account, retrain="hdb-resale", why="person", by="lim") == []
    run = runs(local_account)[0]
    assert run["PipelineExecutionDisplayName"].startswith("person-")
    assert run["PipelineExecutionStatus"] == "Executing"
    taken = call(local_account, "/govml-executions/take", session=session)
    assert (taken["pipeline"], taken["parameters"]) == (PIPELINE, {})
    before = len(runs(local_account))
    assert ask(local_account, retrain="hdb-resale", why="schedule") == []
    assert len(runs(local_account)) == before, "a run that goes on is enough"
    told = {"session": session, "arn": taken["arn"], "status": "Failed", "reason": "no data"}
    call(local_account, "/govml-executions/report", **told)
    described = local_account.client("sagemaker").describe_pipeline_execution(PipelineExecutionArn=taken["arn"])
    assert described["PipelineExecutionStatus"] == "Failed"


def test_a_broken_feed_holds_the_schedule_up(local_account: Connection, session: str) -> None:
    cloudwatch, before = local_account.client("cloudwatch"), len(runs(local_account))
    alarm = NAMES.feed_alarm("hdb_resale")
    cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="test")
    try:
        assert ask(local_account, retrain="hdb-resale", why="schedule") == []
        assert len(runs(local_account)) == before
    finally:
        cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="OK", StateReason="test")
    assert ask(local_account, retrain="hdb-resale", why="schedule") == []
    assert len(runs(local_account)) == before + 1


def test_there_is_nothing_to_look_at_before_a_release(local_account: Connection) -> None:
    ssm, name = local_account.client("ssm"), NAMES.live_model("hdb_resale")
    live = [each["Name"] for each in ssm.describe_parameters()["Parameters"] if each["Name"] == name]
    before = len(runs(local_account, MONITOR))
    assert ask(local_account, look="hdb-resale") == []
    assert len(runs(local_account, MONITOR)) == before + len(live)


def test_executions_have_tokens_an_order_an_end_and_events(local_account: Connection, session: str) -> None:
    sagemaker = local_account.client("sagemaker")
    with tapped(local_account, "aws.sagemaker") as tap:
        request = {"PipelineName": PIPELINE, "ClientRequestToken": "t" * 40, "PipelineExecutionDisplayName": "first"}
        first = sagemaker.start_pipeline_execution(**request)["PipelineExecutionArn"]
        assert sagemaker.start_pipeline_execution(**request)["PipelineExecutionArn"] == first
        second = sagemaker.start_pipeline_execution(PipelineName=PIPELINE)["PipelineExecutionArn"]
        assert [each["PipelineExecutionArn"] for each in runs(local_account)[:2]] == [second, first]
        sagemaker.stop_pipeline_execution(PipelineExecutionArn=second)
        taken = call(local_account, "/govml-executions/take", session=session)
        while taken["arn"] != first:  # what earlier tests have left
            taken = call(local_account, "/govml-executions/take", session=session)
        call(local_account, "/govml-executions/report", session=session, arn=first, status="Succeeded", reason="")
        events = tap.drain("SageMaker Model Building Pipeline Execution Status Change")
    told = [
        (each["detail"]["pipelineExecutionArn"], each["detail"]["currentPipelineExecutionStatus"]) for each in events
    ]
    assert [status for arn, status in told if arn == first] == ["Executing", "Succeeded"]
    assert [status for arn, status in told if arn == second] == ["Executing", "Stopped"]


def test_one_worker_at_a_time(local_account: Connection, session: str) -> None:
    with pytest.raises(ControlLost, match="runs this account's pipelines already"):
        call(local_account, "/govml-executions/attach", pid=2**22 + 1)
    with pytest.raises(ControlLost, match="another worker"):
        call(local_account, "/govml-executions/take", session="stolen")


def test_a_worker_runs_what_waits_and_its_jobs_figures_become_metrics(
    local_account: Connection, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    log = tmp_path / "log.txt"
    metric = {"Namespace": "GovML/Test", "Dimensions": [["Endpoint"]], "Metrics": [{"Name": "Drifted", "Unit": "None"}]}
    line = {"_aws": {"Timestamp": 1_795_000_000_000, "CloudWatchMetrics": [metric]}, "Endpoint": "e", "Drifted": 1.0}
    log.write_text("a line\n" + json.dumps(line) + '\n{"_aws": 1}\n')
    asked: list[Any] = []

    def prepared(target: Any, machine: Any) -> Any:
        asked.append(target)
        step = SimpleNamespace(log=str(log), cached_from="")
        record = SimpleNamespace(steps=[step], status=Status.SUCCEEDED, reason="")
        return SimpleNamespace(runner=SimpleNamespace(run=lambda: record))

    monkeypatch.setattr(module, "prepare_run", prepared)
    told: list[str] = []
    subjects = {MONITOR: Subject("hdb_resale", "dev")}
    worker = Worker(local_account, SimpleNamespace(), subjects, told.append)  # type: ignore[arg-type]
    sagemaker = local_account.client("sagemaker")
    parameters = [{"Name": "ModelUri", "Value": "s3://x/"}]
    arn = sagemaker.start_pipeline_execution(PipelineName=MONITOR, PipelineParameters=parameters)[
        "PipelineExecutionArn"
    ]
    other = sagemaker.start_pipeline_execution(PipelineName=PIPELINE)["PipelineExecutionArn"]
    worker.work(threading.Event(), once=True)
    [target] = asked
    assert (target.pipeline, target.use_case, target.given) == (MONITOR, "hdb_resale", {"ModelUri": "s3://x/"})
    assert sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)["PipelineExecutionStatus"] == "Succeeded"
    failed = sagemaker.describe_pipeline_execution(PipelineExecutionArn=other)
    assert failed["PipelineExecutionStatus"] == "Failed"
    assert any("is no pipeline of the agency file" in text for text in told)
    metrics = local_account.client("cloudwatch").list_metrics(Namespace="GovML/Test")["Metrics"]
    assert [(each["MetricName"], each["Dimensions"]) for each in metrics] == [
        ("Drifted", [{"Name": "Endpoint", "Value": "e"}])
    ]
    started = sagemaker.start_pipeline_execution(PipelineName=MONITOR)["PipelineExecutionArn"]
    described = sagemaker.describe_pipeline_execution(PipelineExecutionArn=started)
    assert described["PipelineExecutionStatus"] == "Succeeded", "without a worker an execution ends at once"
