"""Models, endpoints, jobs, pipelines and state machines."""

from __future__ import annotations

import copy
import json

from example import REMOVED, Example, change

from govml.rules.options import Options

KEY = {"Fn::GetAtt": ["Key", "Arn"]}
VPC = {"Subnets": [{"Ref": "SubnetA"}, {"Ref": "SubnetB"}], "SecurityGroupIds": [{"Ref": "Group"}]}
NETWORK = {"EnableNetworkIsolation": True, "EnableInterContainerTrafficEncryption": True, "VpcConfig": VPC}
CLUSTER = {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 20, "VolumeKmsKeyId": KEY}
OUTPUT = {
    "KmsKeyId": KEY,
    "MonitoringOutputs": [{"S3Output": {"S3Uri": {"Fn::Sub": "s3://${B}/m"}, "LocalPath": "/o"}}],
}
MONITOR = Options(model_monitor=True)

HOSTED = {
    "Model": {
        "Type": "AWS::SageMaker::Model",
        "Properties": {
            "ExecutionRoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            "PrimaryContainer": {
                "Image": {"Fn::Sub": "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/model:1.4.2"},
                "ModelDataUrl": {"Fn::Sub": "s3://${Artefacts}/model.tar.gz"},
                "Environment": {"SAGEMAKER_PROGRAM": "inference.py"},
            },
            "EnableNetworkIsolation": True,
            "VpcConfig": VPC,
        },
    },
    "Config": {
        "Type": "AWS::SageMaker::EndpointConfig",
        "Properties": {
            "KmsKeyId": KEY,
            "ProductionVariants": [
                {
                    "VariantName": "Champion",
                    "ModelName": {"Fn::GetAtt": ["Model", "ModelName"]},
                    "InitialInstanceCount": 2,
                    "InstanceType": "ml.m5.large",
                    "InitialVariantWeight": 1,
                }
            ],
            "DataCaptureConfig": {
                "EnableCapture": True,
                "InitialSamplingPercentage": 100,
                "DestinationS3Uri": {"Fn::Sub": "s3://${Captures}/data"},
                "KmsKeyId": {"Ref": "Key"},
                "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
            },
        },
    },
    "Endpoint": {
        "Type": "AWS::SageMaker::Endpoint",
        "Properties": {
            "EndpointConfigName": {"Fn::GetAtt": ["Config", "EndpointConfigName"]},
            "RetainAllVariantProperties": True,
            "DeploymentConfig": {
                "BlueGreenUpdatePolicy": {
                    "TrafficRoutingConfiguration": {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 300}
                },
                "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": {"Ref": "Errors"}}]},
            },
        },
    },
}
_CONFIG, _MODEL = "Config.Properties", "Model.Properties"
_VARIANT = f"{_CONFIG}.ProductionVariants.0"
COMPONENTS = change(
    change(
        change(HOSTED, f"{_VARIANT}.ModelName", REMOVED),
        _CONFIG + ".EnableNetworkIsolation",
        True,
    ),
    _CONFIG + ".VpcConfig",
    VPC,
)

_INPUT = {"EndpointInput": {"EndpointName": {"Ref": "Endpoint"}, "LocalPath": "/opt/ml/processing/input"}}


def _job_definition(kind: str) -> dict:
    return {
        "Type": f"AWS::SageMaker::{kind}JobDefinition",
        "Properties": {
            "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            f"{kind}AppSpecification": {"ImageUri": {"Ref": "Image"}},
            f"{kind}JobInput": _INPUT,
            f"{kind}JobOutputConfig": OUTPUT,
            "JobResources": {"ClusterConfig": CLUSTER},
            "NetworkConfig": NETWORK,
        },
    }


