"""One template with every resource type that the stacks use, each with the properties that get lost easily."""

from __future__ import annotations

import json
from typing import Any

Template = dict[str, Any]


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def att(name: str, attribute: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": [name, attribute]}


def trust(*services: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Service": list(services)}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def network() -> Template:
    return {
        "Vpc": {
            "Type": "AWS::EC2::VPC",
            "Properties": {
                "CidrBlock": "10.30.0.0/20",
                "EnableDnsSupport": True,
                "EnableDnsHostnames": True,
                "Tags": [{"Key": "Project-Code", "Value": "P-0001"}],
            },
        },
        "Subnet": {
            "Type": "AWS::EC2::Subnet",
            "Properties": {
                "VpcId": ref("Vpc"),
                "CidrBlock": "10.30.0.0/24",
                "AvailabilityZone": "ap-southeast-1a",
                "MapPublicIpOnLaunch": False,
                "Tags": [{"Key": "Name", "Value": "isolated-a"}],
            },
        },
        "Table": {"Type": "AWS::EC2::RouteTable", "Properties": {"VpcId": ref("Vpc")}},
        "Peering": {
            "Type": "AWS::EC2::Route",
            "Properties": {
                "RouteTableId": ref("Table"),
                "DestinationCidrBlock": "10.99.0.0/16",
                "TransitGatewayId": "tgw-0123456789abcdef0",
            },
        },
        "Association": {
            "Type": "AWS::EC2::SubnetRouteTableAssociation",
            "Properties": {"RouteTableId": ref("Table"), "SubnetId": ref("Subnet")},
        },
        "Group": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {
                "GroupDescription": "interface endpoints",
                "VpcId": ref("Vpc"),
                "SecurityGroupEgress": [
                    {
                        "IpProtocol": "tcp",
                        "FromPort": 443,
                        "ToPort": 443,
                        "CidrIp": "10.30.0.0/20",
                        "Description": "TLS",
                    }
                ],
            },
        },
        "Ingress": {
            "Type": "AWS::EC2::SecurityGroupIngress",
            "Properties": {
                "GroupId": att("Group", "GroupId"),
                "IpProtocol": "tcp",
                "FromPort": 443,
                "ToPort": 443,
                "SourceSecurityGroupId": att("Group", "GroupId"),
                "Description": "TLS from members",
            },
        },
        "Egress": {
            "Type": "AWS::EC2::SecurityGroupEgress",
            "Properties": {
                "GroupId": att("Group", "GroupId"),
                "IpProtocol": "tcp",
                "FromPort": 8443,
                "ToPort": 8443,
                "CidrIp": "10.30.1.0/24",
                "Description": "inner",
            },
        },
        "KmsEndpoint": {
            "Type": "AWS::EC2::VPCEndpoint",
            "Properties": {
                "VpcId": ref("Vpc"),
                "VpcEndpointType": "Interface",
                "ServiceName": "com.amazonaws.ap-southeast-1.kms",
                "PrivateDnsEnabled": True,
                "SubnetIds": [ref("Subnet")],
                "SecurityGroupIds": [att("Group", "GroupId")],
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": "*",
                            "Action": "kms:*",
                            "Resource": "*",
                            "Condition": {"StringEquals": {"aws:PrincipalAccount": ref("AWS::AccountId")}},
                        }
                    ],
                },
            },
        },
        "S3Endpoint": {
            "Type": "AWS::EC2::VPCEndpoint",
            "Properties": {
                "VpcId": ref("Vpc"),
                "VpcEndpointType": "Gateway",
                "ServiceName": "com.amazonaws.ap-southeast-1.s3",
                "RouteTableIds": [ref("Table")],
            },
        },
        "FlowLog": {
            "Type": "AWS::EC2::FlowLog",
            "Properties": {
                "ResourceId": ref("Vpc"),
                "ResourceType": "VPC",
                "TrafficType": "ALL",
                "LogDestinationType": "cloud-watch-logs",
                "LogGroupName": ref("Logs"),
                "DeliverLogsPermissionArn": att("Role", "Arn"),
                "Tags": [{"Key": "Project-Code", "Value": "P-0001"}],
            },
        },
    }


def security() -> Template:
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


