"""Topics, queues, rules, schedules and the functions that they start."""

from __future__ import annotations

import json

from all_types.words import Resources, att, ref


def events() -> Resources:
    return {
        "Topic": {
            "Type": "AWS::SNS::Topic",
            "Properties": {"TopicName": "all-types", "DisplayName": "alarms", "KmsMasterKeyId": ref("Key")},
        },
        "TopicPolicy": {
            "Type": "AWS::SNS::TopicPolicy",
            "Properties": {
                "Topics": [ref("Topic")],
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Sid": "TlsOnly",
                            "Effect": "Deny",
                            "Principal": "*",
                            "Action": "sns:Publish",
                            "Resource": ref("Topic"),
                            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                        }
                    ],
                },
            },
        },
        "Subscription": {
            "Type": "AWS::SNS::Subscription",
            "Properties": {"TopicArn": ref("Topic"), "Protocol": "sqs", "Endpoint": att("Queue", "Arn")},
        },
        "Queue": {
            "Type": "AWS::SQS::Queue",
            "Properties": {
                "KmsMasterKeyId": ref("Key"),
                "KmsDataKeyReusePeriodSeconds": 300,
                "MessageRetentionPeriod": 1209600,
                "Tags": [{"Key": "Project-Code", "Value": "P-0001"}],
            },
        },
        "QueuePolicy": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {
                "Queues": [ref("Queue")],
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"Service": "sns.amazonaws.com"},
                            "Action": "sqs:SendMessage",
                            "Resource": att("Queue", "Arn"),
                        }
                    ],
                },
            },
        },
        "Rule": {
            "Type": "AWS::Events::Rule",
            "Properties": {
                "Description": "model approved",
                "EventPattern": {
                    "source": ["aws.sagemaker"],
                    "detail": {"ModelApprovalStatus": ["Approved"]},
                },
                "Targets": [
                    {
                        "Id": "function",
                        "Arn": att("Function", "Arn"),
                        "RetryPolicy": {"MaximumRetryAttempts": 2},
                        "DeadLetterConfig": {"Arn": att("Queue", "Arn")},
                    },
                    {"Id": "topic", "Arn": ref("Topic")},
                ],
            },
        },
        "ScheduleGroup": {"Type": "AWS::Scheduler::ScheduleGroup", "Properties": {"Name": "all-types"}},
        "Schedule": {
            "Type": "AWS::Scheduler::Schedule",
            "Properties": {
                "Name": "all-types",
                "GroupName": ref("ScheduleGroup"),
                "ScheduleExpression": "cron(0 18 1 * ? *)",
                "ScheduleExpressionTimezone": "Asia/Singapore",
                "KmsKeyArn": att("Key", "Arn"),
                "FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15},
                "Target": {
                    "Arn": {"Fn::Sub": "arn:aws:sagemaker:${AWS::Region}:${AWS::AccountId}:pipeline/all-types"},
                    "RoleArn": att("Role", "Arn"),
                    "SageMakerPipelineParameters": {"PipelineParameterList": [{"Name": "Seed", "Value": "7"}]},
                    "RetryPolicy": {"MaximumRetryAttempts": 3},
                },
            },
        },
        "StateMachine": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {
                "StateMachineName": "all-types",
                "RoleArn": att("Role", "Arn"),
                "DefinitionString": json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}),
                "LoggingConfiguration": {
                    "Level": "ALL",
                    "IncludeExecutionData": False,
                    "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": att("Logs", "Arn")}}],
                },
                "TracingConfiguration": {"Enabled": True},
            },
        },
    }
