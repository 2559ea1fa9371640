"""Bedrock and AgentCore."""

from __future__ import annotations

from example import REMOVED, Example, change
from ml_requests import machine

KEY = {"Fn::GetAtt": ["Key", "Arn"]}
CLAUDE = "anthropic.claude-3-5-sonnet-20240620-v1:0"
_HERE = "arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model"
MODEL = {"Fn::Sub": f"{_HERE}/{CLAUDE}"}
TITAN = {"Fn::Sub": f"{_HERE}/amazon.titan-embed-text-v2:0"}
INVOKE = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"]
PINNED = {"Fn::Sub": "${Guardrail.GuardrailArn}:1"}
GUARDED = {"StringEquals": {"bedrock:GuardrailIdentifier": PINNED}}

POLICY = {
    "Access": {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {"Sid": "Ask", "Effect": "Allow", "Action": INVOKE, "Resource": [MODEL], "Condition": GUARDED},
                    {"Sid": "Embed", "Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": TITAN},
                    {
                        "Sid": "Apply",
                        "Effect": "Allow",
                        "Action": "bedrock:ApplyGuardrail",
                        "Resource": {"Fn::GetAtt": ["Guardrail", "GuardrailArn"]},
                    },
                ],
            }
        },
    }
}
_ASK = "Access.Properties.PolicyDocument.Statement.0"
_STATEMENTS = "Access.Properties.PolicyDocument.Statement"


def _denied(condition: dict) -> dict:
    """Return a policy that allows without the condition and denies what comes without the guardrail."""
    statements = [
        {"Effect": "Allow", "Action": INVOKE, "Resource": MODEL},
        {"Effect": "Deny", "Action": INVOKE, "Resource": "*", "Condition": condition},
    ]
    return change(POLICY, _STATEMENTS, statements)


def _unguarded() -> dict:
    return change(POLICY, _STATEMENTS, [{"Effect": "Allow", "Action": INVOKE, "Resource": MODEL}])


def _wall() -> dict:
    return change(POLICY, _STATEMENTS, [{"Effect": "Deny", "Action": INVOKE, "Resource": "*", "Condition": _NOT}])


_NOT = {"StringNotEquals": {"bedrock:GuardrailIdentifier": PINNED}}
_BEDROCK_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "bedrock.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
        }
    ],
}
BASE = {
    "Role": {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": _BEDROCK_TRUST, "ManagedPolicyArns": [{"Ref": "RolePolicy"}]},
    },
    "RolePolicy": {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [{"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": [MODEL, TITAN]}],
            }
        },
    },
    "Base": {
        "Type": "AWS::Bedrock::KnowledgeBase",
        "Properties": {
            "Name": "policies",
            "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            "KnowledgeBaseConfiguration": {
                "Type": "VECTOR",
                "VectorKnowledgeBaseConfiguration": {"EmbeddingModelArn": TITAN},
            },
            "StorageConfiguration": {
                "Type": "OPENSEARCH_SERVERLESS",
                "OpensearchServerlessConfiguration": {"CollectionArn": {"Fn::GetAtt": ["Collection", "Arn"]}},
            },
        },
    },
}
_STORAGE = "Base.Properties.StorageConfiguration"

_KINDS = ("HATE", "INSULTS", "SEXUAL", "VIOLENCE", "MISCONDUCT")
GUARDRAIL = {
    "Guardrail": {
        "Type": "AWS::Bedrock::Guardrail",
        "Properties": {
            "Name": "all",
            "BlockedInputMessaging": "This cannot be answered.",
            "BlockedOutputsMessaging": "This cannot be answered.",
            "KmsKeyArn": KEY,
            "ContentPolicyConfig": {
                "FiltersConfig": [
                    {"Type": "PROMPT_ATTACK", "InputStrength": "HIGH", "OutputStrength": "NONE"},
                    *({"Type": kind, "InputStrength": "HIGH", "OutputStrength": "MEDIUM"} for kind in _KINDS),
                ]
            },
            "SensitiveInformationPolicyConfig": {
                "PiiEntitiesConfig": [{"Type": "EMAIL", "Action": "ANONYMIZE"}],
                "RegexesConfig": [{"Name": "NRIC", "Pattern": "[STFGM]\\d{7}[A-Z]", "Action": "BLOCK"}],
            },
            "ContextualGroundingPolicyConfig": {"FiltersConfig": [{"Type": "GROUNDING", "Threshold": 0.8}]},
            "TopicPolicyConfig": {"TopicsConfig": [{"Name": "t", "Definition": "d", "Type": "DENY"}]},
        },
    },
    "Version": {
        "Type": "AWS::Bedrock::GuardrailVersion",
        "Properties": {"GuardrailIdentifier": {"Fn::GetAtt": ["Guardrail", "GuardrailId"]}},
    },
}
_GUARDRAIL = "Guardrail.Properties"
_FILTERS = f"{_GUARDRAIL}.ContentPolicyConfig.FiltersConfig"
_PII = f"{_GUARDRAIL}.SensitiveInformationPolicyConfig"

