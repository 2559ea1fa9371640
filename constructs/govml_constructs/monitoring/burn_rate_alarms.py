"""`BurnRateAlarms`: an endpoint uses up its error budget too fast, over a long and a short window together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import CfnCondition
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from govml_constructs.monitoring.alarm_set import Owner, Severity, told
from govml_constructs.place import PlacedConstruct
from govml_constructs.validation.acknowledgement import acknowledge

_NAMESPACE = "AWS/SageMaker"


@dataclass(frozen=True)
class BurnRule:
    """One speed at which a promise is broken.

    Args:
        construct_id: PascalCase id, as in `AvailabilityBurns6x`.
        description: what it means.
        bad_share: share of bad requests, 0 to 1, at or above which it is broken at this speed.
        long_minutes: window that shows it matters; a day at most, the longest period of an alarm.
        short_minutes: window that shows it goes on.
        slow_ms: bad requests take longer than this in the model; None: bad requests end in a 5xx error.
        severity: how soon somebody has to look.
    """

    construct_id: str
    description: str
    bad_share: float
    long_minutes: int
    short_minutes: int
    slow_ms: float | None
    severity: Severity


class BurnRateAlarms(PlacedConstruct):
    """For each rule two alarms without a voice, one a window, and one over both that tells the topic.

    The long window says that it matters, the short one that it still goes on (The Site Reliability Workbook, chapter 5).

    Args:
        endpoint: name of the endpoint.
        variant: its variant.
        rules: the speeds.
        owner: whose duty it is.
        runbook: what to do.
        topic: where it is told.
        condition: under which the endpoint exists.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        endpoint: str,
        variant: str,
        rules: Sequence[BurnRule],
        owner: Owner,
        runbook: str,
        topic: sns.ITopic,
        condition: CfnCondition | None,
    ) -> None:
        super().__init__(scope, construct_id)
        self._endpoint, self._variant, self._condition = endpoint, variant, condition
        for rule in rules:
            windows = [
                self._window(rule, name, minutes)
                for name, minutes in (("Long", rule.long_minutes), ("Short", rule.short_minutes))
            ]
            together = cloudwatch.CfnCompositeAlarm(
                self,
                rule.construct_id,
                alarm_name=f"{endpoint}-{rule.construct_id}",
                alarm_description=told(rule.severity, rule.description, owner, runbook),
                alarm_rule=" AND ".join(f'ALARM("{window.alarm_name}")' for window in windows),
                alarm_actions=[topic.topic_arn],
                ok_actions=[topic.topic_arn],
            )
            together.cfn_options.condition = condition
            for window in windows:
                together.add_resource_dependency(window)
        if rules:
            acknowledge(
                self,
                "NIST.800.53.R5-CloudWatchAlarmAction",
                reason="One window alone is no alert: the composite alarm over both windows tells the topic.",
                owner="platform-operations",
                expires="2027-11-20",
            )

    def _window(self, rule: BurnRule, name: str, minutes: int) -> cloudwatch.CfnAlarm:
        alarm = cloudwatch.CfnAlarm(
            self,
            f"{rule.construct_id}{name}",
            alarm_name=f"{self._endpoint}-{rule.construct_id}{name}",
            alarm_description=f"{name} window of {rule.construct_id}: {minutes} minutes. It tells nobody by itself.",
            metrics=self._bad_share(rule, minutes * 60),
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=rule.bad_share,
            evaluation_periods=1,
            treat_missing_data="notBreaching",
        )
        alarm.cfn_options.condition = self._condition
        return alarm

    def _bad_share(self, rule: BurnRule, seconds: int) -> list[cloudwatch.CfnAlarm.MetricDataQueryProperty]:
        """Return the queries for the share of bad requests; without requests it is 0."""
        if rule.slow_ms is None:
            parts = [self._metric("bad", "Invocation5XXErrors", "Sum", seconds)]
            share = "IF(all > 0, FILL(bad, 0) / all, 0)"
        else:
            # share of requests up to the limit, in percent (CloudWatch user guide, "Percentile rank"); microseconds
            parts = [self._metric("good", "ModelLatency", f"PR(:{rule.slow_ms * 1000:g})", seconds)]
            share = "IF(all > 0, 1 - good / 100, 0)"
        parts.append(self._metric("all", "Invocations", "Sum", seconds))
        query = cloudwatch.CfnAlarm.MetricDataQueryProperty
        return [*parts, query(id="share", expression=share, label="Share of bad requests", return_data=True)]

    def _metric(
        self, name: str, metric: str, statistic: str, seconds: int
    ) -> cloudwatch.CfnAlarm.MetricDataQueryProperty:
        cfn = cloudwatch.CfnAlarm
        dimensions = {"EndpointName": self._endpoint, "VariantName": self._variant}
        return cfn.MetricDataQueryProperty(
            id=name,
            return_data=False,
            metric_stat=cfn.MetricStatProperty(
                metric=cfn.MetricProperty(
                    namespace=_NAMESPACE,
                    metric_name=metric,
                    dimensions=[cfn.DimensionProperty(name=key, value=value) for key, value in dimensions.items()],
                ),
                period=seconds,
                stat=statistic,
            ),
        )
