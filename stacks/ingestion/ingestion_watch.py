"""What is watched of ingestion: figures that the jobs publish, and events that nobody could act on."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence

from govml_constructs.ingestion_trigger import IngestionTrigger
from govml_constructs.monitoring.alarm_set import AlarmRule, Owner
from govml_constructs.monitoring.dashboard_widgets import Graph
from govml_constructs.pascal import pascal
from stacks.environment.alarms import dead_letter_alarm
from stacks.environment.job_code import PIPELINE_CODE

_NAMESPACE, _DIMENSION = "GovML/Ingestion", "DataSource"
_RUNBOOK = "docs/operations/ingestion.md"
_OWNER: Owner = "data engineer"
_DAY = 86_400
# An event waits for a run of at most four hours (pipelines/ingestion), and for the next look at the queue.
_LONGEST_WAIT_SECONDS = 6 * 3600


def max_age_days(source: str) -> int | None:
    """Return how old the newest data of a source may become, in days, as its contract says; None for no limit."""
    path = PIPELINE_CODE / "data_sources" / source / "contract.toml"
    dataset = tomllib.loads(path.read_text(encoding="utf-8"))["dataset"]
    return int(dataset["max_age_days"]) if "max_age_days" in dataset else None


def source_alarms(sources: Sequence[str]) -> list[AlarmRule]:
    """Return the alarms of each source: rows in quarantine, a refused file, data that has become too old."""
    rules = []
    for source in sources:
        name, dimensions = pascal(source), {_DIMENSION: source}
        for kind, metric, what in (
            ("RowsQuarantined", "RowsQuarantined", "rows broke the data contract and are in quarantine"),
            ("FilesRefused", "FilesRefused", "a delivered file was refused whole"),
        ):
            rules.append(
                AlarmRule(
                    construct_id=f"{kind}{name}",
                    description=f"{source}: {what}.",
                    namespace=_NAMESPACE,
                    metric=metric,
                    dimensions=dimensions,
                    severity="ticket",
                    owner=_OWNER,
                    runbook=_RUNBOOK,
                )
            )
        limit = max_age_days(source)
        if limit is not None:
            rules.append(
                AlarmRule(
                    construct_id=f"DataStale{name}",
                    description=f"{source}: the newest data is older than {limit} days.",
                    namespace=_NAMESPACE,
                    metric="AgeDays",
                    dimensions=dimensions,
                    threshold=limit + 1,
                    statistic="Maximum",
                    period_seconds=_DAY,
                    severity="ticket",
                    owner=_OWNER,
                    runbook=_RUNBOOK,
                )
            )
    return rules


def event_alarms(trigger: IngestionTrigger) -> list[AlarmRule]:
    """Return the alarms on events: one was laid aside, or one waits longer than any run takes."""
    return [
        dead_letter_alarm(
            "IngestionEventsLaidAside",
            trigger.dead_letters.queue_name,
            description="An event of the raw zone could not be acted on. Its attribute Reason says why.",
            severity="ticket",
            owner=_OWNER,
            runbook=_RUNBOOK,
        ),
        AlarmRule(
            construct_id="IngestionEventsWaiting",
            description="Delivered files have waited for hours: their pipeline runs on, or cannot start.",
            namespace="AWS/SQS",
            metric="ApproximateAgeOfOldestMessage",
            dimensions={"QueueName": trigger.queue.queue_name},
            threshold=_LONGEST_WAIT_SECONDS,
            statistic="Maximum",
            severity="ticket",
            owner=_OWNER,
            runbook=_RUNBOOK,
        ),
    ]


def ingestion_graphs(sources: Sequence[str]) -> list[Graph]:
    """Return the graphs of ingestion, a line a source; none without sources."""
    if not sources:
        return []
    return [
        Graph(
            title=title,
            metrics=[[_NAMESPACE, metric, _DIMENSION, source] for source in sources],
            statistic=statistic,
            period_seconds=_DAY,
        )
        for title, metric, statistic in (
            ("Rows in curated tables", "RowsInTable", "Maximum"),
            ("Rows in quarantine", "RowsQuarantined", "Sum"),
            ("Age of the newest data (days)", "AgeDays", "Maximum"),
        )
    ]
