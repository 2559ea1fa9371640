"""Figures of a run, for CloudWatch: namespace `GovML/Ingestion`, dimension `DataSource`."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime
from typing import Any

from govml_pipeline.data.contract import Contract
from govml_pipeline.ingestion.run import Run

NAMESPACE, DIMENSION = "GovML/Ingestion", "DataSource"


def figures(run: Run, *, now: datetime | None = None) -> dict[str, float]:
    """Return name -> value.

    `AgeDays` is the age of the newest month's end in days, at least 0; it is left out while the table has no rows.
    """
    counts = [entry.counts for entry in run.taken_in]
    found: dict[str, float] = {
        "FilesTakenIn": sum(entry.outcome == "applied" for entry in run.taken_in),
        "FilesRefused": sum(entry.outcome == "refused" for entry in run.taken_in),
        "FilesFailed": len(run.failed),
        "RowsRead": sum(each.read for each in counts),
        "RowsQuarantined": sum(each.quarantined for each in counts),
        "RowsInserted": sum(each.inserted for each in counts),
        "RowsCorrected": sum(each.updated for each in counts),
        "RowsInTable": run.rows,
    }
    if run.newest_month:
        found["AgeDays"] = age_days(run.newest_month, now or datetime.now(UTC))
    return found


def age_days(month: str, now: datetime) -> int:
    """Return the days since the end of a month `YYYY-MM`, 0 if it has not ended."""
    year, number = int(month[:4]), int(month[5:7])
    end = datetime(year, number, calendar.monthrange(year, number)[1], tzinfo=UTC)
    return max((now - end).days, 0)


def is_stale(run: Run, contract: Contract, *, now: datetime | None = None) -> bool:
    """Return whether the newest month is older than the contract allows."""
    age = figures(run, now=now).get("AgeDays")
    return contract.max_age_days is not None and age is not None and age > contract.max_age_days


def publish(source: str, values: dict[str, float], client: Any = None) -> None:
    """Send the figures to CloudWatch.

    Args:
        source: name of the data source.
        values: name -> value.
        client: CloudWatch client; made from the environment when not given.

    Raises:
        botocore.exceptions.ClientError: CloudWatch refuses.
    """
    if client is None:
        import boto3

        client = boto3.client("cloudwatch")
    dimensions = [{"Name": DIMENSION, "Value": source}]
    client.put_metric_data(
        Namespace=NAMESPACE,
        MetricData=[{"MetricName": name, "Dimensions": dimensions, "Value": value} for name, value in values.items()],
    )
