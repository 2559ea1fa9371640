"""Keys, roles, policies, secrets and parameters."""

from __future__ import annotations

from all_types.words import Resources, att, ref, trust


def security() -> Resources:
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:root"}},
                "Action": "kms:*",
                "Resource": "*",
            }
        ],
    }
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": {"Fn::Sub": "${Bucket.Arn}/*"}}
    return {
        "Key": {
            "Type": "AWS::KMS::Key",
            "Properties": {
                "Description": "data",
                "EnableKeyRotation": True,
                "PendingWindowInDays": 7,
                "KeyPolicy": policy,
                "Tags": [{"Key": "Project-Code", "Value": "P-0001"}],
            },
        },
        "Alias": {
            "Type": "AWS::KMS::Alias",
            "Properties": {"AliasName": "alias/all-types-data", "TargetKeyId": ref("Key")},
        },
        "Boundary": {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {
                "ManagedPolicyName": "all-types-boundary",
                "Description": "ceiling",
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [{"Effect": "Allow", "Action": ["s3:*", "logs:*"], "Resource": "*"}],
                },
            },
        },
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "Path": "/govml/",
                "Description": "runs everything here",
                "AssumeRolePolicyDocument": trust(
                    "sagemaker.amazonaws.com",
                    "lambda.amazonaws.com",
                    "codepipeline.amazonaws.com",
                    "codebuild.amazonaws.com",
                    "scheduler.amazonaws.com",
                    "states.amazonaws.com",
                    "vpc-flow-logs.amazonaws.com",
                ),
                "PermissionsBoundary": ref("Boundary"),
                "ManagedPolicyArns": [ref("Boundary")],
                "MaxSessionDuration": 7200,
                "Policies": [
                    {"PolicyName": "read", "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
                ],
                "Tags": [{"Key": "Project-Code", "Value": "P-0001"}],
            },
        },
        "Policy": {
            "Type": "AWS::IAM::Policy",
            "Properties": {
                "PolicyName": "more",
                "Roles": [ref("Role")],
                "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]},
            },
        },
        "Secret": {
            "Type": "AWS::SecretsManager::Secret",
            "Properties": {
                "Description": "third-party model key",
                "KmsKeyId": att("Key", "Arn"),
                "GenerateSecretString": {"PasswordLength": 32},
            },
        },
        "Parameter": {
            "Type": "AWS::SSM::Parameter",
            "Properties": {"Name": "/all-types/vpc", "Type": "String", "Value": ref("Vpc"), "Description": "the VPC"},
        },
    }
