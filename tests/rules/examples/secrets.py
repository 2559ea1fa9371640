"""Examples of the rules on secrets."""

from __future__ import annotations

from example import REMOVED, Example, change
from pieces import FUNCTION, KEY, PROJECT, resource

_VARIABLES = "Function.Properties.Environment.Variables"
_BUILD_VARIABLES = "Build.Properties.Environment.EnvironmentVariables"
_CLUSTER = {
    "Users": resource(
        "AWS::RDS::DBProxy",
        {"RequireTLS": True, "Auth": [{"SecretArn": {"Ref": "SecretArn"}, "IAMAuth": "REQUIRED"}]},
    ),
    "Source": resource("AWS::CodeBuild::SourceCredential", {"Token": "{{resolve:secretsmanager:agency/git}}"}),
    "Directory": resource("AWS::DMS::Endpoint", {"Password": {"Ref": "NoEchoPassword"}, "Username": "reader"}),
}
# Split so that scanners of this repository do not take the examples for secrets.
_ACCESS_KEY = "AKIA" + "IOSFODNN7EXAMPLE"
_PRIVATE_KEY = "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEow"
_TASK = {
    "Task": resource(
        "AWS::ECS::TaskDefinition",
        {"ContainerDefinitions": [{"Name": "c", "Environment": [{"Name": "STAGE", "Value": "dev"}], "Secrets": []}]},
    )
}
_SECRET = {
    "Secret": resource("AWS::SecretsManager::Secret", {"KmsKeyId": KEY, "GenerateSecretString": {"PasswordLength": 32}})
}
_PARAMETER = {
    "Parameter": resource("AWS::SSM::Parameter", {"Type": "String", "Name": "/agency/db-password-arn", "Value": "x/y"})
}
_TOPIC = {"Topic": resource("AWS::SNS::Topic", {"KmsMasterKeyId": KEY})}


def _template(**sections):
    return {"Resources": _TOPIC, **sections}


EXAMPLES = {
    "GovML-SecretInTemplate": Example(
        passing=_CLUSTER,
        failing=[
            change(_CLUSTER, "Directory.Properties.Password", "hunter22"),
            change(_CLUSTER, "Directory.Properties.Password", "{{resolve:ssm:/agency/password:1}}"),
            change(_CLUSTER, "Source.Properties.Token", "ghp_" + "abcdefghijklmnopqrstuvwxyz0123456789"),
            change(_CLUSTER, "Source.Properties.Token", "plain-token-value"),
            change(FUNCTION, f"{_VARIABLES}.SETTING", _ACCESS_KEY),
            change(FUNCTION, f"{_VARIABLES}.SETTING", {"Fn::Join": ["", ["AKIA", "IOSFODNN7EXAMPLE"]]}),
            change(FUNCTION, f"{_VARIABLES}.SETTING", _PRIVATE_KEY),
            change(FUNCTION, f"{_VARIABLES}.DB", "postgres://admin:" + "hunter22@db.internal:5432/app"),
            change(FUNCTION, "Function.Properties.Description", "glpat-" + "abcdefghij0123456789"),
            change(_SECRET, "Secret.Properties.SecretString", '{"user": "a", "password": "hunter22"}'),
            change(
                PROJECT,
                "Build.Properties.Source.BuildSpec",
                "commands:\n  - export DB_PASSWORD=hunter22\n",
            ),
            {
                "Machine": resource(
                    "AWS::EC2::LaunchTemplate",
                    {
                        "LaunchTemplateData": {
                            "MetadataOptions": {"HttpTokens": "required"},
                            "UserData": {"Fn::Base64": {"Fn::Sub": "#!/bin/sh\nexport API_TOKEN=abcdef123456\n"}},
                        }
                    },
                )
            },
        ],
    ),
    "GovML-SecretInEnvironment": Example(
        passing=change(
            FUNCTION, _VARIABLES, {"API_SECRET_ARN": {"Ref": "Arn"}, "MAX_TOKENS": "512", "TOKENIZER": "bert"}
        ),
        failing=[
            change(FUNCTION, _VARIABLES, {"DB_PASSWORD": "hunter22"}),
            change(FUNCTION, _VARIABLES, {"apiKey": "0123456789abcdef"}),
            change(FUNCTION, _VARIABLES, {"OPENAI_API_KEY": "{{resolve:secretsmanager:agency/openai}}"}),
            change(PROJECT, _BUILD_VARIABLES, [{"Name": "GIT_TOKEN", "Value": "abcdef123", "Type": "PLAINTEXT"}]),
            change(PROJECT, _BUILD_VARIABLES, [{"Name": "GIT_TOKEN", "Value": "abcdef123"}]),
            change(
                _TASK,
                "Task.Properties.ContainerDefinitions.0.Environment.0",
                {"Name": "SECRET_KEY", "Value": "hunter22"},
            ),
            {
                "Parameters": {"DbPassword": {"Type": "String", "NoEcho": True}},
                "Resources": change(FUNCTION, _VARIABLES, {"DB_PASSWORD": {"Ref": "DbPassword"}}),
            },
        ],
    ),
    "GovML-SecretInParameterStore": Example(
        passing=_PARAMETER,
        failing=[
            change(
                _PARAMETER,
                "Parameter.Properties",
                {"Type": "String", "Name": "/agency/db/password", "Value": "hunter22"},
            ),
            change(
                _PARAMETER, "Parameter.Properties", {"Type": "String", "Name": "/agency/api-key", "Value": "abcdef123"}
            ),
        ],
    ),
    "GovML-SecretParameter": Example(
        passing=_template(
            Parameters={
                "DbPassword": {"Type": "String", "NoEcho": True},
                "ApiSecretArn": {"Type": "String"},
                "Stage": {"Type": "String", "Default": "dev"},
                "SubnetIds": {"Type": "List<AWS::EC2::Subnet::Id>"},
            }
        ),
        failing=[
            _template(Parameters={"DbPassword": {"Type": "String"}}),
            _template(Parameters={"DbPassword": {"Type": "String", "NoEcho": False}}),
            _template(Parameters={"ApiToken": {"Type": "String", "NoEcho": True, "Default": "abcdef123"}}),
            _template(Parameters={"Anything": {"Type": "String", "Default": _ACCESS_KEY}}),
        ],
    ),
    "GovML-SecretOutput": Example(
        passing=_template(Outputs={"Arn": {"Value": {"Ref": "Topic"}}}),
        failing=[
            _template(
                Parameters={"DbPassword": {"Type": "String", "NoEcho": "true"}},
                Outputs={"Password": {"Value": {"Ref": "DbPassword"}}},
            ),
            _template(Outputs={"Password": {"Value": "{{resolve:secretsmanager:agency/db:SecretString:password}}"}}),
            _template(Outputs={"Key": {"Value": {"Fn::GetAtt": ["UserKey", "SecretAccessKey"]}}}),
            _template(Outputs={"Key": {"Value": _ACCESS_KEY}}),
        ],
    ),
    "GovML-SecretKept": Example(
        passing=_SECRET,
        failing=[
            change(_SECRET, "Secret.Properties.KmsKeyId", REMOVED),
            {
                "R": resource(
                    "AWS::SecretsManager::RotationSchedule", {"RotationRules": {"AutomaticallyAfterDays": 365}}
                )
            },
            {"P": resource("AWS::SecretsManager::ResourcePolicy", {"BlockPublicPolicy": False, "ResourcePolicy": {}})},
        ],
    ),
}
