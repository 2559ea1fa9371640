"""`UsualBandAlarm`: beyond the band to either side, for an hour, told with severity and runbook."""

from __future__ import annotations

from collections.abc import Mapping

from bench import Stand


def test_the_metric_is_compared_with_its_own_band_to_both_sides(bench: Mapping[str, Stand]) -> None:
    properties = bench["Traffic"].one("AWS::CloudWatch::Alarm").properties
    seen, usual = properties["Metrics"]
    assert seen["MetricStat"]["Metric"]["MetricName"] == "Invocations"
    assert usual["Expression"] == f"ANOMALY_DETECTION_BAND({seen['Id']}, 4)"
    assert properties["ThresholdMetricId"] == usual["Id"]
    assert properties["ComparisonOperator"] == "LessThanLowerOrGreaterThanUpperThreshold"
    assert properties["EvaluationPeriods"] * seen["MetricStat"]["Period"] == 3600


def test_it_is_told_to_the_topic_as_every_alarm(bench: Mapping[str, Stand]) -> None:
    properties = bench["Traffic"].one("AWS::CloudWatch::Alarm").properties
    topic = bench["Alerts"].one("AWS::SNS::Topic").arn
    assert properties["AlarmActions"] == properties["OKActions"] == [topic]
    assert (
        properties["AlarmDescription"]
        == "[ticket] Unusual traffic. Owner: ML engineer. Runbook: docs/operations/endpoint.md."
    )
    assert properties["TreatMissingData"] == "notBreaching"