MONITORED = {
    **{kind: _job_definition(kind) for kind in ("DataQuality", "ModelQuality", "ModelBias", "ModelExplainability")},
    "Named": {
        "Type": "AWS::SageMaker::MonitoringSchedule",
        "Properties": {
            "MonitoringScheduleConfig": {
                "MonitoringType": "DataQuality",
                "MonitoringJobDefinitionName": {"Fn::GetAtt": ["DataQuality", "JobDefinitionName"]},
                "ScheduleConfig": {"ScheduleExpression": "cron(0 * ? * * *)"},
            }
        },
    },
    "Inline": {
        "Type": "AWS::SageMaker::MonitoringSchedule",
        "Properties": {
            "MonitoringScheduleConfig": {
                "MonitoringJobDefinition": {
                    "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                    "MonitoringInputs": [_INPUT],
                    "MonitoringOutputConfig": OUTPUT,
                    "MonitoringResources": {"ClusterConfig": CLUSTER},
                    "MonitoringAppSpecification": {"ImageUri": {"Ref": "Image"}},
                    "NetworkConfig": NETWORK,
                },
                "ScheduleConfig": {"ScheduleExpression": "cron(0 * ? * * *)"},
            }
        },
    },
    "Job": {
        "Type": "AWS::SageMaker::ProcessingJob",
        "Properties": {
            "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            "AppSpecification": {"ImageUri": {"Ref": "Image"}},
            "ProcessingResources": {"ClusterConfig": CLUSTER},
            "ProcessingOutputConfig": {"KmsKeyId": KEY, "Outputs": []},
            "NetworkConfig": NETWORK,
        },
    },
}
_INLINE = "Inline.Properties.MonitoringScheduleConfig.MonitoringJobDefinition"

TRAINING = {
    "AlgorithmSpecification": {"TrainingImage": "${Image}", "TrainingInputMode": "File"},
    "EnableNetworkIsolation": True,
    "EnableInterContainerTrafficEncryption": True,
    "VpcConfig": {"Subnets": ["${SubnetA}"], "SecurityGroupIds": ["${Group}"]},
    "OutputDataConfig": {"S3OutputPath": "s3://${Artefacts}/models", "KmsKeyId": "${Key.Arn}"},
    "ResourceConfig": {
        "InstanceCount": 1,
        "InstanceType": "ml.m5.xlarge",
        "VolumeSizeInGB": 30,
        "VolumeKmsKeyId": "${Key.Arn}",
    },
    "RoleArn": "${Role.Arn}",
}
PROCESSING = {
    "AppSpecification": {"ImageUri": "${Image}"},
    "NetworkConfig": {
        "EnableNetworkIsolation": True,
        "EnableInterContainerTrafficEncryption": True,
        "VpcConfig": {"Subnets": ["${SubnetA}"], "SecurityGroupIds": ["${Group}"]},
    },
    "ProcessingResources": {
        "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeKmsKeyId": "${Key.Arn}"}
    },
    "ProcessingOutputConfig": {"KmsKeyId": "${Key.Arn}", "Outputs": [{"OutputName": "o"}]},
    "RoleArn": "${Role.Arn}",
}
TRANSFORM = {
    "ModelName": {"Get": "Steps.Create.ModelName"},
    "TransformOutput": {"S3OutputPath": "s3://${Artefacts}/scores", "KmsKeyId": "${Key.Arn}"},
    "TransformResources": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeKmsKeyId": "${Key.Arn}"},
}
_REGISTER = {"ModelApprovalStatus": {"Get": "Parameters.Approval"}}
DEFINITION = {
    "Version": "2020-12-01",
    "Parameters": [
        {"Name": "Approval", "Type": "String", "DefaultValue": "PendingManualApproval"},
        {"Name": "KeyId", "Type": "String"},
    ],
    "Steps": [
        {"Name": "Prepare", "Type": "Processing", "Arguments": PROCESSING},
        {"Name": "Train", "Type": "Training", "Arguments": TRAINING},
        {
            "Name": "Tune",
            "Type": "Tuning",
            "Arguments": {
                "HyperParameterTuningJobConfig": {"Strategy": "Bayesian"},
                "TrainingJobDefinition": TRAINING,
                "TrainingJobDefinitions": [TRAINING],
            },
        },
        {"Name": "Check", "Type": "QualityCheck", "Arguments": PROCESSING},
        {
            "Name": "Good",
            "Type": "Condition",
            "Arguments": {
                "Conditions": [],
                "IfSteps": [
                    {"Name": "Register", "Type": "RegisterModel", "Arguments": _REGISTER},
                    {
                        "Name": "Create",
                        "Type": "Model",
                        "Arguments": {"EnableNetworkIsolation": True, "VpcConfig": TRAINING["VpcConfig"]},
                    },
                    {"Name": "Score", "Type": "Transform", "Arguments": TRANSFORM},
                ],
                "ElseSteps": [{"Name": "Stop", "Type": "Fail", "Arguments": {"ErrorMessage": "worse than before"}}],
            },
        },
    ],
}


