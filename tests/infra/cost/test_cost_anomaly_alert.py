"""`CostAnomalyAlert`: what is watched, from which impact on it is told, and to whom."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bench import SLUG, Stand

MONITOR, SUBSCRIPTION = "AWS::CE::AnomalyMonitor", "AWS::CE::AnomalySubscription"


def test_without_tags_the_services_of_the_account_are_watched(bench: Mapping[str, Stand]) -> None:
    properties = bench["Anomalies"].one(MONITOR).properties
    assert (properties["MonitorType"], properties["MonitorDimension"]) == ("DIMENSIONAL", "SERVICE")


def test_with_tags_each_has_a_monitor(bench: Mapping[str, Stand]) -> None:
    monitors = bench["AnomaliesByTag"].all(MONITOR)
    watched = [json.loads(each.properties["MonitorSpecification"])["Tags"] for each in monitors]
    assert watched == [
        {"Key": "Environment", "Values": ["dev"]},
        {"Key": "govml-use-case", "Values": [SLUG]},
    ]
    assert len(bench["AnomaliesByTag"].one(SUBSCRIPTION).properties["MonitorArnList"]) == 2


def test_a_monitor_that_exists_is_used_and_none_is_made(bench: Mapping[str, Stand]) -> None:
    stand = bench["AnomaliesOfTheirs"]
    assert stand.all(MONITOR) == []
    (arn,) = stand.one(SUBSCRIPTION).properties["MonitorArnList"]
    assert arn.startswith("arn:aws:ce::")


def test_the_topic_is_told_at_once_of_what_costs_enough(bench: Mapping[str, Stand]) -> None:
    topic = bench["Alerts"].one("AWS::SNS::Topic").arn
    for name in ("Anomalies", "AnomaliesByTag", "AnomaliesOfTheirs"):
        properties = bench[name].one(SUBSCRIPTION).properties
        assert properties["Frequency"] == "IMMEDIATE"
        assert properties["Subscribers"] == [{"Type": "SNS", "Address": topic}]
        threshold = json.loads(properties["ThresholdExpression"])["Dimensions"]
        assert (threshold["Key"], threshold["Values"]) == ("ANOMALY_TOTAL_IMPACT_ABSOLUTE", ["50"])
