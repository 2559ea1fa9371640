"""Who calls which foundation model, where, and with which guardrail."""

from __future__ import annotations

from example import REMOVED, Example, change
from foundation_pieces import (
    _BEDROCK_TRUST,
    _HERE,
    _PROFILE_ARN,
    BASE,
    CLAUDE,
    MODEL,
    TITAN,
    _profile,
)

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


def _open(name: object) -> dict:
    return change(POLICY, f"{_ASK}.Resource", name)


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
}