def pipeline(definition: object) -> dict:
    return {
        "Pipeline": {
            "Type": "AWS::SageMaker::Pipeline",
            "Properties": {
                "PipelineName": "training",
                "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
                "PipelineDefinition": definition,
            },
        }
    }


def body(path: str = "", value: object = None) -> dict:
    """Return a pipeline whose definition is the good one, with one value changed."""
    definition = change(DEFINITION, path, value) if path else DEFINITION
    return pipeline({"PipelineDefinitionBody": {"Fn::Sub": json.dumps(definition)}})


_IF = "Steps.4.Arguments.IfSteps"

MACHINE = {
    "StartAt": "Train",
    "States": {
        "Train": {
            "Type": "Task",
            "Resource": "arn:${AWS::Partition}:states:::sagemaker:createTrainingJob.sync",
            "Parameters": {**TRAINING, "TrainingJobName.$": "$$.Execution.Name"},
            "Next": "Each",
        },
        "Each": {
            "Type": "Map",
            "ItemProcessor": {
                "StartAt": "Prepare",
                "States": {
                    "Prepare": {
                        "Type": "Task",
                        "QueryLanguage": "JSONata",
                        "Resource": "arn:${AWS::Partition}:states:::sagemaker:createProcessingJob.sync",
                        "Arguments": {
                            **PROCESSING,
                            "ProcessingOutputConfig": {"KmsKeyId": "{% $states.input.key %}", "Outputs": []},
                        },
                        "End": True,
                    }
                },
            },
            "Next": "Both",
        },
        "Both": {
            "Type": "Parallel",
            "Branches": [
                {
                    "StartAt": "Create",
                    "States": {
                        "Create": {
                            "Type": "Task",
                            "Resource": "arn:${AWS::Partition}:states:::aws-sdk:sagemaker:createModel",
                            "Parameters": {"EnableNetworkIsolation": True, "VpcConfig.$": "$.vpc"},
                            "End": True,
                        }
                    },
                },
                {
                    "StartAt": "Ask",
                    "States": {
                        "Ask": {
                            "Type": "Task",
                            "Resource": "arn:${AWS::Partition}:states:::bedrock:invokeModel",
                            "Parameters": {
                                "ModelId": "anthropic.claude-3-5-sonnet-20240620-v1:0",
                                "GuardrailIdentifier": "${Guardrail.GuardrailId}",
                                "GuardrailVersion": "1",
                                "Body.$": "$.question",
                            },
                            "End": True,
                        }
                    },
                },
            ],
            "End": True,
        },
    },
}
_STATE_MACHINE = {
    "Machine": {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {
            "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            "LoggingConfiguration": {
                "Level": "ALL",
                "IncludeExecutionData": False,
                "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": {"Fn::GetAtt": ["Log", "Arn"]}}}],
            },
            "TracingConfiguration": {"Enabled": True},
            "EncryptionConfiguration": {"Type": "CUSTOMER_MANAGED_KMS_KEY", "KmsKeyId": KEY},
            "DefinitionString": {"Fn::Sub": json.dumps(MACHINE)},
        },
    }
}


_FORMS = ("sub", "object", "substituted", "joined", "written")


def machine(path: str = "", value: object = None, form: str = "sub") -> dict:
    """Return a state machine whose definition is the good one, with one value changed, written in one of `_FORMS`."""
    definition = change(MACHINE, path, value) if path else MACHINE
    out = copy.deepcopy(_STATE_MACHINE)
    properties = out["Machine"]["Properties"]
    text = json.dumps(definition)
    if form == "object":
        del properties["DefinitionString"]
        properties["Definition"] = definition
    elif form == "substituted":
        properties["DefinitionString"] = text.replace("${Key.Arn}", "${TheKey}")
        properties["DefinitionSubstitutions"] = {"TheKey": KEY}
    elif form == "written":
        properties["DefinitionString"] = {"Fn::ToJsonString": definition}
    elif form == "joined":
        head, tail = text.split("${Key.Arn}", 1)
        properties["DefinitionString"] = {"Fn::Join": ["", [head, KEY, tail]]}
    else:
        properties["DefinitionString"] = {"Fn::Sub": text}
    return out


