"""Objectives and burn rates: the arithmetic, and the rules judged by Prometheus' own tool on made-up traffic."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from govml.service_levels.burn_rate import BURN_RATES, window
from govml.service_levels.objective import Objective
from govml.service_levels.prometheus_rules import DURATION, rule_groups

ENDPOINT = "mini-dev-hdb-resale"
AVAILABILITY = Objective(ENDPOINT, "availability", 99.5)
LATENCY = Objective(ENDPOINT, "latency", 99, 250)
PROMTOOL = shutil.which("promtool")
needs_promtool = pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed (Debian package prometheus)")
LABELS = f'job="{ENDPOINT}",http_route="/invocations"'


@pytest.mark.parametrize(
    ("kind", "percent", "milliseconds"),
    [("availability", 0, None), ("availability", 100, None), ("availability", 99, 5), ("latency", 99, None)],
)
def test_what_is_no_objective_is_refused(kind: Any, percent: float, milliseconds: float | None) -> None:
    with pytest.raises(ValueError, match=ENDPOINT):
        Objective(ENDPOINT, kind, percent, milliseconds)


def test_the_speeds_are_those_of_the_workbook() -> None:
    # The Site Reliability Workbook, table 5-8: 2 % of the budget in 1 h, 5 % in 6 h, 10 % in 3 d; the 1 d window is 10 %.
    used = {window(each.long_minutes): round(each.budget_used, 3) for each in BURN_RATES}
    assert used == {"1h": 0.02, "6h": 0.05, "1d": 0.1, "3d": 0.1}
    assert all(each.long_minutes == 12 * each.short_minutes for each in BURN_RATES)


@given(st.floats(0.001, 99.999), st.floats(0.1, 1000))
def test_a_threshold_is_a_share(percent: float, rate: float) -> None:
    assert 0 < Objective(ENDPOINT, "availability", percent).breaking_share(rate) <= 1


def test_an_endpoint_has_one_objective_of_a_kind() -> None:
    with pytest.raises(ValueError, match="availability"):
        rule_groups([AVAILABILITY, Objective(ENDPOINT, "availability", 99)])
    assert rule_groups([]) == {"groups": []}


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rules") / "rules.yaml"
    with path.open("w") as stream:
        YAML().dump(rule_groups([AVAILABILITY, LATENCY]), stream)
    return path


def promtool(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(PROMTOOL), *arguments], capture_output=True, text=True, check=False)


@needs_promtool
def test_prometheus_takes_the_rules(rules: Path) -> None:
    result = promtool("check", "rules", str(rules))
    assert result.returncode == 0, result.stderr
    assert "22 rules found" in result.stdout


def traffic(good: str, bad: str, fast: str, slow: str) -> list[dict[str, str]]:
    """Series of a minute each, as promtool writes them: `0+60x600` grows by 60 a minute for 600 minutes."""
    name = f"{DURATION}_count"
    return [
        {"series": f'{name}{{{LABELS},http_response_status_code="200"}}', "values": good},
        {"series": f'{name}{{{LABELS},http_response_status_code="503"}}', "values": bad},
        {"series": f'{DURATION}_bucket{{{LABELS},le="0.25"}}', "values": fast},
        {"series": f'{DURATION}_bucket{{{LABELS},le="+Inf"}}', "values": slow},
    ]


# name -> series, and the alerts that fire after ten hours: (objective, rate) each
CASES: dict[str, tuple[list[dict[str, str]], set[tuple[str, str]]]] = {
    "all is well": (traffic("0+100x600", "0+0x600", "0+100x600", "0+100x600"), set()),
    # 0.3 % errors are within 0.5 %, and all the windows stay below once the rate
    "errors within the budget": (traffic("0+997x600", "0+3x600", "0+1000x600", "0+1000x600"), set()),
    # 10 % errors: twenty times too fast, which every speed notices
    "an outage": (
        traffic("0+90x600", "0+10x600", "0+100x600", "0+100x600"),
        {("Availability", rate.name.title()) for rate in BURN_RATES},
    ),
    # 4 % errors: eight times too fast, below the first speed
    "a slow burn": (
        traffic("0+96x600", "0+4x600", "0+100x600", "0+100x600"),
        {("Availability", rate.name.title()) for rate in BURN_RATES if rate.rate <= 6},
    ),
    # an outage that ended half an hour ago: the short windows of 5 and 30 minutes are clean
    "an outage that is over": (
        traffic("0+90x565 50850+100x35", "0+10x565 5650+0x35", "0+100x600", "0+100x600"),
        {("Availability", rate.name.title()) for rate in BURN_RATES if rate.short_minutes > 35},
    ),
    # one request in five is slow: twenty times the latency budget
    "slow answers": (
        traffic("0+100x600", "0+0x600", "0+80x600", "0+100x600"),
        {("Latency", rate.name.title()) for rate in BURN_RATES},
    ),
    "nobody asks": (traffic("100+0x600", "0+0x600", "100+0x600", "100+0x600"), set()),
}


@needs_promtool
@pytest.mark.parametrize("case", list(CASES))
def test_alerts_fire_when_the_budget_burns_and_only_then(rules: Path, tmp_path: Path, case: str) -> None:
    series, expected = CASES[case]
    names = [rule["alert"] for rule in rule_groups([AVAILABILITY, LATENCY])["groups"][1]["rules"]]
    wanted = {f"{objective}Budget{speed}" for objective, speed in expected}
    assert wanted <= set(names)
    alerts = YAML().load(rules.read_text())["groups"][1]["rules"]
    checks = [
        {
            "eval_time": "600m",
            "alertname": rule["alert"],
            "exp_alerts": [
                {
                    "exp_labels": {
                        **rule["labels"],
                        "job": ENDPOINT,
                        "objective": "availability" if rule["alert"].startswith("Avail") else "latency",
                    },
                    "exp_annotations": dict(rule["annotations"]),
                }
            ]
            if rule["alert"] in wanted
            else [],
        }
        for rule in alerts
    ]
    test = {
        "rule_files": [str(rules)],
        "evaluation_interval": "5m",
        "tests": [{"interval": "1m", "input_series": series, "alert_rule_test": checks}],
    }
    path = tmp_path / "test.yaml"
    with path.open("w") as stream:
        YAML().dump(test, stream)
    result = promtool("test", "rules", str(path))
    assert result.returncode == 0, result.stdout + result.stderr
