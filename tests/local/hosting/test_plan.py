"""From a deployment configuration to the steps of a rollout."""

from __future__ import annotations

import pytest
from hosting_stage import canary
from hypothesis import given
from hypothesis import strategies as st

from govml.local.hosting.deployment.plan import Stage, plan


def linear(kind: str, value: int) -> dict[str, object]:
    size = {"Type": kind, "Value": value}
    routing = {"Type": "LINEAR", "LinearStepSize": size, "WaitIntervalInSeconds": 60}
    return {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing, "TerminationWaitInSeconds": 30}}


def test_without_a_configuration_all_traffic_moves_at_once() -> None:
    assert plan({}, 2).stages == (Stage(1.0, 0.0),)


def test_a_canary_is_two_steps_with_a_bake_after_each() -> None:
    made = plan(canary(10, wait=300, bake=120, alarms=("a", "b")), 2)
    assert made.stages == (Stage(0.1, 300), Stage(1.0, 120))
    assert made.alarms == ("a", "b")


@pytest.mark.parametrize(("value", "instances", "share"), [(1, 4, 0.25), (1, 1, 1.0), (3, 2, 1.0)])
def test_a_size_in_instances_is_a_part_of_the_fleet(value: int, instances: int, share: float) -> None:
    assert plan(linear("INSTANCE_COUNT", value), instances).stages[0].share == share


@given(st.integers(1, 100))
def test_a_linear_rollout_rises_in_equal_steps_to_the_whole(percent: int) -> None:
    shares = [stage.share for stage in plan(linear("CAPACITY_PERCENT", percent), 2).stages]
    assert shares == sorted(set(shares))
    assert shares[-1] == 1.0
    assert len(shares) == -(-100 // percent)


def test_a_rolling_update_shifts_batch_by_batch() -> None:
    size = {"Type": "CAPACITY_PERCENT", "Value": 50}
    made = plan({"RollingUpdatePolicy": {"MaximumBatchSize": size, "WaitIntervalInSeconds": 5}}, 2)
    assert (made.kind, made.stages) == ("ROLLING", (Stage(0.5, 5.0), Stage(1.0, 5.0)))
