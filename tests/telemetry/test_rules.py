"""All rules: Prometheus' own tool takes them, they ask for what the catalogue has, and silence and drift ring."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from govml.service_levels.objective import Objective
from govml.telemetry.alert_routes import alert_manager
from govml.telemetry.metrics import METRICS, RECORDED, queryable
from govml.telemetry.rules import all_groups, as_yaml

ENDPOINT = "mini-dev-hdb-resale"
OBJECTIVES = [Objective(ENDPOINT, "availability", 99.5), Objective(ENDPOINT, "latency", 99, 250)]
PROMTOOL = shutil.which("promtool")
needs_promtool = pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed (Debian package prometheus)")
REPOSITORY = Path(__file__).resolve().parents[2]


def rules() -> list[dict[str, Any]]:
    return [rule for group in all_groups(OBJECTIVES)["groups"] for rule in group["rules"]]


@pytest.mark.parametrize("objectives", [[], OBJECTIVES])
@needs_promtool
def test_prometheus_takes_the_rules(tmp_path: Path, objectives: list[Objective]) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(as_yaml(all_groups(objectives)))
    result = subprocess.run([str(PROMTOOL), "check", "rules", str(path)], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr


def test_rules_ask_for_what_the_catalogue_has_and_record_what_it_names() -> None:
    recorded = {rule["record"] for rule in rules() if "record" in rule}
    assert recorded == {each.name for each in RECORDED}
    for rule in rules():
        named = set(re.findall(r"\b(?:govml[a-z_:]*[a-z0-9_]*|http_server_[a-z_]+)(?=[{\[])", rule["expr"]))
        assert named, rule
        assert named <= queryable(), rule


def test_names_in_the_catalogue_are_there_once() -> None:
    names = [name for metric in METRICS for name in metric.series()] + [each.name for each in RECORDED]
    assert len(names) == len(set(names))


def test_every_alert_has_a_severity_and_a_runbook_that_exists() -> None:
    alerts = [rule for rule in rules() if "alert" in rule]
    for alert in alerts:
        assert alert["labels"]["severity"] in ("page", "ticket")
        assert (REPOSITORY / alert["annotations"]["runbook"]).is_file()
        assert '"' not in alert["annotations"]["summary"]  # it becomes part of a JSON message


MONITOR = f'job="{ENDPOINT}",govml_use_case="hdb_resale",govml_model_version="v1"'
# alert -> series, and whether it fires after three hours
CASES: dict[str, tuple[str, list[dict[str, str]], bool]] = {
    "a model drifts": (
        "ModelDrifts",
        [{"series": f"govml_monitoring_retraining_requested{{{MONITOR}}}", "values": "_x60 1 _x119"}],
        True,
    ),
    "a look that asks for nothing": (
        "ModelDrifts",
        [{"series": f"govml_monitoring_retraining_requested{{{MONITOR}}}", "values": "_x60 0 _x119"}],
        False,
    ),
    "a feed that is broken": (
        "FeedBroken",
        [{"series": f"govml_monitoring_page{{{MONITOR}}}", "values": "_x60 1 _x119"}],
        True,
    ),
    "an endpoint that falls silent": (
        "TelemetrySilent",
        [{"series": f'govml_serving_up{{job="{ENDPOINT}",instance="a"}}', "values": "1x120 _x60"}],
        True,
    ),
    "one instance of two goes": (
        "TelemetrySilent",
        [
            {"series": f'govml_serving_up{{job="{ENDPOINT}",instance="a"}}', "values": "1x120 _x60"},
            {"series": f'govml_serving_up{{job="{ENDPOINT}",instance="b"}}', "values": "1x180"},
        ],
        False,
    ),
    "nothing was ever served": ("TelemetrySilent", [], False),
}


@needs_promtool
def test_alerts_fire_when_they_should_and_only_then(tmp_path: Path) -> None:
    alerts = {rule["alert"]: rule for rule in rules() if "alert" in rule}
    (tmp_path / "rules.yaml").write_text(as_yaml(all_groups([])))
    tests = []
    for name, series, fires in CASES.values():
        alert = alerts[name]
        by_model = {"govml_model_version": "v1"} if name == "ModelDrifts" else {}
        summary = alert["annotations"]["summary"]
        told = summary.replace("{{ $labels.job }}", ENDPOINT).replace("{{ $labels.govml_model_version }}", "v1")
        expected = {
            "exp_labels": {**alert["labels"], "job": ENDPOINT, **by_model},
            "exp_annotations": {**alert["annotations"], "summary": told},
        }
        tests.append(
            {
                "interval": "1m",
                "input_series": series,
                "alert_rule_test": [
                    {"eval_time": "180m", "alertname": name, "exp_alerts": [expected] if fires else []}
                ],
            }
        )
    path = tmp_path / "test.yaml"
    with path.open("w") as stream:
        YAML().dump({"rule_files": ["rules.yaml"], "evaluation_interval": "1m", "tests": tests}, stream)
    result = subprocess.run([str(PROMTOOL), "test", "rules", str(path)], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_alerts_go_to_the_topic_by_severity_in_the_form_of_alarms() -> None:
    definition = YAML(typ="safe").load(
        alert_manager("arn:aws:sns:ap-southeast-1:111122223333:alerts", "ap-southeast-1")
    )
    config = YAML(typ="safe").load(definition["alertmanager_config"])
    receivers = {each["name"]: each["sns_configs"][0] for each in config["receivers"]}
    assert set(receivers) == {"page", "ticket"}
    assert config["route"]["receiver"] == "ticket"
    assert config["route"]["routes"][0] == {
        "receiver": "page",
        "matchers": ['severity="page"'],
        "repeat_interval": "4h",
    }
    for severity, told in receivers.items():
        assert told["topic_arn"].endswith(":alerts")
        assert told["sigv4"] == {"region": "ap-southeast-1"}
        assert told["attributes"] == {"severity": severity}
        # What Alertmanager's templates make of it for an alert that fires.
        message = told["message"].replace('{{ if eq .Status "firing" }}ALARM{{ else }}OK{{ end }}', "ALARM")
        message = message.replace("{{ .CommonLabels.severity }}", severity)
        found = json.loads(message)
        assert found["NewStateValue"] == "ALARM"
        assert found["AlarmDescription"].startswith(f"[{severity}] ")  # by which the topic's subscriptions choose
