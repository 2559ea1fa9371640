"""The committed dashboards: what the code says, known to Grafana's types, asking only for what is published."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from grafana_boards import FILES, Question, boards, filled, questions
from metric_references import SEARCH, published

from govml.cli.grafana import grafana
from govml.errors import UserError
from govml.grafana.publishing.tailoring import error_budgets
from govml.service_levels.objective import Objective
from govml.telemetry.metrics import METRICS, RECORDED, queryable

BUDGETS = error_budgets([Objective("a-dev-b", "availability", 99.5), Objective("a-dev-b", "latency", 99, 250)])
PROMTOOL = shutil.which("promtool")
# Labels of Prometheus' own and of its alerts, beside those of the catalogue.
EVERYWHERE = {"__name__", "le"}
ALERTS = {"alertname", "alertstate", "severity", "job", "endpoint"}


def prometheus() -> list[Question]:
    return list(questions("prometheus"))


def test_the_files_are_what_the_code_writes() -> None:
    pytest.importorskip("grafana_foundation_sdk")
    from govml.grafana.authoring.__main__ import main
    from govml.grafana.authoring.write import texts

    assert main(["--check"]) == 0
    assert texts() == texts()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_grafana_s_own_types_know_every_key_and_value(path: Path) -> None:
    """What the types do not know is lost between reading and writing; so nothing may be lost."""
    dashboard = pytest.importorskip("grafana_foundation_sdk.models.dashboard")
    encoder = pytest.importorskip("grafana_foundation_sdk.cog.encoder")
    plugins = pytest.importorskip("grafana_foundation_sdk.cog.plugins")
    plugins.register_default_plugins()
    there = json.loads(path.read_text())
    read = dashboard.Dashboard.from_json(json.loads(path.read_text()))
    again = json.loads(json.dumps(read, cls=encoder.JSONEncoder))
    assert lost(there, again) == []
    misspelt = json.loads(path.read_text().replace('"fieldConfig"', '"fieldConfi"'))
    assert lost(misspelt, json.loads(json.dumps(dashboard.Dashboard.from_json(misspelt), cls=encoder.JSONEncoder)))


def lost(there: Any, again: Any, path: str = "") -> list[str]:
    """Return the paths of what stands in `there` and no longer, or otherwise, in `again`."""
    if isinstance(there, dict) and isinstance(again, dict):
        return [each for key, value in there.items() for each in lost(value, again.get(key), f"{path}/{key}")]
    if isinstance(there, list) and isinstance(again, list) and len(there) == len(again):
        pairs = enumerate(zip(there, again, strict=True))
        return [each for number, (one, other) in pairs for each in lost(one, other, f"{path}/{number}")]
    return [] if there == again else [path]


def test_dashboards_and_panels_are_found_by_names_of_their_own() -> None:
    found = boards()
    assert Counter(each["uid"] for each in found.values()) == {f"govml-{name}": 1 for name in found}
    assert len({each["title"] for each in found.values()}) == len(found) == 8
    for name, board in found.items():
        assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"]), name
        assert board["tags"] == ["govml"]
        assert not board["editable"]


def test_panels_neither_overlap_nor_leave_the_grid() -> None:
    for name, board in boards().items():
        cells = [
            (x, y)
            for place in (panel["gridPos"] for panel in board["panels"])
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        ]
        assert len(cells) == len(set(cells)), name
        assert {0 <= x < 24 for x, _ in cells} == {True}, name


def test_every_panel_says_what_it_means_and_in_which_unit() -> None:
    for name, board in boards().items():
        for panel in (each for each in board["panels"] if each["type"] != "row"):
            assert panel["description"], f"{name}: {panel['title']}"
            if panel["type"] in {"timeseries", "heatmap", "stat"}:
                assert panel["fieldConfig"]["defaults"]["unit"], f"{name}: {panel['title']}"


def selectors(node: Any) -> list[Any]:
    """Return every selector of series below a parsed expression."""
    parser = pytest.importorskip("promql_parser")
    if isinstance(node, parser.VectorSelector):
        return [node]
    if isinstance(node, parser.MatrixSelector):
        return [node.vector_selector]
    below = [getattr(node, name, None) for name in ("expr", "lhs", "rhs", "param")]
    below += list(getattr(node, "args", None) or [])
    return [found for each in below if each is not None for found in selectors(each)]


def known_labels() -> dict[str, set[str]]:
    labels = {name: {*each.labels, *EVERYWHERE} for each in METRICS for name in each.series()}
    labels |= {each.name: {*each.labels, *EVERYWHERE} for each in RECORDED}
    return {**labels, "ALERTS": ALERTS}


def grouped_by(node: Any) -> set[str]:
    """Return the labels that an expression groups or matches by."""
    found: set[str] = set()
    modifier = getattr(node, "modifier", None)
    for part in (modifier, getattr(modifier, "matching", None)):
        found |= set(getattr(part, "labels", None) or [])
    below = [getattr(node, name, None) for name in ("expr", "lhs", "rhs", "param")]
    below += list(getattr(node, "args", None) or [])
    return found.union(*(grouped_by(each) for each in below if each is not None))


@pytest.mark.parametrize("question", prometheus(), ids=str)
def test_promql_asks_for_series_and_labels_of_the_catalogue(question: Question) -> None:
    parser = pytest.importorskip("promql_parser")
    expression = parser.parse(filled(question.target["expr"], budgets="vector(0)"))
    found, labels = selectors(expression), known_labels()
    assert found
    for each in found:
        assert each.name in queryable(), f"{question}: {each.name}"
        assert {matcher.name for matcher in each.matchers.matchers} <= labels[each.name], f"{question}: {each}"
    assert grouped_by(expression) <= set.union(*(labels[each.name] for each in found)), str(question)


def test_a_name_beside_the_catalogue_is_seen() -> None:
    parser = pytest.importorskip("promql_parser")
    (found,) = selectors(parser.parse('sum by (job) (rate(http_server_request_seconds_count{job="a"}[5m]))'))
    assert found.name not in queryable()


def test_legends_name_labels_that_are_there() -> None:
    import re

    labels = set.union(*known_labels().values())
    for each in prometheus():
        assert set(re.findall(r"\{\{(\w+)\}\}", each.target["legendFormat"])) <= labels, str(each)


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed (Debian package prometheus)")
def test_prometheus_itself_takes_every_query(tmp_path: Path) -> None:
    rules = [
        {"record": f"q{number}", "expr": filled(each.target["expr"], budgets=BUDGETS)}
        for number, each in enumerate(prometheus())
    ]
    path = tmp_path / "queries.json"  # YAML is a superset of JSON
    path.write_text(json.dumps({"groups": [{"name": "queries", "rules": rules}]}))
    result = subprocess.run([str(PROMTOOL), "check", "rules", str(path)], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert f"{len(rules)} rules found" in result.stdout


@pytest.mark.parametrize("question", list(questions("cloudwatch")), ids=str)
def test_cloudwatch_is_asked_for_metrics_that_are_published(question: Question) -> None:
    target = question.target
    if target.get("expression"):
        found = SEARCH.fullmatch(target["expression"])
        assert found, str(question)
        namespace, *names = found["schema"].split(",")
        metric = found["metric"]
        assert target["accountId"] == "all"
    else:
        namespace, metric, names = target["namespace"], target["metricName"], list(target["dimensions"])
        assert target["matchExact"]
    assert metric in published().get((namespace, frozenset(names)), set()), str(question)


def test_variables_that_panels_use_exist() -> None:
    import re

    for name, board in boards().items():
        known = {each["name"] for each in board["templating"].get("list", [])}
        used = set(re.findall(r"\$\{?(\w+)\}?", json.dumps([board["panels"], board["templating"]])))
        assert {each for each in used if not each.startswith("__")} - {"PROP"} <= known, name


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    refused = CliRunner().invoke(
        grafana,
        [
            "dashboards",
            "--config",
            str(Path(__file__).resolve().parents[2] / "config" / "agency-managed.yaml"),
            "--output",
            str(tmp_path / "file" / "x"),
        ],
    )
    assert isinstance(refused.exception, UserError)
    assert "cannot be written" in str(refused.exception)
