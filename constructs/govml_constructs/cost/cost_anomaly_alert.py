"""`CostAnomalyAlert`: the alert topic is told when spending leaves its usual pattern."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from aws_cdk import aws_ce as ce
from aws_cdk import aws_sns as sns
from constructs import Construct

from govml_constructs.place import PlacedConstruct


class CostAnomalyAlert(PlacedConstruct):
    """Monitors of AWS Cost Anomaly Detection, and a subscription that tells their anomalies at once.

    Without tags and without a monitor that exists already, the account's monitor of services is made. An account can have
    one of that kind only, and none but the account that pays may watch tags (Cost Management user guide, "Getting started
    with AWS Cost Anomaly Detection").

    Args:
        name: start of the monitors' and the subscription's names, as in `sandbox-dev`.
        impact_usd: anomalies that cost at least so many US dollars in all are told.
        tags: PascalCase id -> (tag key, values): one monitor for each.
        existing_monitors: ARNs of monitors to listen to instead of making any.
        topic: the alert topic; its policy and its key must let `costalerts.amazonaws.com` publish.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        impact_usd: float,
        tags: Mapping[str, tuple[str, Sequence[str]]],
        existing_monitors: Sequence[str] = (),
        topic: sns.ITopic,
    ) -> None:
        super().__init__(scope, construct_id)
        monitors = [
            ce.CfnAnomalyMonitor(
                self,
                monitor_id,
                monitor_name=f"{name}-{monitor_id}",
                monitor_type="CUSTOM",
                monitor_specification=json.dumps({"Tags": {"Key": key, "Values": list(values)}}),
            )
            for monitor_id, (key, values) in tags.items()
        ]
        if not monitors and not existing_monitors:
            monitors = [
                ce.CfnAnomalyMonitor(
                    self,
                    "Services",
                    monitor_name=f"{name}-Services",
                    monitor_type="DIMENSIONAL",
                    monitor_dimension="SERVICE",
                )
            ]
        threshold = {
            "Key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
            "MatchOptions": ["GREATER_THAN_OR_EQUAL"],
            "Values": [f"{impact_usd:g}"],
        }
        self.resource = ce.CfnAnomalySubscription(
            self,
            "Subscription",
            subscription_name=f"{name}-cost-anomalies",
            frequency="IMMEDIATE",  # the only one that goes to a topic
            monitor_arn_list=[*existing_monitors, *(monitor.attr_monitor_arn for monitor in monitors)],
            subscribers=[ce.CfnAnomalySubscription.SubscriberProperty(type="SNS", address=topic.topic_arn)],
            threshold_expression=json.dumps({"Dimensions": threshold}),
        )
