"""Builds, packages and the delivery pipeline."""

from __future__ import annotations

from all_types.words import Resources, att, ref


def delivery() -> Resources:
    return {
        "Build": {
            "Type": "AWS::CodeBuild::Project",
            "Properties": {
                "Name": "all-types",
                "ServiceRole": att("Role", "Arn"),
                "EncryptionKey": att("Key", "Arn"),
                "Artifacts": {"Type": "CODEPIPELINE"},
                "Source": {"Type": "CODEPIPELINE", "BuildSpec": "version: 0.2\nphases: {}\n"},
                "Environment": {
                    "Type": "LINUX_CONTAINER",
                    "ComputeType": "BUILD_GENERAL1_SMALL",
                    "Image": "aws/codebuild/standard:7.0",
                    "PrivilegedMode": False,
                },
                "LogsConfig": {"CloudWatchLogs": {"Status": "ENABLED", "GroupName": ref("Logs")}},
                "VpcConfig": {
                    "VpcId": ref("Vpc"),
                    "Subnets": [ref("Subnet")],
                    "SecurityGroupIds": [att("Group", "GroupId")],
                },
                "TimeoutInMinutes": 30,
            },
        },
        "Packages": {
            "Type": "AWS::CodeArtifact::Domain",
            "Properties": {
                "DomainName": "all-types",
                "EncryptionKey": att("Key", "Arn"),
                "Tags": [{"Key": "Project-Code", "Value": "P-0001"}],
            },
        },
        "Pypi": {
            "Type": "AWS::CodeArtifact::Repository",
            "Properties": {
                "DomainName": att("Packages", "Name"),
                "RepositoryName": "all-types-pypi",
                "ExternalConnections": ["public:pypi"],
            },
        },
        "BuildPackages": {
            "Type": "AWS::CodeArtifact::Repository",
            "Properties": {
                "DomainName": att("Packages", "Name"),
                "RepositoryName": "all-types",
                "Upstreams": [att("Pypi", "Name")],
            },
        },
        "Connection": {
            "Type": "AWS::CodeConnections::Connection",
            "Properties": {"ConnectionName": "all-types", "ProviderType": "GitHub"},
        },
        "Delivery": {
            "Type": "AWS::CodePipeline::Pipeline",
            "Properties": {
                "Name": "all-types",
                "PipelineType": "V2",
                "RoleArn": att("Role", "Arn"),
                "ArtifactStore": {
                    "Type": "S3",
                    "Location": ref("Bucket"),
                    "EncryptionKey": {"Id": att("Key", "Arn"), "Type": "KMS"},
                },
                "Stages": [
                    {
                        "Name": "Source",
                        "Actions": [
                            {
                                "Name": "Source",
                                "ActionTypeId": {
                                    "Category": "Source",
                                    "Owner": "AWS",
                                    "Provider": "CodeStarSourceConnection",
                                    "Version": "1",
                                },
                                "Configuration": {
                                    "ConnectionArn": ref("Connection"),
                                    "FullRepositoryId": "agency/repo",
                                    "BranchName": "main",
                                },
                                "OutputArtifacts": [{"Name": "source"}],
                                "RunOrder": 1,
                            }
                        ],
                    },
                    {
                        "Name": "Build",
                        "Actions": [
                            {
                                "Name": "Build",
                                "ActionTypeId": {
                                    "Category": "Build",
                                    "Owner": "AWS",
                                    "Provider": "CodeBuild",
                                    "Version": "1",
                                },
                                "Configuration": {"ProjectName": ref("Build")},
                                "InputArtifacts": [{"Name": "source"}],
                            }
                        ],
                    },
                ],
            },
        },
    }