def _states(path: str, value: object) -> list[dict]:
    return [machine(path, value, form) for form in _FORMS]


_PARAMETERS = "States.Train.Parameters"
_ARGUMENTS = "States.Each.ItemProcessor.States.Prepare.Arguments"
_CREATE = "States.Both.Branches.0.States.Create.Parameters"

GOOD = {**HOSTED, **MONITORED, **body(), **machine()}
for _form in _FORMS:
    GOOD[f"Machine{_form}"] = machine(form=_form)["Machine"]
GOOD["Components"] = COMPONENTS["Config"]
GOOD["AsObject"] = pipeline(DEFINITION)["Pipeline"]
GOOD["InBucket"] = pipeline({"PipelineDefinitionS3Location": {"Bucket": "b", "Key": "k"}})["Pipeline"]
_TRACKED = change({"Step": PROCESSING}, "Step.NetworkConfig.EnableNetworkIsolation", False)["Step"]
_TRACKED = {**_TRACKED, "Environment": {"MLFLOW_TRACKING_URI": "${App.Arn}"}}
GOOD["Tracked"] = pipeline({"Steps": [{"Name": "Track", "Type": "Processing", "Arguments": _TRACKED}]})["Pipeline"]
_CALLING = {**_TRACKED, "Environment": {"GOVML_NETWORK_FOR": "Glue"}}
GOOD["Calling"] = pipeline({"Steps": [{"Name": "Ingest", "Type": "Processing", "Arguments": _CALLING}]})["Pipeline"]
GOOD["Unquoted"] = pipeline(
    {"PipelineDefinitionBody": {"Fn::Sub": '{"Steps": [{"Name": "x", "Type": "Fail", "Arguments": {"E": ${Count}}}]}'}}
)["Pipeline"]

SHADOW = {
    "Shadow": {
        "Type": "AWS::SageMaker::InferenceExperiment",
        "Properties": {
            "Name": "shadow",
            "Type": "ShadowMode",
            "KmsKey": KEY,
            "DataStorageConfig": {"Destination": {"Fn::Sub": "s3://${Captures}/shadow"}, "KmsKey": KEY},
        },
    },
    "Partner": {
        "Type": "AWS::SageMaker::PartnerApp",
        "Properties": {"Name": "p", "Type": "comet", "Tier": "small", "AuthType": "IAM", "KmsKeyId": {"Ref": "Key"}},
    },
}
_KINDS = ("DataQuality", "ModelQuality", "ModelBias", "ModelExplainability")
_NETWORKS = [
    *(f"{kind}.Properties.NetworkConfig" for kind in _KINDS),
    f"{_INLINE}.NetworkConfig",
    "Job.Properties.NetworkConfig",
]
_OFF = (False, "false", REMOVED, {"Fn::If": ["C", True, {"Ref": "AWS::NoValue"}]})

