"""`AlarmSet`: CloudWatch alarms that all tell the same topic, each with what to do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from govml_constructs.place import PlacedConstruct

Severity = Literal["page", "ticket"]
"""`page`: somebody has to look now; `ticket`: on the next working day."""
Owner = Literal["data engineer", "ML engineer", "operations engineer", "platform engineer"]
"""Whose duty it is."""


@dataclass(frozen=True)
class AlarmRule:
    """One alarm.

    Args:
        construct_id: PascalCase id, never changed once landed.
        description: what has happened, one or two sentences.
        namespace: metric namespace, as in `AWS/Bedrock`.
        metric: metric name.
        dimensions: metric dimensions.
        threshold: alarm when the statistic is at or above it.
        statistic: `Sum`, `Maximum`, `p99` ...
        period_seconds: length of one period.
        periods: number of periods in a row.
        name: physical name where others know the alarm by it, else it is made of prefix and id.
        missing: what a period without data means; `ignore` keeps the state that the alarm has, and for
            `breaching` silence is as bad as failure.
        severity: how soon somebody has to look; routes are chosen by it.
        owner: whose duty it is.
        runbook: what to do, a page of the repository, as in `docs/operations/ingestion.md`.
    """

    construct_id: str
    description: str
    namespace: str
    metric: str
    dimensions: Mapping[str, str] = field(default_factory=dict)
    threshold: float = 1
    statistic: str = "Sum"
    period_seconds: int = 300
    periods: int = 1
    name: str | None = None
    missing: Literal["notBreaching", "ignore", "breaching"] = "notBreaching"
    severity: Severity = field(kw_only=True)
    owner: Owner = field(kw_only=True)
    runbook: str = field(kw_only=True)


def told(severity: Severity, description: str, owner: Owner, runbook: str) -> str:
    """Return an alarm's description as the alert shows it; subscriptions choose by how it begins."""
    return f"[{severity}] {description} Owner: {owner}. Runbook: {runbook}."


class AlarmSet(PlacedConstruct):
    """Alarms with an action on alarm and on recovery, each with severity, owner and runbook.

    Missing data is no alarm unless a rule says otherwise, as idle jobs and models send none.

    Args:
        name_prefix: prefix of the physical names, as in `sandbox-dev`.
        rules: the alarms.
        topic: where they go.

    Attributes:
        alarms: the alarms, in the order of the rules.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, name_prefix: str, rules: Sequence[AlarmRule], topic: sns.ITopic
    ) -> None:
        super().__init__(scope, construct_id)
        self.alarms: list[cloudwatch.CfnAlarm] = []
        actions = [topic.topic_arn]  # asked once: each question crosses into the kernel
        for rule in rules:
            extended = rule.statistic.startswith("p")
            alarm = cloudwatch.CfnAlarm(
                self,
                rule.construct_id,
                alarm_name=rule.name or f"{name_prefix}-{rule.construct_id}",
                alarm_description=told(rule.severity, rule.description, rule.owner, rule.runbook),
                namespace=rule.namespace,
                metric_name=rule.metric,
                dimensions=[
                    cloudwatch.CfnAlarm.DimensionProperty(name=name, value=value)
                    for name, value in rule.dimensions.items()
                ],
                statistic=None if extended else rule.statistic,
                extended_statistic=rule.statistic if extended else None,
                comparison_operator="GreaterThanOrEqualToThreshold",
                threshold=rule.threshold,
                period=rule.period_seconds,
                evaluation_periods=rule.periods,
                treat_missing_data=rule.missing,
                alarm_actions=actions,
                ok_actions=actions,
            )
            self.alarms.append(alarm)

    @property
    def alarm_arns(self) -> list[str]:
        """ARNs of the alarms, for a dashboard."""
        return [alarm.attr_arn for alarm in self.alarms]
