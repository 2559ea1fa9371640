"""Draw a CloudWatch page with the figures that a log holds in CloudWatch's embedded metric format, to look at it without AWS.

    pipeline_code/.venv/bin/python benchmarks/dashboard_page.py TEMPLATE PAGE LOG IMAGE [--seconds 5]

TEMPLATE is a synthesised template (`govml synth`), PAGE a dashboard's name in it, LOG what a model server or a monitor printed with
GOVML_METRICS=emf, IMAGE a PNG. Graphs stand where the page has them; their points are `--seconds` long instead of minutes. What
AWS itself would publish is not in the log: such a graph is drawn empty and says so.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

mpl.use("Agg")
import matplotlib.pyplot as plt

SEARCH = re.compile(r"SEARCH\('\{([^}]+)\} MetricName=\"(\w+)\"([^']*)'")
Series = tuple[str, str, tuple[tuple[str, str], ...]]


def figures(log: Path) -> dict[Series, list[tuple[float, float]]]:
    """Return (namespace, metric, dimensions) -> (seconds since 1970, value) of every figure in a log."""
    found: dict[Series, list[tuple[float, float]]] = defaultdict(list)
    for line in log.read_text().splitlines():
        if '"_aws"' not in line:
            continue
        entry = json.loads(line)
        at = entry["_aws"]["Timestamp"] / 1000
        for directive in entry["_aws"]["CloudWatchMetrics"]:
            for names in directive["Dimensions"]:
                dimensions = tuple(sorted((name, str(entry[name])) for name in names))
                for metric in directive["Metrics"]:
                    values = entry[metric["Name"]]
                    for value in values if isinstance(values, list) else [values]:
                        found[directive["Namespace"], metric["Name"], dimensions].append((at, float(value)))
    return found


def widgets(template: Path, page: str) -> list[dict[str, Any]]:
    """Return the graphs of a page; what is known at deployment only is left out of their names."""
    for resource in json.loads(template.read_text())["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::CloudWatch::Dashboard" and properties["DashboardName"] == page:
            body = properties["DashboardBody"]
            held = body["Fn::Sub"] if isinstance(body, dict) else body
            text = re.sub(r"\$\{[^!}]*\}", "x", held if isinstance(held, str) else held[0]).replace("${!", "${")
            return [each for each in json.loads(text)["widgets"] if each["type"] == "metric"]
    raise SystemExit(f"{template} has no page {page}")


def chosen(row: list[Any], known: dict[Series, Any]) -> list[Series]:
    """Return the series that a row of a graph stands for."""
    if isinstance(row[0], dict):
        match = SEARCH.match(row[0]["expression"])
        if match is None:
            return []
        namespace, *names = [part.strip('"') for part in match[1].split(",")]
        wanted = set(re.findall(r'"([^"]+)"="([^"]+)"', match[3]))
        return [
            each
            for each in known
            if each[:2] == (namespace, match[2])
            and {name for name, _ in each[2]} == set(names)
            and wanted <= set(each[2])
        ]
    pairs = tuple(sorted(zip(row[2::2], row[3::2], strict=True)))
    return [each for each in known if each == (row[0], row[1], pairs)]


def statistic(values: list[float], name: str) -> float:
    """Return a statistic by CloudWatch's name."""
    plain = {"Sum": np.sum, "Average": np.mean, "Maximum": np.max, "Minimum": np.min}
    return float(plain[name](values)) if name in plain else float(np.percentile(values, float(name[1:])))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("template", "page", "log", "image"):
        parser.add_argument(name, type=Path if name != "page" else str)
    parser.add_argument("--seconds", type=int, default=5)
    arguments = parser.parse_args()
    known, graphs, drawn = figures(arguments.log), widgets(arguments.template, arguments.page), 0
    tall = max(each["y"] + each["height"] for each in graphs)
    sheet = plt.figure(figsize=(14, tall / 2.2))
    for each in graphs:
        place = (each["x"] / 24 + 0.03, 1 - (each["y"] + each["height"] - 1) / tall, each["width"] / 24 - 0.06)
        axes = sheet.add_axes((*place, (each["height"] - 2.2) / tall))
        properties = each["properties"]
        axes.set_title(properties["title"], fontsize=9)
        for series in [found for row in properties["metrics"] for found in chosen(row, known)]:
            buckets: dict[int, list[float]] = defaultdict(list)
            for at, value in known[series]:
                buckets[int(at // arguments.seconds)].append(value)
            times = sorted(buckets)
            label = f"{series[1]} {' '.join(value for _, value in series[2])}"
            values = [statistic(buckets[time], properties["stat"]) for time in times]
            axes.plot([(time - times[0]) * arguments.seconds for time in times], values, marker=".", label=label)
            drawn += 1
        if axes.lines:
            axes.legend(fontsize=7)
        else:
            axes.text(0.5, 0.5, "nothing of it in this log", ha="center", fontsize=8, transform=axes.transAxes)
    sheet.savefig(arguments.image, dpi=80)
    print(f"{drawn} series in {len(graphs)} graphs: {arguments.image}")
    return 0 if drawn else 1


if __name__ == "__main__":
    sys.exit(main())
