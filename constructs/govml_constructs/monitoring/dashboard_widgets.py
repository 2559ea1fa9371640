"""What a CloudWatch dashboard is made of: graphs of metrics, and tables of searches in logs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Row = Sequence[str | Mapping[str, object]]
"""One metric in CloudWatch's own array form: namespace, metric, dimension pairs, and at the end a mapping of options."""


@dataclass(frozen=True)
class Graph:
    """One graph of a dashboard.

    Args:
        title: what the reader sees.
        metrics: the rows; one that `search` made stands for all metrics that it finds.
        statistic: `Sum`, `Average`, `p99` ...
        period_seconds: length of one point.
        account: account of the metrics, where it is another one than the dashboard's.
    """

    title: str
    metrics: Sequence[Row]
    statistic: str = "Sum"
    period_seconds: int = 300
    account: str | None = None

    def properties(self, region: str) -> dict[str, object]:
        """Return the widget's properties (CloudWatch API reference, "Dashboard body structure and syntax")."""
        elsewhere = {} if self.account is None else {"accountId": self.account}
        return {
            "title": self.title,
            "region": region,
            "view": "timeSeries",
            "stat": self.statistic,
            "period": self.period_seconds,
            "metrics": [list(row) for row in self.metrics],
            **elsewhere,
        }


@dataclass(frozen=True)
class LogTable:
    """What a search of CloudWatch Logs Insights finds, as a table.

    Args:
        title: what the reader sees.
        log_groups: names of the log groups.
        lines: the commands, in Logs Insights' own language, one a line.
    """

    title: str
    log_groups: Sequence[str]
    lines: Sequence[str]

    def properties(self, region: str) -> dict[str, object]:
        """Return the widget's properties."""
        sources = [f"SOURCE '{name}'" for name in self.log_groups]
        return {
            "title": self.title,
            "region": region,
            "view": "table",
            "query": "\n| ".join([*sources, *self.lines]),
        }


def search(schema: Sequence[str], metric: str, statistic: str, period_seconds: int, **where: str) -> Row:
    """Return a row that stands for every metric of a namespace with these dimensions, as many as there are.

    A search finds what has had data within the last two weeks (CloudWatch user guide, "Using search expressions").

    Args:
        schema: the namespace and the names of all dimensions.
        metric: name of the metric.
        statistic: `Sum`, `Average` ...
        period_seconds: length of one point.
        where: dimension -> value it must have; `_` in a name stands for a space.
    """
    names = ",".join(f'"{name}"' if " " in name else name for name in schema)
    terms = "".join(f' "{name.replace("_", " ")}"="{value}"' for name, value in where.items())
    return [{"expression": f"SEARCH('{{{names}}} MetricName=\"{metric}\"{terms}', '{statistic}', {period_seconds})"}]