def data() -> Template:
    return {
        "AccessLogs": {
            "Type": "AWS::S3::Bucket",
            "Properties": {
                "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
                "BucketEncryption": {
                    "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
                },
            },
        },
        "Bucket": {
            "Type": "AWS::S3::Bucket",
            "Properties": {
                "BucketEncryption": {
                    "ServerSideEncryptionConfiguration": [
                        {
                            "BucketKeyEnabled": True,
                            "ServerSideEncryptionByDefault": {
                                "SSEAlgorithm": "aws:kms",
                                "KMSMasterKeyID": att("Key", "Arn"),
                            },
                        }
                    ]
                },
                "VersioningConfiguration": {"Status": "Enabled"},
                "PublicAccessBlockConfiguration": {
                    "BlockPublicAcls": True,
                    "BlockPublicPolicy": True,
                    "IgnorePublicAcls": True,
                    "RestrictPublicBuckets": True,
                },
                "LifecycleConfiguration": {
                    "Rules": [
                        {
                            "Id": "old",
                            "Status": "Enabled",
                            "Prefix": "raw/",
                            "ExpirationInDays": 730,
                            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                            "NoncurrentVersionExpiration": {"NoncurrentDays": 90},
                            "Transitions": [{"StorageClass": "GLACIER_IR", "TransitionInDays": 180}],
                        }
                    ]
                },
                "LoggingConfiguration": {"DestinationBucketName": ref("AccessLogs"), "LogFilePrefix": "data/"},
                "ObjectLockEnabled": True,
                "ObjectLockConfiguration": {
                    "ObjectLockEnabled": "Enabled",
                    "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 30}},
                },
                "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
                "NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": True}},
                "Tags": [{"Key": "Project-Code", "Value": "P-0001"}],
            },
        },
        "BucketPolicy": {
            "Type": "AWS::S3::BucketPolicy",
            "Properties": {
                "Bucket": ref("Bucket"),
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Sid": "TlsOnly",
                            "Effect": "Deny",
                            "Principal": "*",
                            "Action": "s3:*",
                            "Resource": att("Bucket", "Arn"),
                            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                        }
                    ],
                },
            },
        },
        "Database": {
            "Type": "AWS::Glue::Database",
            "Properties": {
                "CatalogId": ref("AWS::AccountId"),
                "DatabaseInput": {"Name": "all_types", "Description": "curated zone"},
            },
        },
        "GlueTable": {
            "Type": "AWS::Glue::Table",
            "Properties": {
                "CatalogId": ref("AWS::AccountId"),
                "DatabaseName": ref("Database"),
                "TableInput": {
                    "Name": "resale",
                    "TableType": "EXTERNAL_TABLE",
                    "Parameters": {"classification": "csv"},
                    "PartitionKeys": [{"Name": "month", "Type": "string"}],
                    "StorageDescriptor": {
                        "Columns": [{"Name": "town", "Type": "string"}],
                        "Location": {"Fn::Sub": "s3://${Bucket}/curated/"},
                        "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
                    },
                },
            },
        },
        "GlueSecurity": {
            "Type": "AWS::Glue::SecurityConfiguration",
            "Properties": {
                "Name": "all-types-glue",
                "EncryptionConfiguration": {
                    "S3Encryptions": [{"S3EncryptionMode": "SSE-KMS", "KmsKeyArn": att("Key", "Arn")}],
                    "CloudWatchEncryption": {
                        "CloudWatchEncryptionMode": "SSE-KMS",
                        "KmsKeyArn": att("Key", "Arn"),
                    },
                },
            },
        },
        "Catalogue": {
            "Type": "AWS::Glue::DataCatalogEncryptionSettings",
            "Properties": {
                "CatalogId": ref("AWS::AccountId"),
                "DataCatalogEncryptionSettings": {
                    "EncryptionAtRest": {
                        "CatalogEncryptionMode": "SSE-KMS",
                        "SseAwsKmsKeyId": att("Key", "Arn"),
                    }
                },
            },
        },
        "WorkGroup": {
            "Type": "AWS::Athena::WorkGroup",
            "Properties": {
                "Name": "all-types",
                "Description": "queries",
                "RecursiveDeleteOption": True,
                "WorkGroupConfiguration": {
                    "EnforceWorkGroupConfiguration": True,
                    "PublishCloudWatchMetricsEnabled": True,
                    "BytesScannedCutoffPerQuery": 10737418240,
                    "ResultConfiguration": {
                        "OutputLocation": {"Fn::Sub": "s3://${Bucket}/athena/"},
                        "EncryptionConfiguration": {"EncryptionOption": "SSE_KMS", "KmsKey": att("Key", "Arn")},
                    },
                },
            },
        },
        "VectorBucket": {
            "Type": "AWS::S3Vectors::VectorBucket",
            "Properties": {
                "VectorBucketName": "all-types-vectors",
                "EncryptionConfiguration": {"SseType": "aws:kms", "KmsKeyArn": att("Key", "Arn")},
            },
        },
        "VectorIndex": {
            "Type": "AWS::S3Vectors::Index",
            "Properties": {
                "VectorBucketArn": att("VectorBucket", "VectorBucketArn"),
                "IndexName": "documents",
                "DataType": "float32",
                "Dimension": 1024,
                "DistanceMetric": "cosine",
                "MetadataConfiguration": {"NonFilterableMetadataKeys": ["AMAZON_BEDROCK_TEXT"]},
            },
        },
        "Namespace": {
            "Type": "AWS::RedshiftServerless::Namespace",
            "Properties": {
                "NamespaceName": "all-types",
                "DbName": "analytics",
                "KmsKeyId": att("Key", "Arn"),
                "ManageAdminPassword": True,
                "LogExports": ["userlog", "connectionlog"],
            },
        },
        "Warehouse": {
            "Type": "AWS::RedshiftServerless::Workgroup",
            "Properties": {
                "WorkgroupName": "all-types",
                "NamespaceName": ref("Namespace"),
                "BaseCapacity": 8,
                "EnhancedVpcRouting": True,
                "PubliclyAccessible": False,
                "SubnetIds": [ref("Subnet")],
                "SecurityGroupIds": [att("Group", "GroupId")],
            },
        },
    }


