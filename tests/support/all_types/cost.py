"""Budgets and cost anomalies."""

from __future__ import annotations

import json

from all_types.words import Resources, att, ref


def cost() -> Resources:
    return {
        "Budget": {
            "Type": "AWS::Budgets::Budget",
            "Properties": {
                "Budget": {
                    "BudgetName": "all-types",
                    "BudgetType": "COST",
                    "TimeUnit": "MONTHLY",
                    "BudgetLimit": {"Amount": 500, "Unit": "USD"},
                    "Metrics": ["UnblendedCost"],
                    "FilterExpression": {
                        "And": [
                            {"Tags": {"Key": "Project-Code", "Values": ["P-0001"], "MatchOptions": ["EQUALS"]}},
                            {"Tags": {"Key": "Environment", "Values": ["dev"], "MatchOptions": ["EQUALS"]}},
                        ]
                    },
                },
                "NotificationsWithSubscribers": [
                    {
                        "Notification": {
                            "NotificationType": "ACTUAL",
                            "ComparisonOperator": "GREATER_THAN",
                            "Threshold": 80,
                        },
                        "Subscribers": [{"SubscriptionType": "EMAIL", "Address": "owner@agency.example"}],
                    }
                ],
            },
        },
        "CostMonitor": {
            "Type": "AWS::CE::AnomalyMonitor",
            "Properties": {
                "MonitorName": "all-types",
                "MonitorType": "CUSTOM",
                "MonitorSpecification": '{"Tags": {"Key": "Environment", "Values": ["dev"]}}',
                "ResourceTags": [{"Key": "Project-Code", "Value": "P-0001"}],
            },
        },
        "CostAlert": {
            "Type": "AWS::CE::AnomalySubscription",
            "Properties": {
                "SubscriptionName": "all-types",
                "Frequency": "IMMEDIATE",
                "MonitorArnList": [att("CostMonitor", "MonitorArn")],
                "Subscribers": [{"Type": "SNS", "Address": ref("Topic")}],
                "ThresholdExpression": json.dumps(
                    {
                        "Dimensions": {
                            "Key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
                            "MatchOptions": ["GREATER_THAN_OR_EQUAL"],
                            "Values": ["100"],
                        }
                    }
                ),
                "ResourceTags": [{"Key": "Project-Code", "Value": "P-0001"}],
            },
        },
    }
