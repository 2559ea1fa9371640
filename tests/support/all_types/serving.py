"""Models, their endpoint and its scaling, and the guardrail."""

from __future__ import annotations

from all_types.words import Resources, att, ref


def serving() -> Resources:
    image = {"Fn::Sub": "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/all-types:1"}
    return {
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
