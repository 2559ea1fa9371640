"""A function, what may call it, and a custom resource that it answers."""

from __future__ import annotations

from all_types.words import Resources, att, ref

# A Lambda-backed custom resource without a library: it answers CloudFormation and uses boto3 for a real effect.
CUSTOM_RESOURCE_HANDLER = """
import json
import os
import urllib.request

import boto3


def handler(event, context):
    properties = event["ResourceProperties"]
    s3 = boto3.client("s3")
    key = "greeting.txt"
    if event["RequestType"] == "Delete":
        for version in s3.list_object_versions(Bucket=os.environ["BUCKET"], Prefix=key).get("Versions", []):
            s3.delete_object(
                Bucket=os.environ["BUCKET"], Key=key, VersionId=version["VersionId"], BypassGovernanceRetention=True
            )
    else:
        s3.put_object(Bucket=os.environ["BUCKET"], Key=key, Body=json.dumps(properties).encode())
    answer = {
        "Status": "SUCCESS",
        "PhysicalResourceId": "greeting",
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
        "Data": {"Text": "hello " + properties["Name"]},
    }
    request = urllib.request.Request(event["ResponseURL"], data=json.dumps(answer).encode(), method="PUT")
    urllib.request.urlopen(request)
"""


def functions() -> Resources:
    return {
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Runtime": "python3.13",
                "Handler": "index.handler",
                "Role": att("Role", "Arn"),
                "Code": {"ZipFile": CUSTOM_RESOURCE_HANDLER},
                "Timeout": 60,
                "MemorySize": 256,
                "KmsKeyArn": att("Key", "Arn"),
                "Environment": {"Variables": {"BUCKET": ref("Bucket")}},
                "TracingConfig": {"Mode": "Active"},
                "ReservedConcurrentExecutions": 2,
                "DeadLetterConfig": {"TargetArn": att("Queue", "Arn")},
                "LoggingConfig": {"LogFormat": "JSON", "LogGroup": ref("Logs")},
                "VpcConfig": {"SubnetIds": [ref("Subnet")], "SecurityGroupIds": [att("Group", "GroupId")]},
            },
        },
        "EventSource": {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {
                "FunctionName": att("Function", "Arn"),
                "EventSourceArn": att("Queue", "Arn"),
                "BatchSize": 100,
                "MaximumBatchingWindowInSeconds": 120,
                "FunctionResponseTypes": ["ReportBatchItemFailures"],
                "ScalingConfig": {"MaximumConcurrency": 2},
            },
        },
        "Permission": {
            "Type": "AWS::Lambda::Permission",
            "Properties": {
                "FunctionName": att("Function", "Arn"),
                "Action": "lambda:InvokeFunction",
                "Principal": "events.amazonaws.com",
                "SourceArn": att("Rule", "Arn"),
            },
        },
        "Custom": {
            "Type": "Custom::Greeting",
            "Properties": {"ServiceToken": att("Function", "Arn"), "Name": "govml", "Loud": True},
        },
        "CdkMetadata": {"Type": "AWS::CDK::Metadata", "Properties": {"Analytics": "v2:deflate64:none"}},
    }
