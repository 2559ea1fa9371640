"""Budgets and cost anomalies: types that MiniStack's CloudFormation engine lacks. No costs arise in the local account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from govml.local.emulator.cloudformation.requests import (
    anomaly_monitor_request,
    anomaly_monitor_update,
    anomaly_subscription_request,
    anomaly_subscription_update,
    budget_request,
    budget_update,
)
from govml.local.emulator.cloudformation.spec import ApiType, Properties, Read, Tier

Request = Callable[[Properties], Properties]


def _anomalies(kind: Literal["Monitor", "Subscription"], request: Request, update: Request) -> ApiType:
    """Return one of the two kinds of Cost Explorer, whose calls and keys are named alike.

    Args:
        kind: as it stands in the names of calls and keys.
        request: makes the request that creates one.
        update: makes the request that changes one.
    """
    arn, call = f"{kind}Arn", f"anomaly_{kind.lower()}"
    return ApiType(
        Tier.RECORDED,
        "recorded",
        "ce",
        f"create_{call}",
        f"get_{call}s",
        f"delete_{call}",
        key={f"{arn}List": f"[response.{arn}]"},
        update_key={arn: f"response.{arn}"},
        delete_key={arn: f"response.{arn}"},
        ref=f"response.{arn}",
        attributes={arn: f"response.{arn}"},
        update=f"update_{call}",
        request=request,
        update_request=update,
        extra_reads=(Read("ce", "list_tags_for_resource", {"ResourceArn": f"response.{arn}"}),),
    )


COST: dict[str, ApiType] = {
    "AWS::Budgets::Budget": ApiType(
        Tier.BACKED,
        "MiniStack",
        "budgets",
        "create_budget",
        "describe_budget",
        "delete_budget",
        key={"AccountId": "request.AccountId", "BudgetName": "request.Budget.BudgetName"},
        ref="request.Budget.BudgetName",
        update="update_budget",
        request=budget_request,
        update_request=budget_update,
        dropped=("ResourceTags",),
        extra_reads=(
            Read(
                "budgets",
                "describe_budget",
                {"AccountId": "key.AccountId", "BudgetName": "key.BudgetName", "ShowFilterExpression": "`true`"},
            ),
            Read(
                "budgets",
                "describe_notifications_for_budget",
                {"AccountId": "key.AccountId", "BudgetName": "key.BudgetName"},
            ),
            Read(
                "budgets",
                "describe_subscribers_for_notification",
                {
                    "AccountId": "key.AccountId",
                    "BudgetName": "key.BudgetName",
                    "Notification": "item.Notification",
                },
                each="request.NotificationsWithSubscribers",
            ),
        ),
    ),
    "AWS::CE::AnomalyMonitor": _anomalies("Monitor", anomaly_monitor_request, anomaly_monitor_update),
    "AWS::CE::AnomalySubscription": _anomalies(
        "Subscription", anomaly_subscription_request, anomaly_subscription_update
    ),
}
