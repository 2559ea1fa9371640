"""`UsualBandAlarm`: a metric leaves the band in which it usually is at this hour of the week."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import CfnCondition
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sns as sns
from constructs import Construct

from govml_constructs.monitoring.alarm_set import Owner, Severity, told
from govml_constructs.place import PlacedConstruct

_PERIOD_SECONDS = 900
_PERIODS = 4


class UsualBandAlarm(PlacedConstruct):
    """An alarm by CloudWatch anomaly detection, on what lies beyond the band for an hour, above or below.

    CloudWatch learns the band from up to two weeks of the metric, by hour and by day of the week, and raises no alarm before
    (CloudWatch user guide, "Using CloudWatch anomaly detection"). Without data there is no alarm.

    Args:
        name: physical name of the alarm.
        description: what it means.
        namespace: metric namespace.
        metric: metric name.
        statistic: what of it is judged, over 15 minutes.
        dimensions: metric dimensions.
        width: width of the band to each side, in standard deviations.
        severity: how soon somebody has to look.
        owner: whose duty it is.
        runbook: what to do.
        topic: where it is told.
        condition: under which what is watched exists.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        description: str,
        namespace: str,
        metric: str,
        statistic: str = "Sum",
        dimensions: Mapping[str, str],
        width: float,
        severity: Severity,
        owner: Owner,
        runbook: str,
        topic: sns.ITopic,
        condition: CfnCondition | None,
    ) -> None:
        super().__init__(scope, construct_id)
        cfn = cloudwatch.CfnAlarm
        seen = cfn.MetricStatProperty(
            metric=cfn.MetricProperty(
                namespace=namespace,
                metric_name=metric,
                dimensions=[cfn.DimensionProperty(name=key, value=value) for key, value in dimensions.items()],
            ),
            period=_PERIOD_SECONDS,
            stat=statistic,
        )
        self.resource = cfn(
            self,
            "Alarm",
            alarm_name=name,
            alarm_description=told(severity, description, owner, runbook),
            metrics=[
                cfn.MetricDataQueryProperty(id="seen", metric_stat=seen, return_data=True),
                cfn.MetricDataQueryProperty(
                    id="usual", expression=f"ANOMALY_DETECTION_BAND(seen, {width:g})", return_data=True
                ),
            ],
            threshold_metric_id="usual",
            comparison_operator="LessThanLowerOrGreaterThanUpperThreshold",
            evaluation_periods=_PERIODS,
            treat_missing_data="notBreaching",
            alarm_actions=[topic.topic_arn],
            ok_actions=[topic.topic_arn],
        )
        self.resource.cfn_options.condition = condition
