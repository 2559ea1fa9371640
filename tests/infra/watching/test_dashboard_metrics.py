"""No widget and no alarm stays empty by a typo: each metric is one that AWS or our own code publishes, by those dimensions."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from cfn_templates import Deployment
from metric_references import of_rows, own_sources, published, references
from profiles import Profile

REPOSITORY = Path(__file__).resolve().parents[3]
# Commands and functions of Logs Insights (CloudWatch Logs user guide, "CloudWatch Logs Insights language query syntax").
COMMANDS = {"fields", "filter", "stats", "sort", "limit", "parse", "display", "dedup", "pattern", "unmask"}
FUNCTIONS = {"count", "sum", "avg", "min", "max", "pct", "bin", "ispresent", "strlen", "replace", "count_distinct"}


def test_every_metric_of_every_profile_is_published(profile: Profile) -> None:
    table = published()
    seen = 0
    for _, templates in profile.environments():
        for template in templates:
            for each in references(template):
                known = table.get((each.namespace, each.dimensions), frozenset())
                assert each.metric in known, f"{each.where} asks for {each}"
                seen += 1
    assert seen or profile.settings.maturity == "stage1"


def test_a_typo_is_seen() -> None:
    row = ["AWS/SQS", "ApproximateNumberOfMessageVisible", "QueueName", "q"]
    (found,) = of_rows([row], "x")
    assert found.metric not in published()[found.namespace, found.dimensions]


@pytest.mark.parametrize(("source", "metrics", "dimensions"), list(own_sources()))
def test_our_own_metrics_stand_in_the_code_that_publishes_them(
    source: str, metrics: list[str], dimensions: list[str]
) -> None:
    text = (REPOSITORY / source).read_text()
    for name in [*metrics, *dimensions]:
        assert f'"{name}"' in text, f"{source} does not publish {name}"


def test_each_stack_of_the_sandbox_has_its_page_and_none_is_named_twice(sandbox: Deployment) -> None:
    names = Counter(each.properties["DashboardName"] for each in sandbox.resources("AWS::CloudWatch::Dashboard"))
    pages = {"network", "data", "platform", "ingestion", "hdb-resale-pipelines", "release", "loop", "ai", "delivery"}
    assert {f"sandbox-dev-{part}-page" for part in pages} <= set(names)
    assert {"sandbox-dev-overview", "sandbox-dev-hdb-resale-endpoint"} <= set(names)
    assert set(names.values()) == {1}


def insights(sandbox: Deployment) -> dict[str, list[str]]:
    """Return title -> commands of every search, those that are saved and those of dashboards."""
    found = {
        each.properties["Name"]: each.properties["QueryString"].split("\n| ")
        for each in sandbox.resources("AWS::Logs::QueryDefinition")
    }
    for board in sandbox.resources("AWS::CloudWatch::Dashboard"):
        for widget in json.loads(board.properties["DashboardBody"])["widgets"]:
            if widget["type"] == "log":
                lines = widget["properties"]["query"].split("\n| ")
                assert lines[0].startswith("SOURCE '")
                found[f"{board.properties['DashboardName']}/{widget['properties']['title']}"] = [
                    line for line in lines if not line.startswith("SOURCE ")
                ]
    return found


def test_searches_speak_the_language_of_logs_insights(sandbox: Deployment) -> None:
    found = insights(sandbox)
    assert len(found) > 8
    for title, lines in found.items():
        for line in lines:
            command, rest = line.split(" ", 1)
            assert command in COMMANDS, f"{title}: {line}"
            assert set(re.findall(r"([a-z_]+)\(", re.sub(r"/.*/|\"[^\"]*\"", "", rest))) <= FUNCTIONS, (
                f"{title}: {line}"
            )
            assert rest.count("(") == rest.count(")"), f"{title}: {line}"
            assert rest.count('"') % 2 == 0, f"{title}: {line}"
        # what is sorted by is a field that the search knows: of the log, or made by `stats`
        commands = [line.split(" ", 1)[0] for line in lines]
        assert "limit" in commands or "stats" in commands or "One request" in title, f"{title} has no end"
        if "sort" in commands and "stats" in commands:
            aliases = re.findall(r"as (\w+)", next(line for line in lines if line.startswith("stats")))
            assert next(line for line in lines if line.startswith("sort")).split()[1] in aliases, title


def test_tables_of_logs_read_groups_that_exist(sandbox: Deployment) -> None:
    made = {each.properties.get("LogGroupName", each.name) for each in sandbox.resources("AWS::Logs::LogGroup")}
    for board in sandbox.resources("AWS::CloudWatch::Dashboard"):
        for widget in json.loads(board.properties["DashboardBody"])["widgets"]:
            if widget["type"] == "log":
                assert set(re.findall(r"SOURCE '([^']+)'", widget["properties"]["query"])) <= made
