"""What examples of foundation models share."""

from __future__ import annotations

KEY = {"Fn::GetAtt": ["Key", "Arn"]}
CLAUDE = "anthropic.claude-3-5-sonnet-20240620-v1:0"
_HERE = "arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model"
MODEL = {"Fn::Sub": f"{_HERE}/{CLAUDE}"}
TITAN = {"Fn::Sub": f"{_HERE}/amazon.titan-embed-text-v2:0"}
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


def _function(name: str, value: str) -> dict:
    return {"F": {"Type": "AWS::Lambda::Function", "Properties": {"Environment": {"Variables": {name: value}}}}}


def _profile(geography: str) -> dict:
    arn = "arn:${AWS::Partition}:bedrock:${AWS::Region}:${AWS::AccountId}:inference-profile/"
    return {"Fn::Sub": f"{arn}{geography}.{CLAUDE}"}


_PROFILE_ARN = _profile("apac")
