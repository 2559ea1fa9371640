"""Model Monitor in the agency file: what it could not look at or read is refused, and its end is told."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from govml.settings import Settings
from govml.settings.instance_families import PROCESSING_FAMILIES
from govml.settings.lifecycle import lifecycle_notices
from stacks.synth.own_rules import rule_options

FILES = {"statistics": "model-monitor/statistics.json", "constraints": "model-monitor/constraints.json"}
APPROVED = {"use_cases__resale__release": {"approvers": ["Boss"]}}
SANDBOX = Path(__file__).parents[2] / "config/sandbox.yaml"


def monitored(endpoint: dict[str, Any] | None = None, **monitor: Any) -> dict[str, Any]:
    return {
        "use_cases__resale__endpoint": endpoint or {},
        "use_cases__resale__monitoring": {"model_monitor": {**FILES, **monitor}},
        **APPROVED,
    }


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            monitored({"kind": "asynchronous"}),
            "captures no data when kind is asynchronous: there is nothing to look at",
        ),
        ({**monitored(), "features__monitoring": False}, "the drift engine does not look at this use case"),
        (monitored(statistics="s3://elsewhere/statistics.json"), "is outside what the job may read"),
        (monitored(constraints="../other/constraints.json"), "must be a path below the use case's prefix"),
        (monitored(constraints="/constraints.json"), "must be a path below the use case's prefix"),
        (monitored(statistics="statistics.csv"), "ends in .json"),
        (monitored(record_preprocessor="rows.sh"), "ends in .py"),
        (monitored(statistics="capture/statistics.json"), "files below capture/ are deleted when they are old"),
        (monitored(schedule="rate(1 day)"), "is not a schedule of Model Monitor"),
        (monitored(schedule="cron(30 20 ? * * *)"), "is not a schedule of Model Monitor"),
        (monitored(instance_type="ml.inf2.xlarge"), "runs no processing job"),
        ({**monitored(), "region": "ap-southeast-3", "allowed_regions": ["ap-southeast-3"]}, "not known where"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_it_could_not_do_is_refused_with_the_reason(
    refusal: Callable[[str], str], changed: Callable[..., str], change: dict[str, Any], reason: str
) -> None:
    assert reason in refusal(changed(**change))


def test_without_an_endpoint_there_is_nothing_to_look_at(
    refusal: Callable[[str], str], changed: Callable[..., str]
) -> None:
    change = monitored()
    del change["use_cases__resale__endpoint"]
    assert "the use case has no endpoint" in refusal(changed(**change))


@pytest.mark.parametrize("schedule", ["cron(0 * ? * * *)", "cron(0 00 ? * * *)", "cron(0 17/12 ? * * *)"])
def test_its_schedules_are_those_of_the_service(
    load: Callable[[str], Settings], changed: Callable[..., str], schedule: str
) -> None:
    settings = load(changed(**monitored(schedule=schedule)))
    assert settings.model_monitored["resale"].schedule == schedule


def test_its_end_is_told_and_the_rule_on_closed_services_knows_that_the_account_has_it(
    load: Callable[[str], Settings], changed: Callable[..., str]
) -> None:
    settings = load(changed(**monitored()))
    [notice] = lifecycle_notices(settings)
    assert "closed to new customers since 2026-07-30" in notice
    assert rule_options(settings).model_monitor
    without = load(changed())
    assert lifecycle_notices(without) == []
    assert not rule_options(without).model_monitor


def test_config_check_warns_on_the_error_stream(tmp_path: Path) -> None:
    path = tmp_path / "agency.yaml"
    files = "".join(f", {key}: {value}" for key, value in FILES.items()).removeprefix(", ")
    text = SANDBOX.read_text()
    path.write_text(text.replace("    endpoint:", f"    monitoring: {{model_monitor: {{{files}}}}}\n    endpoint:", 1))
    command = [sys.executable, "-m", "govml.cli.main", "config", "check", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith("warning: hdb_resale uses SageMaker Model Monitor, which is closed to new customers")


def test_the_families_are_those_of_the_service() -> None:
    shape = botocore.session.get_session().get_service_model("sagemaker").shape_for("ProcessingInstanceType")
    assert {each.split(".")[1] for each in shape.enum} == PROCESSING_FAMILIES
