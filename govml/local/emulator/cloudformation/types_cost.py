"""Budgets and cost anomalies: types that MiniStack's CloudFormation engine lacks. No costs arise in the local account."""

from __future__ import annotations

from govml.local.emulator.cloudformation.requests import (
    anomaly_monitor_request,
    anomaly_monitor_update,
    anomaly_subscription_request,
    anomaly_subscription_update,
    budget_request,
    budget_update,
)
from govml.local.emulator.cloudformation.spec import ApiType, Read, Tier

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
    "AWS::CE::AnomalyMonitor": ApiType(
        Tier.RECORDED,
        "recorded",
        "ce",
        "create_anomaly_monitor",
        "get_anomaly_monitors",
        "delete_anomaly_monitor",
        key={"MonitorArnList": "[response.MonitorArn]"},
        update_key={"MonitorArn": "response.MonitorArn"},
        delete_key={"MonitorArn": "response.MonitorArn"},
        ref="response.MonitorArn",
        attributes={"MonitorArn": "response.MonitorArn"},
        update="update_anomaly_monitor",
        request=anomaly_monitor_request,
        update_request=anomaly_monitor_update,
        extra_reads=(Read("ce", "list_tags_for_resource", {"ResourceArn": "response.MonitorArn"}),),
    ),
    "AWS::CE::AnomalySubscription": ApiType(
        Tier.RECORDED,
        "recorded",
        "ce",
        "create_anomaly_subscription",
        "get_anomaly_subscriptions",
        "delete_anomaly_subscription",
        key={"SubscriptionArnList": "[response.SubscriptionArn]"},
        update_key={"SubscriptionArn": "response.SubscriptionArn"},
        delete_key={"SubscriptionArn": "response.SubscriptionArn"},
        ref="response.SubscriptionArn",
        attributes={"SubscriptionArn": "response.SubscriptionArn"},
        update="update_anomaly_subscription",
        request=anomaly_subscription_request,
        update_request=anomaly_subscription_update,
        extra_reads=(Read("ce", "list_tags_for_resource", {"ResourceArn": "response.SubscriptionArn"}),),
    ),
}
