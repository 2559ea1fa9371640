"""An alarm as data: from a template's properties or from what `DescribeAlarms` answers, which spell it alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Missing = Literal["missing", "ignore", "breaching", "notBreaching"]
Dimensions = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Metric:
    """One metric: namespace, name, and its dimensions, all of which count."""

    namespace: str
    name: str
    dimensions: Dimensions


@dataclass(frozen=True)
class Query:
    """One metric with a statistic, or an expression over other queries.

    Args:
        name: by which expressions call it.
        metric: the metric; None for an expression.
        statistic: of the metric, in each period.
        expression: metric math.
    """

    name: str
    metric: Metric | None
    statistic: str
    expression: str


@dataclass(frozen=True)
class Alarm:
    """A metric alarm.

    Args:
        name: physical name.
        queries: what is computed, in the order of the definition.
        watched: name of the query that is judged.
        band: name of the query with the band of usual values; empty: `threshold` is the limit.
        comparison: as in `GreaterThanOrEqualToThreshold`.
        threshold: the limit.
        period: length of a period in seconds.
        periods: how many are judged.
        to_alarm: how many of them must breach.
        missing: what a period without data means.
    """

    name: str
    queries: tuple[Query, ...]
    watched: str
    band: str
    comparison: str
    threshold: float
    period: float
    periods: int
    to_alarm: int
    missing: Missing

    @property
    def metrics(self) -> dict[Metric, Query]:
        """The metrics that it reads, each with the query that reads it."""
        return {each.metric: each for each in self.queries if each.metric is not None}


def read_alarm(given: Mapping[str, Any]) -> Alarm:
    """Read a metric alarm.

    Args:
        given: properties of `AWS::CloudWatch::Alarm` without intrinsic functions, or an item of `MetricAlarms`.
    """
    queries, period = _queries(given)
    band = str(given.get("ThresholdMetricId") or "")
    listed = given.get("Metrics") or [{"Id": "m1", "ReturnData": True}]
    returned = [each["Id"] for each in listed if each.get("ReturnData", True)]
    periods = int(given.get("EvaluationPeriods") or 1)
    return Alarm(
        name=str(given.get("AlarmName") or ""),
        queries=queries,
        watched=next(name for name in returned if name != band),
        band=band,
        comparison=str(given["ComparisonOperator"]),
        threshold=float(given.get("Threshold") or 0),
        period=period,
        periods=periods,
        to_alarm=int(given.get("DatapointsToAlarm") or periods),
        missing=given.get("TreatMissingData") or "missing",
    )


def _queries(given: Mapping[str, Any]) -> tuple[tuple[Query, ...], float]:
    """Return the queries, and the longest of their periods."""
    listed = given.get("Metrics")
    if not listed:
        statistic = given.get("ExtendedStatistic") or given.get("Statistic") or "Average"
        return (Query("m1", _metric(given), str(statistic), ""),), float(given.get("Period") or 60)
    found, periods = [], [60.0]
    for each in listed:
        stat = each.get("MetricStat")
        if stat:
            periods.append(float(stat["Period"]))
            found.append(Query(each["Id"], _metric(stat["Metric"]), str(stat["Stat"]), ""))
        else:
            found.append(Query(each["Id"], None, "", str(each["Expression"])))
    return tuple(found), max(periods)


def _metric(given: Mapping[str, Any]) -> Metric:
    dimensions = frozenset((each["Name"], str(each["Value"])) for each in given.get("Dimensions") or ())
    return Metric(str(given.get("Namespace") or ""), str(given.get("MetricName") or ""), dimensions)