def machine_learning() -> Template:
    definition = {"Version": "2020-12-01", "Parameters": [], "Steps": [{"Name": "Validate", "Type": "Fail"}]}
    image = {"Fn::Sub": "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/all-types:1"}
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
        "Model": {
            "Type": "AWS::SageMaker::Model",
            "Properties": {
                "ExecutionRoleArn": att("Role", "Arn"),
                "EnableNetworkIsolation": True,
                "PrimaryContainer": {
                    "Image": image,
                    "ModelDataUrl": {"Fn::Sub": "s3://${Bucket}/model.tar.gz"},
                },
                "VpcConfig": {"Subnets": [ref("Subnet")], "SecurityGroupIds": [att("Group", "GroupId")]},
            },
        },
        "EndpointConfig": {
            "Type": "AWS::SageMaker::EndpointConfig",
            "Properties": {
                "KmsKeyId": att("Key", "Arn"),
                "ProductionVariants": [
                    {
                        "VariantName": "champion",
                        "ModelName": att("Model", "ModelName"),
                        "InitialInstanceCount": 2,
                        "InstanceType": "ml.m5.large",
                        "InitialVariantWeight": 1,
                    }
                ],
                "DataCaptureConfig": {
                    "EnableCapture": True,
                    "InitialSamplingPercentage": 100,
                    "DestinationS3Uri": {"Fn::Sub": "s3://${Bucket}/capture"},
                    "KmsKeyId": att("Key", "Arn"),
                    "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
                },
            },
        },
        "Endpoint": {
            "Type": "AWS::SageMaker::Endpoint",
            "Properties": {"EndpointConfigName": att("EndpointConfig", "EndpointConfigName")},
        },
        "ScalableTarget": {
            "Type": "AWS::ApplicationAutoScaling::ScalableTarget",
            "Properties": {
                "ServiceNamespace": "sagemaker",
                "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
                "ResourceId": {"Fn::Sub": "endpoint/${Endpoint.EndpointName}/variant/champion"},
                "MinCapacity": 2,
                "MaxCapacity": 6,
            },
        },
        "ScalingPolicy": {
            "Type": "AWS::ApplicationAutoScaling::ScalingPolicy",
            "Properties": {
                "PolicyName": "follow-requests",
                "PolicyType": "TargetTrackingScaling",
                "ScalingTargetId": ref("ScalableTarget"),
                "TargetTrackingScalingPolicyConfiguration": {
                    "TargetValue": 1000,
                    "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
                    "ScaleInCooldown": 300,
                    "ScaleOutCooldown": 60,
                },
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
        "Monitor": {
            "Type": "AWS::SageMaker::MonitoringSchedule",
            "Properties": {
                "MonitoringScheduleName": "all-types",
                "MonitoringScheduleConfig": {
                    "ScheduleConfig": {"ScheduleExpression": "cron(0 * ? * * *)"},
                    "MonitoringJobDefinitionName": "all-types",
                    "MonitoringType": "DataQuality",
                },
            },
        },
        "Guardrail": {
            "Type": "AWS::Bedrock::Guardrail",
            "Properties": {
                "Name": "all-types",
                "Description": "every call",
                "BlockedInputMessaging": "This request is not allowed.",
                "BlockedOutputsMessaging": "This answer is not allowed.",
                "KmsKeyArn": att("Key", "Arn"),
                "ContentPolicyConfig": {
                    "FiltersConfig": [{"Type": "PROMPT_ATTACK", "InputStrength": "HIGH", "OutputStrength": "NONE"}]
                },
                "SensitiveInformationPolicyConfig": {
                    "PiiEntitiesConfig": [{"Type": "EMAIL", "Action": "ANONYMIZE"}],
                    "RegexesConfig": [{"Name": "NRIC", "Pattern": "[STFGM]\\d{7}[A-Z]", "Action": "BLOCK"}],
                },
            },
        },
        "GuardrailVersion": {
            "Type": "AWS::Bedrock::GuardrailVersion",
            "Properties": {"GuardrailIdentifier": att("Guardrail", "GuardrailId"), "Description": "first"},
        },
    }


def operations() -> Template:
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
        "Custom": {
            "Type": "Custom::Greeting",
            "Properties": {"ServiceToken": att("Function", "Arn"), "Name": "govml", "Loud": True},
        },
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
        "Metrics": {
            "Type": "AWS::APS::Workspace",
            "Properties": {"Alias": "all-types", "KmsKeyArn": att("Key", "Arn")},
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
        "CdkMetadata": {"Type": "AWS::CDK::Metadata", "Properties": {"Analytics": "v2:deflate64:none"}},
    }


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


def template() -> Template:
    resources = {**network(), **security(), **data(), **machine_learning(), **operations()}
    return {"Resources": resources, "Outputs": {"Greeting": {"Value": att("Custom", "Text")}}}
