"""How traffic moves to a new model, and who else answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from cfn_templates import ACCOUNT, REGION, Template
from endpoint_stage import ALARM, BOTH, CONFIG, ENDPOINT, MODEL, RELEASED, one, released


class TestRollouts:
    def test_an_alarm_takes_a_release_back_and_exists_before_the_endpoint(
        self, templates: Mapping[str, Template]
    ) -> None:
        given = templates["Plain"].given(**RELEASED)
        alarms = {each.name: each for each in given.made(ALARM)}
        guards = one(given, ENDPOINT)["DeploymentConfig"]["AutoRollbackConfiguration"]["Alarms"]
        assert {each["AlarmName"] for each in guards} == set(alarms)
        assert len(alarms) == 3
        for alarm in alarms.values():
            text = str(alarm.body)
            assert "Ref': 'Serving" not in text, "an alarm waits for nothing of the endpoint"
            assert "DependsOn" not in alarm.body

    def test_alarms_are_shares_and_microseconds(self, templates: Mapping[str, Template]) -> None:
        given = templates["Plain"].given(**RELEASED)
        found = {
            each.properties["MetricName"]: (
                each.properties["Threshold"],
                each.properties.get("Statistic") or each.properties["ExtendedStatistic"],
            )
            for each in given.made(ALARM)
        }
        assert found == {
            "Invocation5XXErrors": (0.01, "Average"),
            "InvocationModelErrors": (0.1, "Average"),
            "ModelLatency": (500_000, "p99"),
        }
        for each in given.made(ALARM):
            dimensions = {each["Name"]: each["Value"] for each in each.properties["Dimensions"]}
            assert dimensions == {"EndpointName": "bench-Plain", "VariantName": "live"}
            assert each.properties["AlarmActions"] == [f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"]

    @pytest.mark.parametrize(
        ("name", "routing", "last_bake", "timeout"),
        [
            (
                "Plain",
                {
                    "Type": "CANARY",
                    "WaitIntervalInSeconds": 600,
                    "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 50},
                },
                600,
                3600,
            ),
            (
                "Linear",
                {
                    "Type": "LINEAR",
                    "WaitIntervalInSeconds": 300,
                    "LinearStepSize": {"Type": "CAPACITY_PERCENT", "Value": 10},
                },
                300,
                5100,
            ),
            ("Ab", {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0}, 300, 2400),
        ],
    )
    def test_traffic_moves_as_planned(
        self, templates: Mapping[str, Template], name: str, routing: dict[str, Any], last_bake: int, timeout: int
    ) -> None:
        policy = one(templates[name].given(**RELEASED), ENDPOINT)["DeploymentConfig"]["BlueGreenUpdatePolicy"]
        assert policy["TrafficRoutingConfiguration"] == routing
        assert policy["TerminationWaitInSeconds"] == last_bake
        assert policy["MaximumExecutionTimeoutInSeconds"] == timeout

    def test_a_serverless_endpoint_has_none(self, templates: Mapping[str, Template]) -> None:
        assert "DeploymentConfig" not in one(templates["Serverless"].given(**RELEASED), ENDPOINT)


class TestChallengers:
    @pytest.mark.parametrize(
        ("weight", "shares"), [("", (90, 10)), ("25", (75, 25)), ("0", (100, 0)), ("100", (0, 100))]
    )
    def test_an_ab_challenger_answers_its_share(
        self, templates: Mapping[str, Template], weight: str, shares: tuple[int, int]
    ) -> None:
        given = templates["Ab"].given(**BOTH, ChallengerWeight=weight)
        live, challenger = one(given, CONFIG)["ProductionVariants"]
        assert (int(live["InitialVariantWeight"]), int(challenger["InitialVariantWeight"])) == shares
        assert live["ModelName"] != challenger["ModelName"]

    def test_a_shadow_gets_copies_and_the_live_model_answers_everything(
        self, templates: Mapping[str, Template]
    ) -> None:
        given = templates["Shadow"].given(**BOTH, ChallengerWeight="30")
        config = one(given, CONFIG)
        (live,), (shadow,) = config["ProductionVariants"], config["ShadowProductionVariants"]
        assert (live["InitialVariantWeight"], int(shadow["InitialVariantWeight"])) == (100, 30)
        assert one(templates["Shadow"].given(**RELEASED), CONFIG).get("ShadowProductionVariants") is None

    def test_a_shadow_s_errors_stop_no_release_and_a_challenger_s_do(self, templates: Mapping[str, Template]) -> None:
        for name, number in (("Shadow", 3), ("Ab", 6)):
            given = templates[name].given(**BOTH)
            guards = one(given, ENDPOINT)["DeploymentConfig"]["AutoRollbackConfiguration"]["Alarms"]
            assert len(guards) == number
            assert len(given.made(ALARM)) == 6

    def test_no_challenger_lives_without_a_live_model(self, templates: Mapping[str, Template]) -> None:
        assert templates["Ab"].given(**released("Challenger")).made(MODEL) == []
