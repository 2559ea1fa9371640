"""When a served model rings: it drifts, what comes in cannot be trusted, or nobody could decide on training it again."""

from __future__ import annotations

from functools import partial

from govml_constructs.monitoring.alarm_set import AlarmRule
from govml_constructs.pascal import pascal
from stacks.environment.alarms import dead_letter_alarm
from stacks.environment.context import EnvironmentContext

#: Where the drift engine sends its figures, and by which dimension (pipeline_code, `monitoring.report.emission`).
NAMESPACE, DIMENSION = "GovML/Monitoring", "Endpoint"
_DAY = 86_400


def drift_alarms(context: EnvironmentContext, use_case: str) -> list[AlarmRule]:
    """Return the two alarms of a served model: it drifts, and what comes in cannot be trusted."""
    names = context.names
    daily = partial(
        AlarmRule,
        namespace=NAMESPACE,
        dimensions={DIMENSION: names.endpoint(use_case)},
        statistic="Maximum",
        period_seconds=_DAY,
    )
    word = pascal(use_case)
    return [
        daily(
            construct_id=f"Drift{word}",
            name=names.drift_alarm(use_case),
            description=f"The model of {use_case} drifts: sustained, and retraining is asked for.",
            metric="RetrainingRequested",
            severity="ticket",
            owner="ML engineer",
            runbook="docs/operations/drift.md",
        ),
        daily(
            construct_id=f"Feed{word}",
            name=names.feed_alarm(use_case),
            description=f"Requests or labels of {use_case} cannot be trusted or have stopped; retraining waits.",
            metric="BrokenFeed",
            # A day without a look says nothing about the feed: what was broken stays so until a look finds it whole.
            missing="ignore",
            severity="page",
            owner="data engineer",
            runbook="docs/operations/broken-feed.md",
        ),
    ]


def undecided_alarm(queue_name: str) -> AlarmRule:
    """Return the alarm on what asked for retraining, and the function that decides on it failed on for hours."""
    return dead_letter_alarm(
        "RetrainingUndecided",
        queue_name,
        description="Something asked for a model to be trained again or looked at, and nobody could decide on it.",
        severity="ticket",
        owner="ML engineer",
        runbook="docs/operations/retraining.md",
    )
