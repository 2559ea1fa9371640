"""Every metric that a template's alarms and dashboards name, and the table of those that are published."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cfn_templates import Template

TABLE = Path(__file__).with_name("published_metrics.csv")
SEARCH = re.compile(r"SEARCH\('\{(?P<schema>[^}]+)\} MetricName=\"(?P<metric>\w+)\"(?P<rest>[^']*)', '\w+', \d+\)")


@dataclass(frozen=True)
class Reference:
    """A metric that something names; `where` says what."""

    namespace: str
    metric: str
    dimensions: frozenset[str]
    where: str


def references(template: Template) -> Iterator[Reference]:
    """Give every metric of alarms and dashboards, those of searches and of metric arithmetic too."""
    for alarm in template.all("AWS::CloudWatch::Alarm"):
        yield from of_alarm(alarm.properties)
    for board in template.all("AWS::CloudWatch::Dashboard"):
        properties = board.properties
        for widget in json.loads(properties["DashboardBody"])["widgets"]:
            if widget["type"] == "metric":
                where = f"{properties['DashboardName']}: {widget['properties']['title']}"
                yield from of_rows(widget["properties"]["metrics"], where)


def of_alarm(alarm: Mapping[str, Any]) -> Iterator[Reference]:
    stats = [each["MetricStat"]["Metric"] for each in alarm.get("Metrics", []) if "MetricStat" in each]
    for metric in [alarm] if "MetricName" in alarm else stats:
        dimensions = frozenset(each["Name"] for each in metric.get("Dimensions", []))
        yield Reference(metric["Namespace"], metric["MetricName"], dimensions, alarm["AlarmName"])


def of_rows(rows: Sequence[Sequence[Any]], where: str) -> Iterator[Reference]:
    for row in rows:
        if isinstance(row[0], dict):
            found = SEARCH.fullmatch(row[0]["expression"])
            assert found, f"{where}: {row[0]['expression']}"
            namespace, *names = [part.strip('"') for part in found["schema"].split(",")]
            named = set(re.findall(r' "([^"]+)"=', found["rest"]))
            assert named <= set(names), f"{where}: {named} is no dimension of its schema"
            yield Reference(namespace, found["metric"], frozenset(names), where)
            continue
        texts = [part for part in row if isinstance(part, str)]
        yield Reference(texts[0], texts[1], frozenset(texts[2::2]), where)


def published() -> dict[tuple[str, frozenset[str]], frozenset[str]]:
    """Return (namespace, dimensions) -> metrics."""
    found = {}
    with TABLE.open(newline="") as stream:
        for line in csv.DictReader(stream):
            names = line["dimensions"].split("|" if "|" in line["dimensions"] else None)
            found[line["namespace"], frozenset(names)] = frozenset(line["metrics"].split())
    return found


def own_sources() -> Iterator[tuple[str, list[str], list[str]]]:
    """Give, for each namespace of ours, the file that publishes it, its metrics and its dimensions."""
    with TABLE.open(newline="") as stream:
        for line in csv.DictReader(stream):
            if line["namespace"].startswith("GovML/"):
                yield line["source"], line["metrics"].split(), line["dimensions"].split()
