"""`CostBudget`: the amount, whose costs, and when the topic is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from bench import SLUG, Stand


@pytest.fixture
def properties(bench: Mapping[str, Stand]) -> dict[str, Any]:
    return bench["Budget"].one("AWS::Budgets::Budget").properties


def test_the_amount_is_in_us_dollars_a_month(properties: dict[str, Any]) -> None:
    budget = properties["Budget"]
    assert (budget["BudgetType"], budget["TimeUnit"]) == ("COST", "MONTHLY")
    assert budget["BudgetLimit"] == {"Amount": 500, "Unit": "USD"}


def test_only_what_carries_all_tags_counts(properties: dict[str, Any]) -> None:
    every = properties["Budget"]["FilterExpression"]["And"]
    assert [(each["Tags"]["Key"], each["Tags"]["Values"]) for each in every] == [
        ("Environment", ["dev"]),
        ("govml-use-case", [SLUG]),
    ]
    assert {option for each in every for option in each["Tags"]["MatchOptions"]} == {"EQUALS"}


def test_the_topic_is_told_at_each_share_and_of_a_forecast_beyond_the_budget(
    bench: Mapping[str, Stand], properties: dict[str, Any]
) -> None:
    told = [
        (each["Notification"]["NotificationType"], each["Notification"]["Threshold"])
        for each in properties["NotificationsWithSubscribers"]
    ]
    assert told == [("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100)]
    topic = bench["Alerts"].one("AWS::SNS::Topic").arn
    for each in properties["NotificationsWithSubscribers"]:
        assert each["Subscribers"] == [{"SubscriptionType": "SNS", "Address": topic}]


def test_other_shares_are_another_budget_as_notifications_cannot_change(properties: dict[str, Any]) -> None:
    assert properties["Budget"]["BudgetName"] == "bench-dev-cost-at-80-100"
