"""What a use case trains with and keeps."""

from __future__ import annotations

import json

from all_types.words import Resources, att, ref


def training() -> Resources:
    definition = {"Version": "2020-12-01", "Parameters": [], "Steps": [{"Name": "Validate", "Type": "Fail"}]}
    return {
        "Repository": {
            "Type": "AWS::ECR::Repository",
            "Properties": {
                "RepositoryName": "all-types",
                "ImageTagMutability": "IMMUTABLE",
                "ImageScanningConfiguration": {"ScanOnPush": True},
                "EncryptionConfiguration": {"EncryptionType": "KMS", "KmsKey": att("Key", "Arn")},
                "LifecyclePolicy": {
                    "LifecyclePolicyText": json.dumps(
                        {
                            "rules": [
                                {
                                    "rulePriority": 1,
                                    "selection": {
                                        "tagStatus": "untagged",
                                        "countType": "imageCountMoreThan",
                                        "countNumber": 5,
                                    },
                                    "action": {"type": "expire"},
                                }
                            ]
                        }
                    )
                },
            },
        },
        "Pipeline": {
            "Type": "AWS::SageMaker::Pipeline",
            "Properties": {
                "PipelineName": "all-types",
                "RoleArn": att("Role", "Arn"),
                "PipelineDescription": "training",
                "PipelineDefinition": {"PipelineDefinitionBody": json.dumps(definition)},
                "Tags": [{"Key": "Project-Code", "Value": "P-0001"}],
            },
        },
        "Registry": {
            "Type": "AWS::SageMaker::ModelPackageGroup",
            "Properties": {
                "ModelPackageGroupName": "all-types",
                "ModelPackageGroupDescription": "prices",
                "ModelPackageGroupPolicy": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Sid": "ReadFromUat",
                            "Effect": "Allow",
                            "Principal": {"AWS": "arn:aws:iam::222233334444:root"},
                            "Action": "sagemaker:DescribeModelPackage",
                            "Resource": "*",
                        }
                    ],
                },
                "Tags": [{"Key": "Project-Code", "Value": "P-0001"}],
            },
        },
        "FeatureGroup": {
            "Type": "AWS::SageMaker::FeatureGroup",
            "Properties": {
                "FeatureGroupName": "all-types",
                "RecordIdentifierFeatureName": "id",
                "EventTimeFeatureName": "at",
                "FeatureDefinitions": [
                    {"FeatureName": "id", "FeatureType": "String"},
                    {"FeatureName": "at", "FeatureType": "String"},
                ],
                "OnlineStoreConfig": {
                    "EnableOnlineStore": True,
                    "SecurityConfig": {"KmsKeyId": att("Key", "Arn")},
                },
                "OfflineStoreConfig": {
                    "S3StorageConfig": {
                        "S3Uri": {"Fn::Sub": "s3://${Bucket}/features"},
                        "KmsKeyId": att("Key", "Arn"),
                    }
                },
                "RoleArn": att("Role", "Arn"),
            },
        },
        "Domain": {
            "Type": "AWS::SageMaker::Domain",
            "Properties": {
                "DomainName": "all-types",
                "AuthMode": "IAM",
                "AppNetworkAccessType": "VpcOnly",
                "KmsKeyId": att("Key", "Arn"),
                "VpcId": ref("Vpc"),
                "SubnetIds": [ref("Subnet")],
                "DefaultUserSettings": {
                    "ExecutionRole": att("Role", "Arn"),
                    "SecurityGroups": [att("Group", "GroupId")],
                },
            },
        },
        "UserProfile": {
            "Type": "AWS::SageMaker::UserProfile",
            "Properties": {
                "DomainId": att("Domain", "DomainId"),
                "UserProfileName": "analyst",
                "UserSettings": {"ExecutionRole": att("Role", "Arn")},
            },
        },
        "MlflowApp": {
            "Type": "AWS::SageMaker::MlflowApp",
            "Properties": {
                "Name": "all-types",
                "ArtifactStoreUri": {"Fn::Sub": "s3://${Bucket}/mlflow"},
                "RoleArn": att("Role", "Arn"),
            },
        },
        "MlflowServer": {
            "Type": "AWS::SageMaker::MlflowTrackingServer",
            "Properties": {
                "TrackingServerName": "all-types",
                "ArtifactStoreUri": {"Fn::Sub": "s3://${Bucket}/mlflow"},
                "RoleArn": att("Role", "Arn"),
                "TrackingServerSize": "Small",
            },
        },
        "Quality": {
            "Type": "AWS::SageMaker::DataQualityJobDefinition",
            "Properties": {
                "RoleArn": att("Role", "Arn"),
                "DataQualityAppSpecification": {
                    "ImageUri": "245545462676.dkr.ecr.ap-southeast-1.amazonaws.com/sagemaker-model-monitor-analyzer",
                    "Environment": {"publish_cloudwatch_metrics": "Enabled"},
                },
                "DataQualityBaselineConfig": {
                    "StatisticsResource": {"S3Uri": {"Fn::Sub": "s3://${Bucket}/statistics.json"}},
                    "ConstraintsResource": {"S3Uri": {"Fn::Sub": "s3://${Bucket}/constraints.json"}},
                },
                "DataQualityJobInput": {
                    "EndpointInput": {
                        "EndpointName": att("Endpoint", "EndpointName"),
                        "LocalPath": "/opt/ml/processing/input",
                    }
                },
                "DataQualityJobOutputConfig": {
                    "KmsKeyId": att("Key", "Arn"),
                    "MonitoringOutputs": [
                        {"S3Output": {"S3Uri": {"Fn::Sub": "s3://${Bucket}/reports"}, "LocalPath": "/opt/ml/output"}}
                    ],
                },
                "JobResources": {
                    "ClusterConfig": {
                        "InstanceCount": 1,
                        "InstanceType": "ml.m5.xlarge",
                        "VolumeSizeInGB": 20,
                        "VolumeKmsKeyId": att("Key", "Arn"),
                    }
                },
                "NetworkConfig": {
                    "EnableNetworkIsolation": True,
                    "EnableInterContainerTrafficEncryption": True,
                    "VpcConfig": {"Subnets": [ref("Subnet")], "SecurityGroupIds": [att("Group", "GroupId")]},
                },
                "StoppingCondition": {"MaxRuntimeInSeconds": 3300},
            },
        },
        "Monitor": {
            "Type": "AWS::SageMaker::MonitoringSchedule",
            "Properties": {
                "MonitoringScheduleName": "all-types",
                "MonitoringScheduleConfig": {
                    "ScheduleConfig": {"ScheduleExpression": "cron(0 * ? * * *)"},
                    "MonitoringJobDefinitionName": {
                        "Fn::Select": [1, {"Fn::Split": ["/", att("Quality", "JobDefinitionArn")]}]
                    },
                    "MonitoringType": "DataQuality",
                },
            },
        },
    }