EXAMPLES = {
    "GovML-SageMakerVpc": Example(
        GOOD,
        [
            change(HOSTED, f"{_MODEL}.VpcConfig", REMOVED),
            change(HOSTED, f"{_MODEL}.VpcConfig.Subnets", []),
            change(HOSTED, f"{_MODEL}.VpcConfig.SecurityGroupIds", REMOVED),
            change(HOSTED, f"{_MODEL}.VpcConfig", {"Fn::If": ["C", VPC, {"Ref": "AWS::NoValue"}]}),
            change(COMPONENTS, f"{_CONFIG}.VpcConfig", REMOVED),
            *(change(MONITORED, f"{path}.VpcConfig", REMOVED) for path in _NETWORKS),
            *(change(MONITORED, path, REMOVED) for path in _NETWORKS),
            body("Steps.0.Arguments.NetworkConfig.VpcConfig", REMOVED),
            body("Steps.0.Arguments.NetworkConfig", REMOVED),
            body("Steps.1.Arguments.VpcConfig", REMOVED),
            body("Steps.1.Arguments.VpcConfig.Subnets", []),
            body("Steps.2.Arguments.TrainingJobDefinition.VpcConfig", REMOVED),
            body("Steps.2.Arguments.TrainingJobDefinitions.0.VpcConfig", REMOVED),
            body("Steps.3.Arguments.NetworkConfig.VpcConfig", REMOVED),
            body(f"{_IF}.1.Arguments.VpcConfig", REMOVED),
            *_states(f"{_PARAMETERS}.VpcConfig", REMOVED),
            *_states(f"{_ARGUMENTS}.NetworkConfig.VpcConfig", REMOVED),
            {"Cluster": {"Type": "AWS::SageMaker::Cluster", "Properties": {"InstanceGroups": []}}},
        ],
        MONITOR,
    ),
    "GovML-SageMakerIsolation": Example(
        GOOD,
        [
            *(change(HOSTED, f"{_MODEL}.EnableNetworkIsolation", off) for off in _OFF),
            change(COMPONENTS, f"{_CONFIG}.EnableNetworkIsolation", False),
            *(
                change(MONITORED, f"{path}.EnableNetworkIsolation", off)
                for path in _NETWORKS
                for off in (False, REMOVED)
            ),
            body("Steps.0.Arguments.NetworkConfig.EnableNetworkIsolation", False),
            body("Steps.0.Arguments.Environment.MLFLOW_TRACKING_URI", "arn")
            | body("Steps.0.Arguments.NetworkConfig.EnableNetworkIsolation", REMOVED),
            body("Steps.1.Arguments.EnableNetworkIsolation", "false"),
            body("Steps.0.Arguments.Environment.GOVML_NETWORK_FOR", "")
            | body("Steps.0.Arguments.NetworkConfig.EnableNetworkIsolation", False),
            body("Steps.1.Arguments.Environment.GOVML_NETWORK_FOR", "Glue")
            | body("Steps.1.Arguments.EnableNetworkIsolation", False),
            body("Steps.2.Arguments.TrainingJobDefinition.EnableNetworkIsolation", REMOVED),
            body("Steps.2.Arguments.TrainingJobDefinitions.0.EnableNetworkIsolation", False),
            body("Steps.3.Arguments.NetworkConfig.EnableNetworkIsolation", False),
            body(f"{_IF}.1.Arguments.EnableNetworkIsolation", False),
            *_states(f"{_PARAMETERS}.EnableNetworkIsolation", False),
            *_states(f"{_ARGUMENTS}.NetworkConfig.EnableNetworkIsolation", False),
            *_states(f"{_CREATE}.EnableNetworkIsolation", False),
        ],
        MONITOR,
    ),
    "GovML-SageMakerTrafficEncryption": Example(
        GOOD,
        [
            *(change(MONITORED, f"{p}.EnableInterContainerTrafficEncryption", off) for p in _NETWORKS for off in _OFF),
            body("Steps.0.Arguments.NetworkConfig.EnableInterContainerTrafficEncryption", False),
            body("Steps.1.Arguments.EnableInterContainerTrafficEncryption", REMOVED),
            body("Steps.2.Arguments.TrainingJobDefinition.EnableInterContainerTrafficEncryption", "False"),
            *_states(f"{_PARAMETERS}.EnableInterContainerTrafficEncryption", False),
            *_states(f"{_ARGUMENTS}.NetworkConfig.EnableInterContainerTrafficEncryption", REMOVED),
        ],
        MONITOR,
    ),
    "GovML-SageMakerVolumeKey": Example(
        GOOD,
        [
            change(HOSTED, f"{_CONFIG}.KmsKeyId", REMOVED),
            change(HOSTED, f"{_CONFIG}.KmsKeyId", ""),
            change(HOSTED, f"{_CONFIG}.KmsKeyId", "alias/aws/sagemaker"),
            *(change(MONITORED, f"{k}.Properties.JobResources.ClusterConfig.VolumeKmsKeyId", REMOVED) for k in _KINDS),
            change(MONITORED, f"{_INLINE}.MonitoringResources.ClusterConfig.VolumeKmsKeyId", REMOVED),
            change(MONITORED, "Job.Properties.ProcessingResources.ClusterConfig.VolumeKmsKeyId", REMOVED),
            body("Steps.0.Arguments.ProcessingResources.ClusterConfig.VolumeKmsKeyId", REMOVED),
            body("Steps.1.Arguments.ResourceConfig.VolumeKmsKeyId", REMOVED),
            body("Steps.1.Arguments.ResourceConfig.VolumeKmsKeyId", "alias/aws/ebs"),
            body("Steps.2.Arguments.TrainingJobDefinitions.0.ResourceConfig.VolumeKmsKeyId", REMOVED),
            body(f"{_IF}.2.Arguments.TransformResources.VolumeKmsKeyId", REMOVED),
            *_states(f"{_PARAMETERS}.ResourceConfig.VolumeKmsKeyId", REMOVED),
            *_states(f"{_ARGUMENTS}.ProcessingResources.ClusterConfig.VolumeKmsKeyId", REMOVED),
        ],
        MONITOR,
    ),
    "GovML-SageMakerOutputKey": Example(
        GOOD,
        [
            change(HOSTED, f"{_CONFIG}.DataCaptureConfig.KmsKeyId", REMOVED),
            change(HOSTED, f"{_CONFIG}.AsyncInferenceConfig", {"OutputConfig": {"S3OutputPath": "s3://b/o"}}),
            change(HOSTED, f"{_VARIANT}.CoreDumpConfig", {"DestinationS3Uri": "s3://b/d"}),
            *(change(MONITORED, f"{kind}.Properties.{kind}JobOutputConfig.KmsKeyId", REMOVED) for kind in _KINDS),
            change(MONITORED, f"{_INLINE}.MonitoringOutputConfig.KmsKeyId", REMOVED),
            change(MONITORED, "Job.Properties.ProcessingOutputConfig.KmsKeyId", REMOVED),
            body("Steps.0.Arguments.ProcessingOutputConfig.KmsKeyId", REMOVED),
            body("Steps.1.Arguments.OutputDataConfig.KmsKeyId", REMOVED),
            body("Steps.2.Arguments.TrainingJobDefinition.OutputDataConfig.KmsKeyId", REMOVED),
            body(f"{_IF}.2.Arguments.TransformOutput.KmsKeyId", REMOVED),
            *_states(f"{_PARAMETERS}.OutputDataConfig.KmsKeyId", "alias/aws/s3"),
            *_states(f"{_ARGUMENTS}.ProcessingOutputConfig", {"Outputs": []}),
        ],
        MONITOR,
    ),
    "GovML-SageMakerStorageKey": Example(
        SHADOW,
        [
            change(SHADOW, "Shadow.Properties.KmsKey", REMOVED),
            change(SHADOW, "Shadow.Properties.DataStorageConfig.KmsKey", REMOVED),
            change(SHADOW, "Partner.Properties.KmsKeyId", ""),
        ],
    ),
    "GovML-EndpointDataCapture": Example(
        HOSTED,
        [
            change(HOSTED, f"{_CONFIG}.DataCaptureConfig", REMOVED),
            change(HOSTED, f"{_CONFIG}.DataCaptureConfig.EnableCapture", False),
            change(HOSTED, f"{_CONFIG}.DataCaptureConfig.EnableCapture", "false"),
            change(HOSTED, f"{_CONFIG}.DataCaptureConfig.InitialSamplingPercentage", 0),
            change(HOSTED, f"{_CONFIG}.DataCaptureConfig.InitialSamplingPercentage", "0"),
        ],
    ),
    "GovML-EndpointServerless": Example(
        HOSTED, [change(HOSTED, f"{_VARIANT}.ServerlessConfig", {"MaxConcurrency": 5, "MemorySizeInMB": 2048})]
    ),
    "GovML-EndpointShell": Example(
        change(HOSTED, f"{_VARIANT}.EnableSSMAccess", False),
        [change(HOSTED, f"{_VARIANT}.EnableSSMAccess", True), change(HOSTED, f"{_VARIANT}.EnableSSMAccess", "true")],
    ),
    "GovML-EndpointRollback": Example(
        HOSTED,
        [
            change(HOSTED, "Endpoint.Properties.DeploymentConfig.AutoRollbackConfiguration", REMOVED),
            change(HOSTED, "Endpoint.Properties.DeploymentConfig.AutoRollbackConfiguration.Alarms", []),
        ],
    ),
    "GovML-PipelineDefinition": Example(
        body(),
        [
            pipeline({"PipelineDefinitionBody": '{"Version": "2020-12-01", "Steps": ['}),
            pipeline({"PipelineDefinitionBody": "steps: []"}),
            pipeline({"PipelineDefinitionBody": {"Fn::Sub": '{"Version": "2020-12-01", "Steps": []}'}}),
            pipeline({"PipelineDefinitionBody": "[]"}),
        ],
    ),
    "GovML-ModelApproval": Example(
        body(),
        [
            body(f"{_IF}.0.Arguments.ModelApprovalStatus", "Approved"),
            body("Parameters.0.DefaultValue", "Approved"),
            {"Package": {"Type": "AWS::SageMaker::ModelPackage", "Properties": {"ModelApprovalStatus": "Approved"}}},
        ],
    ),
    "GovML-JobSecret": Example(
        {**body("Steps.1.Arguments.Environment", {"SECRET_ARN": "${Secret}", "MAX_TOKENS": "100"}), **machine()},
        [
            body("Steps.0.Arguments.Environment", {"DB_PASSWORD": "changed-once"}),
            body("Steps.1.Arguments.HyperParameters", {"api_key": "changed-once"}),
            body("Steps.2.Arguments.TrainingJobDefinition.StaticHyperParameters", {"api_key": "changed-once"}),
            body("Parameters.0", {"Name": "ApiToken", "Type": "String", "DefaultValue": "changed-once"}),
            *_states(f"{_PARAMETERS}.Environment", {"DB_PASSWORD": "changed-once"}),
        ],
    ),
    "GovML-PublicImage": Example(
        GOOD,
        [
            change(HOSTED, f"{_MODEL}.PrimaryContainer.Image", "public.ecr.aws/docker/library/python:3.13"),
            change(HOSTED, f"{_MODEL}.PrimaryContainer.Image", "docker.io/vllm/vllm-openai:latest"),
            change(MONITORED, "Job.Properties.AppSpecification.ImageUri", "ghcr.io/mlflow/mlflow:v3"),
            body("Steps.0.Arguments.AppSpecification.ImageUri", "registry.docker.io/python:3.13"),
            body("Steps.1.Arguments.AlgorithmSpecification.TrainingImage", "quay.io/x/y:1"),
            *_states(f"{_PARAMETERS}.AlgorithmSpecification.TrainingImage", "nvcr.io/nvidia/pytorch:25.10-py3"),
        ],
        MONITOR,
    ),
    "GovML-TrainingRemoteDebug": Example(
        body(), [body("Steps.1.Arguments.RemoteDebugConfig", {"EnableRemoteDebug": each}) for each in (True, "true")]
    ),
    "GovML-ForeignModelCode": Example(
        HOSTED,
        [
            change(HOSTED, f"{_MODEL}.PrimaryContainer.Environment.HF_MODEL_TRUST_REMOTE_CODE", "true"),
            change(HOSTED, f"{_MODEL}.PrimaryContainer.Environment.OPTION_TRUST_REMOTE_CODE", "1"),
            change(HOSTED, f"{_MODEL}.Containers", [{"Environment": {"HF_TRUST_REMOTE_CODE": "True"}}]),
        ],
    ),
    "GovML-StateMachineDefinition": Example(
        machine(), [change(machine(), "Machine.Properties.DefinitionString", '{"States": ')]
    ),
    "GovML-StateMachineLog": Example(
        machine(),
        [
            change(machine(), "Machine.Properties.LoggingConfiguration", REMOVED),
            change(machine(), "Machine.Properties.LoggingConfiguration.Level", "OFF"),
            change(machine(), "Machine.Properties.LoggingConfiguration.Destinations", []),
            change(machine(), "Machine.Properties.TracingConfiguration.Enabled", False),
        ],
    ),
    "GovML-StateMachineKey": Example(
        machine(),
        [
            change(machine(), "Machine.Properties.EncryptionConfiguration", {"Type": "AWS_OWNED_KEY"}),
            change(machine(), "Machine.Properties.EncryptionConfiguration.KmsKeyId", REMOVED),
        ],
    ),
}
