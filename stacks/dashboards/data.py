"""What the pages of data show: how much lies in each zone, and what queries cost."""

from __future__ import annotations

from collections.abc import Mapping

from govml_constructs.monitoring.dashboard_widgets import Graph, search

_DAY = 86_400  # S3 tells its storage once a day (S3 user guide, "Amazon S3 daily storage metrics for buckets")
_QUERIES = ("AWS/Athena", "QueryState", "QueryType", "WorkGroup")


def zone_graphs(buckets: Mapping[str, str]) -> list[Graph]:
    """Return the graphs of the lake's zones.

    Args:
        buckets: zone -> name of its bucket.
    """

    def rows(metric: str, kind: str) -> list[list[str]]:
        return [["AWS/S3", metric, "BucketName", name, "StorageType", kind] for name in buckets.values()]

    return [
        Graph(
            title="Bytes in each zone, standard storage",
            metrics=rows("BucketSizeBytes", "StandardStorage"),
            statistic="Average",
            period_seconds=_DAY,
        ),
        Graph(
            title="Objects in each zone, old versions too",
            metrics=rows("NumberOfObjects", "AllStorageTypes"),
            statistic="Average",
            period_seconds=_DAY,
        ),
    ]


def query_graphs(workgroup: str) -> list[Graph]:
    """Return the graphs of a workgroup of Athena: what was scanned, which is paid for, and how long queries took."""
    return [
        Graph(
            title=title,
            metrics=[search(_QUERIES, metric, statistic, 300, WorkGroup=workgroup)],
            statistic=statistic,
        )
        for title, metric, statistic in (
            ("Bytes scanned by queries", "ProcessedBytes", "Sum"),
            ("Longest query (ms)", "TotalExecutionTime", "Maximum"),
        )
    ]