_USE = {
    "GuardrailIdentifier": {"Fn::GetAtt": ["Guardrail", "GuardrailId"]},
    "GuardrailVersion": {"Fn::GetAtt": ["Version", "Version"]},
}
FLOW = {
    "Flow": {
        "Type": "AWS::Bedrock::Flow",
        "Properties": {
            "Name": "answer",
            "ExecutionRoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
            "CustomerEncryptionKeyArn": KEY,
            "Definition": {
                "Nodes": [
                    {"Name": "In", "Type": "Input", "Configuration": {"Input": {}}},
                    {
                        "Name": "Ask",
                        "Type": "Prompt",
                        "Configuration": {
                            "Prompt": {
                                "SourceConfiguration": {"Inline": {"ModelId": CLAUDE}},
                                "GuardrailConfiguration": _USE,
                            }
                        },
                    },
                    {
                        "Name": "Find",
                        "Type": "KnowledgeBase",
                        "Configuration": {"KnowledgeBase": {"KnowledgeBaseId": {"Ref": "Base"}}},
                    },
                ]
            },
        },
    },
    "Prompt": {
        "Type": "AWS::Bedrock::Prompt",
        "Properties": {
            "Name": "summary",
            "CustomerEncryptionKeyArn": KEY,
            "Variants": [{"Name": "v1", "ModelId": CLAUDE, "TemplateType": "TEXT"}],
        },
    },
}
_ASK_NODE = "Flow.Properties.Definition.Nodes.1.Configuration.Prompt"

_AGENT = {
    "Agent": {
        "Type": "AWS::Bedrock::Agent",
        "Properties": {
            "AgentName": "helper",
            "FoundationModel": CLAUDE,
            "CustomerEncryptionKeyArn": KEY,
            "GuardrailConfiguration": _USE,
        },
    }
}
_ASK_STATE = "States.Both.Branches.1.States.Ask.Parameters"

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


def _open(name: object) -> dict:
    return change(POLICY, f"{_ASK}.Resource", name)


def _function(name: str, value: str) -> dict:
    return {"F": {"Type": "AWS::Lambda::Function", "Properties": {"Environment": {"Variables": {name: value}}}}}


def _profile(geography: str) -> dict:
    arn = "arn:${AWS::Partition}:bedrock:${AWS::Region}:${AWS::AccountId}:inference-profile/"
    return {"Fn::Sub": f"{arn}{geography}.{CLAUDE}"}


def _code(text: str) -> dict:
    return {"F": {"Type": "AWS::Lambda::Function", "Properties": {"Code": {"ZipFile": text}}}}


_PROFILE_ARN = _profile("apac")

