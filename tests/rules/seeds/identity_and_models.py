"""Defects of identities, machine learning, foundation models, data services."""

from __future__ import annotations

import json

from seeding import REMOVED, add, put, seed

_TRUST = "AssumeRolePolicyDocument.Statement.0."
seed("trust other account", put("JobRole", _TRUST + "Principal", {"AWS": "arn:aws:iam::999988887777:root"}))
seed("trust star", put("JobRole", _TRUST + "Principal", "*"))
seed("external id", put("JobRole", _TRUST + "Condition", {"StringEquals": {"sts:ExternalId": "x"}}))
seed("no condition", put("JobRole", _TRUST + "Condition", REMOVED))
seed(
    "admin join",
    put(
        "JobRole",
        "ManagedPolicyArns",
        [{"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/AdministratorAccess"]]}],
    ),
)
seed(
    "admin sub",
    put("JobRole", "ManagedPolicyArns", [{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/IAMFullAccess"}]),
)
seed(
    "sagemaker full",
    put(
        "JobRole", "ManagedPolicyArns", [{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AmazonSageMakerFullAccess"}]
    ),
)
seed(
    "inline",
    put(
        "JobRole",
        "Policies",
        [
            {
                "PolicyName": "x",
                "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "iam:*", "Resource": "*"}]},
            }
        ],
    ),
)
_STATEMENT = "PolicyDocument.Statement."
seed("s3:*", put("DataPolicy", _STATEMENT + "0.Action", "s3:*"))
seed("res *", put("DataPolicy", _STATEMENT + "0.Resource", "*"))
seed(
    "notaction",
    put(
        "DataPolicy",
        _STATEMENT + "0",
        {"Effect": "Allow", "NotAction": "iam:*", "Resource": {"Fn::GetAtt": ["Data", "Arn"]}},
    ),
)
seed("passrole star", put("DataPolicy", _STATEMENT + "3.Resource", "*"))
seed("passrole nocond", put("DataPolicy", _STATEMENT + "3.Condition", REMOVED))
seed("bedrock *", put("DataPolicy", _STATEMENT + "2.Resource", "*"))
seed("bedrock no guardrail", put("DataPolicy", _STATEMENT + "2.Condition", REMOVED))
seed(
    "bedrock profile",
    put(
        "DataPolicy",
        _STATEMENT + "2.Resource",
        {
            "Fn::Sub": "arn:${AWS::Partition}:bedrock:${AWS::Region}:${AWS::AccountId}:inference-profile/global.anthropic.claude"
        },
    ),
)
seed(
    "bedrock model wildcard",
    put(
        "DataPolicy",
        _STATEMENT + "2.Resource",
        {"Fn::Sub": "arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model/anthropic.*"},
    ),
)
seed(
    "hard account",
    put(
        "DataPolicy", _STATEMENT + "0.Resource", {"Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:123456789012:q"}
    ),
)
seed("hard partition", put("DataPolicy", _STATEMENT + "0.Resource", "arn:aws:s3:::bucket/x"))
seed(
    "hard region",
    put(
        "DataPolicy",
        _STATEMENT + "0.Resource",
        {"Fn::Sub": "arn:${AWS::Partition}:sqs:ap-southeast-1:${AWS::AccountId}:q"},
    ),
)
seed(
    "assumerole star",
    put("DataPolicy", _STATEMENT + "0", {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}),
)
seed(
    "createpolicyversion",
    put("DataPolicy", _STATEMENT + "0", {"Effect": "Allow", "Action": "iam:CreatePolicyVersion", "Resource": "*"}),
)
seed("model no vpc", put("Model", "VpcConfig", REMOVED))
seed("model no isolation", put("Model", "EnableNetworkIsolation", False))
seed("model isolation missing", put("Model", "EnableNetworkIsolation", REMOVED))
seed("ec no kms", put("Config", "KmsKeyId", REMOVED))
seed("ec no capture", put("Config", "DataCaptureConfig", REMOVED))
seed("ec capture off", put("Config", "DataCaptureConfig.EnableCapture", False))
seed("ec capture kms", put("Config", "DataCaptureConfig.KmsKeyId", REMOVED))
seed("domain public", put("Domain", "AppNetworkAccessType", "PublicInternetOnly"))
seed("domain default net", put("Domain", "AppNetworkAccessType", REMOVED))
seed("domain kms", put("Domain", "KmsKeyId", REMOVED))
seed("nb internet", put("Notebook", "DirectInternetAccess", "Enabled"))
seed("nb root", put("Notebook", "RootAccess", "Enabled"))
seed("nb kms", put("Notebook", "KmsKeyId", REMOVED))
seed("nb subnet", put("Notebook", "SubnetId", REMOVED))
seed("fg online", put("Features", "OnlineStoreConfig.SecurityConfig", REMOVED))
seed("fg offline", put("Features", "OfflineStoreConfig.S3StorageConfig.KmsKeyId", REMOVED))
seed(
    "mpg policy *",
    put(
        "Group",
        "ModelPackageGroupPolicy",
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": "*", "Action": "sagemaker:DescribeModelPackage", "Resource": "*"}
            ],
        },
    ),
)
seed("mlflow auto register", put("Mlflow", "AutomaticModelRegistration", True))


def _in_pipeline(fn):
    def f(d):
        b = d["Resources"]["Pipeline"]["Properties"]["PipelineDefinition"]["PipelineDefinitionBody"]
        j = json.loads(b["Fn::Sub"])
        fn(j["Steps"][0]["Arguments"])
        b["Fn::Sub"] = json.dumps(j)

    return f


for k in ("VpcConfig", "EnableNetworkIsolation", "EnableInterContainerTrafficEncryption"):
    seed("pipe " + k, _in_pipeline(lambda a, k=k: a.pop(k)))
seed("pipe volume", _in_pipeline(lambda a: a["ResourceConfig"].pop("VolumeKmsKeyId")))
seed("pipe output", _in_pipeline(lambda a: a["OutputDataConfig"].pop("KmsKeyId")))
seed(
    "guardrail no attack",
    put(
        "Guardrail",
        "ContentPolicyConfig.FiltersConfig",
        [{"Type": "HATE", "InputStrength": "HIGH", "OutputStrength": "HIGH"}],
    ),
)
seed("guardrail kms", put("Guardrail", "KmsKeyArn", REMOVED))
seed("guardrail strength none", put("Guardrail", "ContentPolicyConfig.FiltersConfig.0.InputStrength", "NONE"))
seed("guardrail pii", put("Guardrail", "SensitiveInformationPolicyConfig", REMOVED))
seed("agent", add("Agent", "AWS::Bedrock::Agent", {"AgentName": "a", "FoundationModel": "global.anthropic.claude"}))
seed(
    "sfn training",
    put(
        "Sfn",
        "DefinitionString",
        json.dumps(
            {
                "StartAt": "T",
                "States": {
                    "T": {
                        "Type": "Task",
                        "Resource": "arn:aws:states:::sagemaker:createTrainingJob.sync",
                        "Parameters": {"TrainingJobName": "x"},
                        "End": True,
                    }
                },
            }
        ),
    ),
)
seed("sfn log off", put("Sfn", "LoggingConfiguration", REMOVED))
seed(
    "monitor",
    add(
        "Mon",
        "AWS::SageMaker::MonitoringSchedule",
        {
            "MonitoringScheduleName": "m",
            "MonitoringScheduleConfig": {"MonitoringJobDefinitionName": "j", "MonitoringType": "DataQuality"},
        },
    ),
)
seed(
    "aoss public",
    put(
        "AossNet",
        "Policy",
        json.dumps(
            [{"Rules": [{"ResourceType": "collection", "Resource": ["collection/c"]}], "AllowFromPublic": True}]
        ),
    ),
)
seed(
    "aoss awskey",
    put(
        "AossEnc",
        "Policy",
        json.dumps({"Rules": [{"ResourceType": "collection", "Resource": ["collection/c"]}], "AWSOwnedKey": True}),
    ),
)
seed("vec enc", put("Vec", "EncryptionConfiguration", {"SseType": "AES256"}))
seed("vec enc gone", put("Vec", "EncryptionConfiguration", REMOVED))
seed("wg enforce", put("Wg", "WorkGroupConfiguration.EnforceWorkGroupConfiguration", False))
seed("wg enc", put("Wg", "WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration", REMOVED))
seed("glue s3", put("SecCfg", "EncryptionConfiguration.S3Encryptions", [{"S3EncryptionMode": "DISABLED"}]))
seed("glue cw", put("SecCfg", "EncryptionConfiguration.CloudWatchEncryption.CloudWatchEncryptionMode", "DISABLED"))
seed(
    "glue job no sec",
    add(
        "GJob",
        "AWS::Glue::Job",
        {"Role": {"Fn::GetAtt": ["JobRole", "Arn"]}, "Command": {"Name": "glueetl", "ScriptLocation": "s3://x/y"}},
    ),
)
