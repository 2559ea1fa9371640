"""The stacks of a use case that names a baseline: the schedule's jobs, what they may read, and who hears of violations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cfn_templates import Deployment, read_deployment
from identities import Identity

import app as entry

REPOSITORY = Path(__file__).resolve().parents[3]
MONITOR = "{model_monitor: {statistics: quality/statistics.json, constraints: quality/constraints.json}}"


@pytest.fixture(scope="module")
def monitored(new_app: Any, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """The sandbox with Model Monitor on its use case."""
    folder = tmp_path_factory.mktemp("monitored")
    text = (REPOSITORY / "config" / "sandbox.yaml").read_text()
    file = folder / "agency.yaml"
    file.write_text(text.replace("    endpoint:", f"    monitoring: {MONITOR}\n    endpoint:", 1))
    app = new_app(folder / "out", config=str(file))
    entry.build(app)
    app.synth()
    return read_deployment(folder / "out")


def test_jobs_read_their_own_prefix_and_no_source_and_pull_one_image(monitored: Deployment) -> None:
    [role] = [each for each in monitored.resources("AWS::IAM::Role") if "/QualityRole/" in each.path]
    assert [tag["Key"] for tag in role.properties["Tags"] if tag["Key"].startswith("govml-")] == ["govml-use-case"]
    jobs = Identity(role, list(monitored.resources()))
    image = "arn:aws:ecr:ap-southeast-1:245545462676:repository/sagemaker-model-monitor-analyzer"
    assert jobs.may("ecr:BatchGetImage", image)
    assert not jobs.may("ecr:BatchGetImage", f"{image}-2")
    assert not jobs.may("sagemaker:CreateProcessingJob", "*")


def test_violations_are_told_with_severity_owner_and_runbook_and_the_schedule_is_one_and_the_same(
    monitored: Deployment,
) -> None:
    [schedule] = monitored.resources("AWS::SageMaker::MonitoringSchedule")
    name = schedule.properties["MonitoringScheduleName"]
    rules = [
        each
        for each in monitored.resources("AWS::Events::Rule")
        if "MonitoringScheduleArn" in each.properties.get("EventPattern", {}).get("detail", {})
    ]
    assert (
        len(rules) == 3
    )  # violations to the alert topic and to the queue of the drift engine, failed jobs to the topic
    for rule in rules:
        [arn] = rule.properties["EventPattern"]["detail"]["MonitoringScheduleArn"]
        assert arn.endswith(f"monitoring-schedule/{name}")
    told = json.dumps([rule.properties["Targets"] for rule in rules])
    assert "[ticket] " in told
    assert "Owner: ML engineer. Runbook: docs/operations/drift.md." in told
    [decides] = [each for each in monitored.resources("AWS::Lambda::Function") if "/Retraining/" in each.path]
    assert decides.properties["Environment"]["Variables"]["USE_CASES"] == "use_cases.json"


def test_without_a_baseline_nothing_of_it_is_made(sandbox: Deployment) -> None:
    assert not list(sandbox.resources("AWS::SageMaker::MonitoringSchedule"))
    assert not [each for each in sandbox.resources("AWS::IAM::Role") if "/QualityRole/" in each.path]
