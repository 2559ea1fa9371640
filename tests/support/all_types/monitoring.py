"""Logs, alarms, dashboards and workspaces."""

from __future__ import annotations

import json

from all_types.words import Resources, att, ref


def monitoring() -> Resources:
    return {
        "Logs": {
            "Type": "AWS::Logs::LogGroup",
            "Properties": {
                "LogGroupName": "/all-types/app",
                "RetentionInDays": 400,
                "KmsKeyId": att("Key", "Arn"),
                "Tags": [{"Key": "Project-Code", "Value": "P-0001"}],
            },
        },
        "LogsPolicy": {
            "Type": "AWS::Logs::ResourcePolicy",
            "Properties": {
                "PolicyName": "all-types",
                "PolicyDocument": json.dumps(
                    {
                        "Version": "2012-10-17",
                        "Statement": [
                            {
                                "Effect": "Allow",
                                "Principal": {"Service": "events.amazonaws.com"},
                                "Action": "logs:PutLogEvents",
                                "Resource": "*",
                            }
                        ],
                    }
                ),
            },
        },
        "Query": {
            "Type": "AWS::Logs::QueryDefinition",
            "Properties": {
                "Name": "all-types/errors",
                "LogGroupNames": [ref("Logs")],
                "QueryString": "fields @message | filter level = 'ERROR'",
            },
        },
        "Alarm": {
            "Type": "AWS::CloudWatch::Alarm",
            "Properties": {
                "AlarmName": "all-types-errors",
                "AlarmDescription": "runbook: docs/operations",
                "Namespace": "AWS/Lambda",
                "MetricName": "Errors",
                "Dimensions": [{"Name": "FunctionName", "Value": ref("Function")}],
                "Statistic": "Sum",
                "Period": 300,
                "EvaluationPeriods": 2,
                "Threshold": 1,
                "ComparisonOperator": "GreaterThanOrEqualToThreshold",
                "TreatMissingData": "notBreaching",
                "AlarmActions": [ref("Topic")],
            },
        },
        "Composite": {
            "Type": "AWS::CloudWatch::CompositeAlarm",
            "Properties": {
                "AlarmName": "all-types-any",
                "AlarmRule": {"Fn::Sub": 'ALARM("${Alarm}")'},
                "AlarmActions": [ref("Topic")],
                "AlarmDescription": "anything",
            },
        },
        "Dashboard": {
            "Type": "AWS::CloudWatch::Dashboard",
            "Properties": {
                "DashboardName": "all-types",
                "DashboardBody": json.dumps({"widgets": [{"type": "text", "properties": {"markdown": "# hello"}}]}),
            },
        },
        "Metrics": {
            "Type": "AWS::APS::Workspace",
            "Properties": {"Alias": "all-types", "KmsKeyArn": att("Key", "Arn")},
        },
        "MetricRules": {
            "Type": "AWS::APS::RuleGroupsNamespace",
            "Properties": {"Workspace": att("Metrics", "Arn"), "Name": "all-types", "Data": "groups: []"},
        },
        "Sink": {
            "Type": "AWS::Oam::Sink",
            "Properties": {
                "Name": "all-types",
                "Policy": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"AWS": ["210987654321"]},
                            "Action": ["oam:CreateLink"],
                            "Resource": "*",
                        }
                    ],
                },
            },
        },
        "Link": {
            "Type": "AWS::Oam::Link",
            "Properties": {
                "SinkIdentifier": "arn:aws:oam:ap-southeast-1:210987654321:sink/01234567-89ab-cdef-0123-456789abcdef",
                "LabelTemplate": "all-types",
                "ResourceTypes": ["AWS::CloudWatch::Metric"],
            },
        },
        "Grafana": {
            "Type": "AWS::Grafana::Workspace",
            "Properties": {
                "Name": "all-types",
                "AccountAccessType": "CURRENT_ACCOUNT",
                "AuthenticationProviders": ["SAML"],
                "PermissionType": "CUSTOMER_MANAGED",
                "RoleArn": att("Role", "Arn"),
                "DataSources": ["PROMETHEUS", "CLOUDWATCH"],
            },
        },
    }