EXAMPLES = {
    "GovML-BedrockNamedModels": Example(
        POLICY,
        [
            _open("*"),
            _open([MODEL, "*"]),
            _open({"Fn::Sub": f"{_HERE}/*"}),
            _open({"Fn::Sub": f"{_HERE}/anthropic.*"}),
            _open("arn:aws:bedrock:*::foundation-model/*"),
            _open("arn:aws:bedrock:*:*:*"),
            _open({"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":bedrock:*::foundation-model/*"]]}),
            change(_open("*"), f"{_ASK}.Action", "bedrock:*"),
            change(_open("*"), f"{_ASK}.Action", ["bedrock:Invoke*"]),
        ],
    ),
    "GovML-BedrockCallRegion": Example(
        POLICY,
        [
            _open(_PROFILE_ARN),
            _open([MODEL, {"Fn::Sub": "arn:${AWS::Partition}:bedrock:us-east-1::foundation-model/" + CLAUDE}]),
            _open({"Fn::Sub": "arn:${AWS::Partition}:bedrock:*::foundation-model/" + CLAUDE}),
            _open({"Fn::Sub": "arn:${AWS::Partition}:bedrock:::foundation-model/" + CLAUDE}),
            _open(_profile("global")),
            _open(_profile("us")),
        ],
    ),
    "GovML-BedrockGuardrailCondition": Example(
        {
            **POLICY,
            **BASE,
            "Denied": _denied(_NOT)["Access"],
            "Beside": _unguarded()["Access"],
            "Wall": _wall()["Access"],
            "Holder": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "AssumeRolePolicyDocument": _BEDROCK_TRUST,
                    "ManagedPolicyArns": [{"Ref": "Beside"}, {"Ref": "Wall"}],
                },
            },
            "Null": _denied({"Null": {"bedrock:GuardrailIdentifier": "true"}})["Access"],
        },
        [
            change(POLICY, f"{_ASK}.Condition", REMOVED),
            change(POLICY, f"{_ASK}.Condition", {"StringEquals": {"aws:PrincipalTag/team": "x"}}),
            change(POLICY, f"{_ASK}.Condition", {"StringEqualsIfExists": {"bedrock:GuardrailIdentifier": PINNED}}),
            change(POLICY, f"{_ASK}.Condition", {"StringLike": {"bedrock:GuardrailIdentifier": "*"}}),
            change(
                change(POLICY, f"{_ASK}.Condition", REMOVED),
                f"{_ASK}.Action",
                ["bedrock:InvokeModelWithResponseStream"],
            ),
            change(change(POLICY, f"{_ASK}.Condition", REMOVED), f"{_ASK}.Action", "bedrock:*"),
            {**_unguarded(), "Wall": _wall()["Access"]},
            _denied({"StringEquals": {"aws:RequestedRegion": "us-east-1"}}),
            change(
                BASE, "Role.Properties.AssumeRolePolicyDocument.Statement.0.Principal.Service", "lambda.amazonaws.com"
            ),
        ],
    ),
    "GovML-BedrockSafeguards": Example(
        POLICY,
        [
            change(POLICY, f"{_STATEMENTS}.2.Action", ["bedrock:ApplyGuardrail", "bedrock:DeleteGuardrail"]),
            change(POLICY, f"{_STATEMENTS}.2.Action", ["bedrock:UpdateGuardrail"]),
            change(POLICY, f"{_STATEMENTS}.2.Action", ["bedrock:Delete*"]),
            change(POLICY, f"{_STATEMENTS}.2.Action", "bedrock:DeleteModelInvocationLoggingConfiguration"),
            {
                "Ask": change(POLICY, "Access.Properties.Roles", ["helper"])["Access"],
                "Edit": change(
                    change(POLICY, "Access.Properties.Roles", ["helper"]),
                    _STATEMENTS,
                    [{"Effect": "Allow", "Action": "bedrock:UpdateGuardrail", "Resource": MODEL}],
                )["Access"],
            },
        ],
    ),
    "GovML-GuardrailFilters": Example(
        GUARDRAIL,
        [
            change(GUARDRAIL, f"{_GUARDRAIL}.ContentPolicyConfig", REMOVED),
            change(GUARDRAIL, f"{_FILTERS}.0", REMOVED),
            change(GUARDRAIL, f"{_FILTERS}.0.InputStrength", "NONE"),
            change(GUARDRAIL, f"{_FILTERS}.0.InputStrength", "LOW"),
            change(GUARDRAIL, f"{_FILTERS}.1.InputStrength", "NONE"),
            change(GUARDRAIL, f"{_FILTERS}.1.OutputStrength", "NONE"),
            change(GUARDRAIL, f"{_FILTERS}.1.InputAction", "NONE"),
            change(GUARDRAIL, f"{_FILTERS}.1.OutputEnabled", False),
            change(GUARDRAIL, f"{_GUARDRAIL}.TopicPolicyConfig.TopicsConfig.0.InputAction", "NONE"),
            change(GUARDRAIL, f"{_GUARDRAIL}.ContextualGroundingPolicyConfig.FiltersConfig.0.Threshold", 0),
        ],
    ),
    "GovML-GuardrailPersonalData": Example(
        GUARDRAIL,
        [
            change(GUARDRAIL, _PII, REMOVED),
            change(GUARDRAIL, f"{_PII}.PiiEntitiesConfig.0.Action", "NONE"),
            change(GUARDRAIL, f"{_PII}.RegexesConfig.0.InputEnabled", "false"),
        ],
    ),
    "GovML-GuardrailVersion": Example(
        {**FLOW, **machine()},
        [
            change(FLOW, f"{_ASK_NODE}.GuardrailConfiguration.GuardrailVersion", "DRAFT"),
            change(_AGENT, "Agent.Properties.GuardrailConfiguration.GuardrailVersion", "DRAFT"),
            machine(f"{_ASK_STATE}.GuardrailVersion", "DRAFT"),
            machine(f"{_ASK_STATE}.GuardrailVersion", "DRAFT", "object"),
            _function("GUARDRAIL_VERSION", "DRAFT"),
            {
                "Enforced": {
                    "Type": "AWS::Bedrock::EnforcedGuardrailConfiguration",
                    "Properties": {"GuardrailIdentifier": "abc", "GuardrailVersion": "DRAFT"},
                }
            },
        ],
    ),
    "GovML-GuardrailInUse": Example(
        {**FLOW, **machine()},
        [
            change(FLOW, f"{_ASK_NODE}.GuardrailConfiguration", REMOVED),
            change(FLOW, "Flow.Properties.Definition.Nodes.2.Configuration.KnowledgeBase.ModelId", CLAUDE),
            change(_AGENT, "Agent.Properties.GuardrailConfiguration", REMOVED),
            change(_AGENT, "Agent.Properties.GuardrailConfiguration", {}),
            machine(f"{_ASK_STATE}.GuardrailIdentifier", REMOVED),
            machine(f"{_ASK_STATE}.GuardrailIdentifier", REMOVED, "object"),
            machine(
                "States.Both.Branches.1.States.Ask",
                {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::aws-sdk:bedrockruntime:converse",
                    "Arguments": {"ModelId": CLAUDE},
                    "End": True,
                },
            ),
        ],
    ),
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
