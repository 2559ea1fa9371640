"""Capacity follows requests."""

from __future__ import annotations

from collections.abc import Mapping

from cfn_templates import Template
from endpoint_stage import ALARM, BOTH, CONFIG, ENDPOINT, POLICY, RELEASED, TARGET, one


class TestScaling:
    def test_scaled_capacity_survives_a_release_and_a_new_share_does_not_wait(
        self, templates: Mapping[str, Template]
    ) -> None:
        endpoint = one(templates["Ab"].given(**BOTH), ENDPOINT)
        assert endpoint["RetainAllVariantProperties"] is True
        assert endpoint["ExcludeRetainedVariantProperties"] == [{"VariantPropertyType": "DesiredWeight"}]
        assert "RetainAllVariantProperties" not in one(templates["Plain"].given(**RELEASED), ENDPOINT)

    def test_each_variant_that_answers_scales_by_its_requests(self, templates: Mapping[str, Template]) -> None:
        given = templates["Ab"].given(**BOTH)
        assert {each.properties["ResourceId"] for each in given.made(TARGET)} == {
            "endpoint/bench-Ab/variant/live",
            "endpoint/bench-Ab/variant/challenger",
        }
        for each in given.made(TARGET):
            assert (each.properties["MinCapacity"], each.properties["MaxCapacity"]) == (2, 6)
        for each in given.made(POLICY):
            tracking = each.properties["TargetTrackingScalingPolicyConfiguration"]
            assert tracking["TargetValue"] == 900
            assert tracking["PredefinedMetricSpecification"]["PredefinedMetricType"].endswith("InvocationsPerInstance")
        assert len(templates["Ab"].given(**RELEASED).made(TARGET)) == 1

    def test_an_asynchronous_endpoint_sleeps_at_zero_and_one_waiting_request_wakes_it(
        self, templates: Mapping[str, Template]
    ) -> None:
        given = templates["Async"].given(**RELEASED)
        assert one(given, TARGET)["MinCapacity"] == 0
        assert one(given, CONFIG)["ProductionVariants"][0]["InitialInstanceCount"] == 1
        kinds = {each.properties["PolicyType"]: each for each in given.made(POLICY)}
        backlog = kinds["TargetTrackingScaling"].properties["TargetTrackingScalingPolicyConfiguration"]
        assert backlog["CustomizedMetricSpecification"]["MetricName"] == "ApproximateBacklogSizePerInstance"
        (wake,) = [
            each.properties
            for each in given.made(ALARM)
            if each.properties["MetricName"] == "HasBacklogWithoutCapacity"
        ]
        assert wake["AlarmActions"] == [kinds["StepScaling"].name]
        guards = one(given, ENDPOINT)["DeploymentConfig"]["AutoRollbackConfiguration"]["Alarms"]
        assert wake["AlarmName"] not in {each["AlarmName"] for each in guards}  # it needs the endpoint first
