"""What makes the whole environment ring: failed runs, foundation models in trouble, messages that nobody could handle."""

from __future__ import annotations

from collections.abc import Sequence

from govml_constructs.monitoring.alarm_set import AlarmRule, Severity
from govml_constructs.pascal import pascal
from stacks.dashboards.jobs import PIPELINES
from stacks.environment.alarms import dead_letter_alarm


def pipeline_alarms(pipelines: Sequence[str]) -> list[AlarmRule]:
    """Return one alarm a pipeline: a run has failed."""
    return [
        AlarmRule(
            construct_id=f"PipelineFailed{pascal(name)}",
            description=f"A run of pipeline {name} failed.",
            namespace=PIPELINES,
            metric="ExecutionFailed",
            dimensions={"PipelineName": name},
            severity="ticket",
            owner="ML engineer",
            runbook="docs/operations/pipeline-failed.md",
        )
        for name in pipelines
    ]


def undelivered_alarm(queue_name: str) -> AlarmRule:
    """Return the alarm on messages that nobody could handle: an alert or a scheduled start was lost."""
    return dead_letter_alarm(
        "UndeliveredMessages",
        queue_name,
        description="An alert or a scheduled start was not delivered, and lies in the queue of dead letters.",
        severity="page",
        owner="operations engineer",
        runbook="docs/operations/undelivered-messages.md",
    )


def model_alarms(models: Sequence[str]) -> list[AlarmRule]:
    """Return two alarms a foundation model: it fails, and it refuses calls for their number."""
    rules = []
    for model in models:
        kinds: list[tuple[str, str, int, Severity]] = [
            ("Failing", "InvocationServerErrors", 5, "page"),
            ("Throttled", "InvocationThrottles", 20, "ticket"),
        ]
        for kind, metric, threshold, severity in kinds:
            rules.append(
                AlarmRule(
                    construct_id=f"Model{kind}{pascal(model)}",
                    description=f"Foundation model {model}: {metric} is at {threshold} or more in 5 minutes.",
                    namespace="AWS/Bedrock",
                    metric=metric,
                    dimensions={"ModelId": model},
                    threshold=threshold,
                    severity=severity,
                    owner="platform engineer",
                    runbook="docs/operations/foundation-models.md",
                )
            )
    return rules
