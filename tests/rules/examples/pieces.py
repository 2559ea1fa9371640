"""Resources that are right, from which the examples take one setting away at a time."""

from __future__ import annotations

from typing import Any

KEY = {"Ref": "KeyArn"}
ACCOUNT = {"Ref": "AWS::AccountId"}
KEPT = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
ALL_BLOCKED = {
    "BlockPublicAcls": True,
    "BlockPublicPolicy": True,
    "IgnorePublicAcls": True,
    "RestrictPublicBuckets": True,
}


def resource(kind: str, properties: dict[str, Any] | None = None, **attributes: Any) -> dict[str, Any]:
    """Return a resource."""
    return {"Type": kind, "Properties": properties or {}, **attributes}


def allow(**parts: Any) -> dict[str, Any]:
    """Return an Allow."""
    return {"Effect": "Allow", **parts}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    """Return a policy document."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def tls_of(*resources: Any, action: str = "s3:*") -> dict[str, Any]:
    """Return the Deny of requests without TLS."""
    return {
        "Sid": "Tls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": list(resources),
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


BUCKET_ARN, OBJECTS_ARN = {"Fn::GetAtt": ["Bucket", "Arn"]}, {"Fn::Sub": "${Bucket.Arn}/*"}
BUCKET = {
    "Bucket": resource(
        "AWS::S3::Bucket",
        {
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [
                    {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}}
                ]
            },
            "LoggingConfiguration": {"DestinationBucketName": {"Ref": "LogBucketName"}},
            "PublicAccessBlockConfiguration": ALL_BLOCKED,
            "VersioningConfiguration": {"Status": "Enabled"},
        },
        **KEPT,
    ),
    "Policy": resource(
        "AWS::S3::BucketPolicy",
        {"Bucket": {"Ref": "Bucket"}, "PolicyDocument": policy(tls_of(BUCKET_ARN, OBJECTS_ARN))},
    ),
}
ROOT = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}
OWNER = allow(Sid="Account", Principal={"AWS": ROOT}, Action="kms:*", Resource="*")
LOG_GROUP = {"Group": resource("AWS::Logs::LogGroup", {"RetentionInDays": 365, "KmsKeyId": KEY}, **KEPT)}
FUNCTION = {
    "Function": resource(
        "AWS::Lambda::Function",
        {
            "Runtime": "python3.13",
            "Handler": "index.handler",
            "Code": {"S3Bucket": {"Ref": "CodeBucket"}, "S3Key": "handler.zip"},
            "Role": {"Ref": "RoleArn"},
            "ReservedConcurrentExecutions": 5,
            "DeadLetterConfig": {"TargetArn": {"Ref": "QueueArn"}},
        },
    )
}
PROJECT = {
    "Build": resource(
        "AWS::CodeBuild::Project",
        {
            "ServiceRole": {"Ref": "RoleArn"},
            "EncryptionKey": KEY,
            "Artifacts": {"Type": "CODEPIPELINE"},
            "Environment": {
                "Type": "LINUX_CONTAINER",
                "Image": "aws/codebuild/standard:7.0",
                "EnvironmentVariables": [{"Name": "STAGE", "Value": "dev"}],
            },
            "Source": {"Type": "CODEPIPELINE"},
        },
    )
}
