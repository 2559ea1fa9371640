"""Figures that jobs print in CloudWatch's embedded metric format become metrics, as they do in the account's log groups.

Source: CloudWatch user guide, "Specification: Embedded metric format".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_MARK = '"_aws"'


def publish(cloudwatch: Any, logs: Iterable[Path]) -> int:
    """Send the figures of some logs to CloudWatch; return how many.

    Args:
        cloudwatch: boto3's client.
        logs: log files; one that is missing has none.
    """
    count = 0
    for log in logs:
        if not log.is_file():
            continue
        with log.open(encoding="utf-8", errors="replace") as stream:
            for namespace, data in (found for line in stream for found in figures_of(line)):
                cloudwatch.put_metric_data(Namespace=namespace, MetricData=data)
                count += len(data)
    return count


def figures_of(line: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Give namespace and metric data of a line; nothing for a line that is none, or breaks the specification."""
    if _MARK not in line:
        return
    try:
        event = json.loads(line)
        moment = datetime.fromtimestamp(event["_aws"]["Timestamp"] / 1000, UTC)
        for directive in event["_aws"]["CloudWatchMetrics"]:
            data = [
                {
                    "MetricName": metric["Name"],
                    "Dimensions": [{"Name": name, "Value": str(event[name])} for name in names],
                    "Timestamp": moment,
                    "Value": float(event[metric["Name"]]),
                    "Unit": metric.get("Unit", "None"),
                }
                for names in directive["Dimensions"]
                for metric in directive["Metrics"]
            ]
            yield directive["Namespace"], data
    except (KeyError, TypeError, ValueError, OverflowError):  # as CloudWatch does: the line stays a line of the log
        return
