"""What is built on foundation models: knowledge bases, invocation logs, agents."""

from __future__ import annotations

from example import REMOVED, Example, change
from foundation_pieces import (
    _AGENT,
    _ASK_NODE,
    _ASK_STATE,
    _GUARDRAIL,
    _PROFILE_ARN,
    BASE,
    CLAUDE,
    FLOW,
    GUARDRAIL,
    KEY,
    MODEL,
    _function,
)
from ml_requests import machine

_STORAGE = "Base.Properties.StorageConfiguration"
LOGGING = {
    "Logging": {
        "Type": "Custom::InvocationLog",
        "Properties": {
            "ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]},
            "LoggingConfig": {
                "CloudWatchConfig": {"LogGroupName": {"Ref": "Log"}, "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}},
                "TextDataDeliveryEnabled": True,
            },
        },
    }
}
FLAT = {
    "Record": {
        "Type": "Custom::BedrockLogging",
        "Properties": {
            "ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]},
            "LoggingEnabled": True,
            "LogGroupName": {"Ref": "Log"},
            "DeliveryRoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            "ImageDataDeliveryEnabled": False,
        },
    }
}
_LOGGING = "Logging.Properties.LoggingConfig"


def _call(action: str, text: str, group: str) -> dict:
    """Return the custom resource that CDK makes of one call: JSON text, joined around references."""
    head = (
        f'{{"service":"Bedrock","action":"{action}","parameters":{{"loggingConfig":{{"textDataDeliveryEnabled":{text},'
        '"cloudWatchConfig":{"roleArn":"'
    )
    parts = [head, {"Fn::GetAtt": ["Role", "Arn"]}, '","logGroupName":"', group, '"}}}}']
    return {
        "Call": {
            "Type": "Custom::AWS",
            "Properties": {"ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]}, "Create": {"Fn::Join": ["", parts]}},
        }
    }


_PUT = "putModelInvocationLoggingConfiguration"
_VPC = {"Subnets": [{"Ref": "SubnetA"}], "SecurityGroups": [{"Ref": "Group"}]}
CORE = {
    "Runtime": {
        "Type": "AWS::BedrockAgentCore::Runtime",
        "Properties": {
            "AgentRuntimeName": "helper",
            "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            "AgentRuntimeArtifact": {"ContainerConfiguration": {"ContainerUri": {"Ref": "Image"}}},
            "NetworkConfiguration": {"NetworkMode": "VPC", "NetworkModeConfig": _VPC},
            "EnvironmentVariables": {"MODEL_ID": CLAUDE},
        },
    },
    "Code": {
        "Type": "AWS::BedrockAgentCore::CodeInterpreterCustom",
        "Properties": {"Name": "code", "NetworkConfiguration": {"NetworkMode": "SANDBOX"}},
    },
    "Browser": {
        "Type": "AWS::BedrockAgentCore::BrowserCustom",
        "Properties": {"Name": "browser", "NetworkConfiguration": {"NetworkMode": "VPC", "VpcConfig": _VPC}},
    },
    "Gateway": {
        "Type": "AWS::BedrockAgentCore::Gateway",
        "Properties": {
            "Name": "tools",
            "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            "AuthorizerType": "CUSTOM_JWT",
            "AuthorizerConfiguration": {
                "CustomJWTAuthorizer": {
                    "DiscoveryUrl": "https://id.example.gov.sg/openid",
                    "AllowedAudience": ["tools"],
                }
            },
            "KmsKeyArn": KEY,
        },
    },
    "Memory": {
        "Type": "AWS::BedrockAgentCore::Memory",
        "Properties": {"Name": "memory", "EventExpiryDuration": 30, "EncryptionKeyArn": KEY},
    },
}
FUNCTION = {
    "Parameter": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": CLAUDE}},
    "Profile": {
        "Type": "AWS::Bedrock::ApplicationInferenceProfile",
        "Properties": {"InferenceProfileName": "cost", "ModelSource": {"CopyFrom": MODEL}},
    },
}


def _code(text: str) -> dict:
    return {"F": {"Type": "AWS::Lambda::Function", "Properties": {"Code": {"ZipFile": text}}}}


EXAMPLES = {
    "GovML-BedrockKey": Example(
        {**GUARDRAIL, **FLOW, **CORE},
        [
            change(GUARDRAIL, f"{_GUARDRAIL}.KmsKeyArn", REMOVED),
            change(FLOW, "Flow.Properties.CustomerEncryptionKeyArn", REMOVED),
            change(FLOW, "Prompt.Properties.CustomerEncryptionKeyArn", ""),
            change(_AGENT, "Agent.Properties.CustomerEncryptionKeyArn", REMOVED),
            change(CORE, "Memory.Properties.EncryptionKeyArn", REMOVED),
        ],
    ),
    "GovML-ModelRegion": Example(
        {**FLOW, **FUNCTION, **BASE, **CORE, **machine()},
        [
            change(FLOW, f"{_ASK_NODE}.SourceConfiguration.Inline.ModelId", f"apac.{CLAUDE}"),
            change(FLOW, "Prompt.Properties.Variants.0.ModelId", f"global.{CLAUDE}"),
            change(_AGENT, "Agent.Properties.FoundationModel", _PROFILE_ARN),
            change(_AGENT, "Agent.Properties.FoundationModel", f"us.{CLAUDE}"),
            change(FUNCTION, "Parameter.Properties.Value", f"apac.{CLAUDE}"),
            change(FUNCTION, "Profile.Properties.ModelSource.CopyFrom", _PROFILE_ARN),
            change(
                BASE,
                "Base.Properties.KnowledgeBaseConfiguration.VectorKnowledgeBaseConfiguration.EmbeddingModelArn",
                {"Fn::Sub": "arn:${AWS::Partition}:bedrock:us-west-2::foundation-model/amazon.titan-embed-text-v2:0"},
            ),
            change(CORE, "Runtime.Properties.EnvironmentVariables.MODEL_ID", f"global.{CLAUDE}"),
            _function("MODEL_ID", f"apac.{CLAUDE}"),
            _code(f"client.converse(modelId='us.{CLAUDE}')"),
            machine(f"{_ASK_STATE}.ModelId", f"apac.{CLAUDE}"),
            change(GUARDRAIL, f"{_GUARDRAIL}.CrossRegionConfig", {"GuardrailProfileArn": "apac.guardrail.v1:0"}),
        ],
    ),
    "GovML-KnowledgeBaseStore": Example(
        BASE,
        [
            change(BASE, _STORAGE, {"Type": "PINECONE", "PineconeConfiguration": {"ConnectionString": "https://x"}}),
            change(BASE, _STORAGE, {"Type": "MONGO_DB_ATLAS", "MongoDbAtlasConfiguration": {"Endpoint": "x"}}),
        ],
    ),
    "GovML-InvocationLog": Example(
        {**LOGGING, **FLAT, **_call(_PUT, "true", "log")},
        [
            change(LOGGING, f"{_LOGGING}.TextDataDeliveryEnabled", False),
            change(LOGGING, f"{_LOGGING}.TextDataDeliveryEnabled", "false"),
            change(LOGGING, f"{_LOGGING}.CloudWatchConfig", REMOVED),
            change(LOGGING, f"{_LOGGING}.CloudWatchConfig.LogGroupName", REMOVED),
            change(LOGGING, f"{_LOGGING}.CloudWatchConfig.RoleArn", REMOVED),
            change(FLAT, "Record.Properties.LoggingEnabled", "false"),
            change(FLAT, "Record.Properties.LogGroupName", REMOVED),
            _code("bedrock.put(loggingConfig={'textDataDeliveryEnabled': False})"),
            _call(_PUT, "false", "log"),
            _call(_PUT, "true", ""),
            _call("deleteModelInvocationLoggingConfiguration", "true", "log"),
        ],
    ),
    "GovML-AgentNetwork": Example(
        CORE,
        [
            change(CORE, "Runtime.Properties.NetworkConfiguration", {"NetworkMode": "PUBLIC"}),
            change(CORE, "Runtime.Properties.NetworkConfiguration.NetworkModeConfig", REMOVED),
            change(CORE, "Code.Properties.NetworkConfiguration.NetworkMode", "PUBLIC"),
            change(CORE, "Browser.Properties.NetworkConfiguration.NetworkMode", "PUBLIC"),
            change(CORE, "Browser.Properties.NetworkConfiguration.VpcConfig.SecurityGroups", []),
        ],
    ),
    "GovML-AgentAuthorizer": Example(
        CORE,
        [
            change(CORE, "Gateway.Properties.AuthorizerType", "NONE"),
            change(CORE, "Gateway.Properties.AuthorizerConfiguration.CustomJWTAuthorizer.AllowedAudience", REMOVED),
            change(CORE, "Gateway.Properties.ExceptionLevel", "DEBUG"),
            change(
                CORE,
                "Runtime.Properties.AuthorizerConfiguration",
                {"CustomJWTAuthorizer": {"DiscoveryUrl": "https://id.example.gov.sg/openid"}},
            ),
        ],
    ),
}
