"""Whatever can fail without anybody looking is heard: pipelines, functions, queues of dead letters, schedules, deliveries."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from cfn_templates import Deployment, read_deployment
from heard_failures import Heard, unheard
from profiles import Profile

import app as entry

REPOSITORY = Path(__file__).resolve().parents[3]
PAGE = REPOSITORY / "docs" / "operations" / "README.md"


def test_nothing_fails_in_silence(profile: Profile) -> None:
    for name, templates in profile.environments():
        assert unheard(Heard(templates)) == [], name


def test_model_monitor_does_not_fail_in_silence(new_app: Any, tmp_path: Path) -> None:
    text = (REPOSITORY / "config" / "sandbox.yaml").read_text()
    monitor = "{model_monitor: {statistics: quality/statistics.json, constraints: quality/constraints.json}}"
    file = tmp_path / "agency.yaml"
    file.write_text(text.replace("    endpoint:", f"    monitoring: {monitor}\n    endpoint:", 1))
    app = new_app(tmp_path / "out", config=str(file))
    entry.build(app)
    app.synth()
    found = Heard(list(read_deployment(tmp_path / "out").templates.values()))
    assert found.of("AWS::SageMaker::MonitoringSchedule")
    assert unheard(found) == []


@pytest.mark.parametrize(
    ("removed", "left"),
    [
        ("-RetrainingUndecided", "no alarm on these dead letters"),
        ("-PipelineFailed", "no alarm on failed runs of"),
        ("-UndeliveredMessages", "no alarm on these dead letters"),
    ],
)
def test_a_forgotten_alarm_is_found(sandbox: Deployment, removed: str, left: str) -> None:
    environment = Heard(list(sandbox.templates.values()))
    before = len(environment.alarms)
    environment.alarms = [each for each in environment.alarms if removed not in each["AlarmName"]]
    assert len(environment.alarms) < before
    problems = unheard(environment)
    assert problems
    assert all(left in each for each in problems)


def test_a_forgotten_alert_is_found(sandbox: Deployment) -> None:
    environment = Heard(list(sandbox.templates.values()))
    environment.alerts = [each for each in environment.alerts if "pipeline" not in each]
    assert [each for each in unheard(environment) if "Cicd" in each]


def test_the_table_names_alarms_and_alerts_that_exist(profile: Profile) -> None:
    """Each name of the table, as the operations page has it, is an alarm or an alert of the code."""
    table = PAGE.read_text().split("## What fails, who hears it, by what\n", 1)[1].split("\n## ", 1)[0]
    named = {each.replace("...", "") for each in re.findall(r"`([A-Z]\w+(?:\.\.\.)?)`", table)}
    assert len(named) > 8
    sources = "".join(path.read_text() for path in (REPOSITORY / "stacks").rglob("*.py"))
    rules = REPOSITORY / "govml" / "telemetry" / "rules.py"
    sources += (
        rules.read_text() if rules.is_file() else "".join(p.read_text() for p in rules.with_suffix("").rglob("*.py"))
    )
    assert {each for each in named if f'"{each}' not in sources} == set()
    made = {each["AlarmName"] for _, templates in profile.environments() for each in Heard(templates).alarms}
    unnamed = {
        name for name in made if re.search("Failing|Failed|Undecided|Undone|LaidAside|Undelivered|Unpublished", name)
    }
    assert {
        name for name in unnamed if not any(each in name for each in named) and "-ModelFailing" not in name
    } == set()
