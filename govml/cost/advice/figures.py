"""Figures of CloudWatch over some days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

_HOUR = 3600


@dataclass(frozen=True)
class Window:
    """The days that are looked at.

    Args:
        end: their end, with a time zone.
        days: how many.
    """

    end: datetime
    days: int

    @property
    def start(self) -> datetime:
        """Their start."""
        return self.end - timedelta(days=self.days)

    @property
    def months(self) -> Decimal:
        """Their share of a month of 730 hours."""
        return Decimal(self.days * 24) / 730


class Figures:
    """Peaks and sums of metrics, an hour a point.

    Args:
        cloudwatch: boto3 client.
        window: the days.
    """

    def __init__(self, cloudwatch: Any, window: Window) -> None:
        self._cloudwatch, self._window = cloudwatch, window

    def peak(self, namespace: str, metric: str, dimensions: Mapping[str, str]) -> Decimal | None:
        """Return the highest value, None without any."""
        return max(self._points(namespace, metric, dimensions, "Maximum"), default=None)

    def total(self, namespace: str, metric: str, dimensions: Mapping[str, str]) -> Decimal | None:
        """Return the sum, None without any point: a service that sends no zero has not been called."""
        points = self._points(namespace, metric, dimensions, "Sum")
        return sum(points, Decimal(0)) if points else None

    def _points(self, namespace: str, metric: str, dimensions: Mapping[str, str], statistic: str) -> list[Decimal]:
        stat = {
            "Metric": {
                "Namespace": namespace,
                "MetricName": metric,
                "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
            },
            "Period": _HOUR,
            "Stat": statistic,
        }
        pages = self._cloudwatch.get_paginator("get_metric_data").paginate(
            MetricDataQueries=[{"Id": "it", "MetricStat": stat}],
            StartTime=self._window.start,
            EndTime=self._window.end,
        )
        return [Decimal(str(value)) for page in pages for each in page["MetricDataResults"] for value in each["Values"]]
