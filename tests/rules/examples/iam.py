"""Roles, statements and the places that ARNs name."""

from __future__ import annotations

from example import REMOVED, Example, change

from govml.rules.options import Options

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "sagemaker.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
                "ArnLike": {
                    "aws:SourceArn": {"Fn::Sub": "arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}:*"}
                },
            },
        }
    ],
}
ROLE = {
    "Role": {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": TRUST,
            "ManagedPolicyArns": [{"Ref": "Policy"}],
            "PermissionsBoundary": {
                "Fn::Join": [
                    "",
                    ["arn:", {"Ref": "AWS::Partition"}, ":iam::", {"Ref": "AWS::AccountId"}, ":policy/Boundary"],
                ]
            },
            "MaxSessionDuration": 3600,
        },
    },
    "Policy": {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Action": ["s3:GetObject", "s3:ListBucket"],
                        "Resource": [{"Fn::GetAtt": ["Data", "Arn"]}, {"Fn::Sub": "${Data.Arn}/reports/*"}],
                    },
                    {
                        "Effect": "Allow",
                        "Action": "iam:PassRole",
                        "Resource": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/jobs"},
                        "Condition": {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
                    },
                    {
                        "Effect": "Allow",
                        "Action": ["ec2:DescribeSubnets", "ecr:GetAuthorizationToken"],
                        "Resource": "*",
                    },
                    {"Effect": "Deny", "Action": "*", "NotResource": [{"Fn::GetAtt": ["Data", "Arn"]}]},
                ],
            }
        },
    },
}
_STATEMENT = "Policy.Properties.PolicyDocument.Statement"
_TRUST = "Role.Properties.AssumeRolePolicyDocument.Statement.0"


def _federated(provider: str, condition: dict) -> dict:
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:{provider}"}},
        "Action": "sts:AssumeRoleWithWebIdentity" if "oidc" in provider else "sts:AssumeRoleWithSAML",
        "Condition": {"StringLike": condition},
    }
    return change(ROLE, _TRUST, trust)


def _attached(policy: object) -> dict:
    return change(ROLE, "Role.Properties.ManagedPolicyArns", [policy])


def _allows(action: object, resource: object, **rest: object) -> dict:
    return change(ROLE, f"{_STATEMENT}.0", {"Effect": "Allow", "Action": action, "Resource": resource, **rest})


def _arn(text: str) -> dict:
    return {"Fn::Sub": text}


_ADMIN = "iam::aws:policy/AdministratorAccess"

EXAMPLES = {
    "GovML-RoleBoundary": Example(
        ROLE,
        [
            change(ROLE, "Role.Properties.PermissionsBoundary", REMOVED),
            change(
                ROLE,
                "Role.Properties.PermissionsBoundary",
                _arn("arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess"),
            ),
            change(
                ROLE, "Role.Properties.PermissionsBoundary", {"Fn::If": ["Prod", "Boundary", {"Ref": "AWS::NoValue"}]}
            ),
        ],
        Options(permissions_boundary="Boundary"),
    ),
    "GovML-BannedManagedPolicy": Example(
        ROLE,
        [
            _attached(f"arn:aws:{_ADMIN}"),
            _attached(_arn(f"arn:${{AWS::Partition}}:{_ADMIN}")),
            _attached({"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, f":{_ADMIN}"]]}),
            _attached({"Fn::Join": [":", ["arn", "aws-cn", "iam", "", "aws", "policy/IAMFullAccess"]]}),
            _attached(
                {"Fn::Sub": ["arn:${P}:iam::aws:policy/${N}", {"P": {"Ref": "AWS::Partition"}, "N": "PowerUserAccess"}]}
            ),
            _attached(_arn("arn:${AWS::Partition}:iam::aws:policy/AmazonSageMakerFullAccess")),
            _attached(_arn("arn:${AWS::Partition}:iam::aws:policy/job-function/SystemAdministrator")),
            change(ROLE, "Role.Properties.PermissionsBoundary", _arn(f"arn:${{AWS::Partition}}:{_ADMIN}")),
        ],
    ),
    "GovML-TrustOutsideOrganisation": Example(
        ROLE,
        [
            change(ROLE, f"{_TRUST}.Principal", {"AWS": "arn:aws:iam::210987654321:root"}),
            change(ROLE, f"{_TRUST}.Principal", {"AWS": ["210987654321"]}),
            change(ROLE, f"{_TRUST}.Principal", {"AWS": _arn("arn:${AWS::Partition}:iam::210987654321:role/vendor")}),
            change(ROLE, f"{_TRUST}.Principal", "*"),
            change(ROLE, f"{_TRUST}.Principal", {"AWS": "*"}),
            change(change(ROLE, f"{_TRUST}.Principal", REMOVED), f"{_TRUST}.NotPrincipal", {"AWS": "210987654321"}),
        ],
    ),
    "GovML-ExternalId": Example(
        ROLE,
        [
            change(ROLE, f"{_TRUST}.Condition.StringEquals.sts:ExternalId", "vendor-1"),
            change(ROLE, f"{_TRUST}.Condition", {"StringLike": {"sts:externalid": "*"}}),
        ],
    ),
    "GovML-ConfusedDeputy": Example(
        ROLE,
        [
            change(ROLE, f"{_TRUST}.Condition", REMOVED),
            change(ROLE, f"{_TRUST}.Condition", {}),
            change(ROLE, f"{_TRUST}.Condition", {"StringNotEquals": {"aws:SourceAccount": "1"}}),
            change(ROLE, f"{_TRUST}.Condition", {"StringEqualsIfExists": {"aws:SourceAccount": "1"}}),
            change(ROLE, f"{_TRUST}.Condition", {"StringLike": {"aws:SourceAccount": "*"}}),
            change(change(ROLE, f"{_TRUST}.Principal", {"Service": "*"}), f"{_TRUST}.Condition", REMOVED),
        ],
    ),
    "GovML-FederatedTrust": Example(
        _federated("oidc-provider/gitlab.example", {"gitlab.example:sub": "project_path:team/model:ref:main"}),
        [
            _federated("oidc-provider/gitlab.example", {"gitlab.example:aud": "sts.amazonaws.com"}),
            _federated("oidc-provider/gitlab.example", {"gitlab.example:sub": "*"}),
            _federated("oidc-provider/gitlab.example", {"gitlab.example:sub": "project_path:*"}),
            _federated("saml-provider/agency", {}),
            _federated("saml-provider/agency", {"SAML:sub": "x"}),
        ],
    ),
    "GovML-WildcardAction": Example(
        ROLE,
        [
            _allows("*", _arn("${Data.Arn}")),
            _allows(["s3:*"], _arn("${Data.Arn}")),
            _allows(["s3:GetObject", "iam:*"], _arn("${Data.Arn}")),
            _allows("s3:*Object", _arn("${Data.Arn}/*")),
            change(ROLE, f"{_STATEMENT}.0", {"Effect": "Allow", "NotAction": "iam:*", "Resource": _arn("${Data.Arn}")}),
        ],
    ),
    "GovML-WildcardResource": Example(
        ROLE,
        [
            _allows("s3:PutObject", "*"),
            _allows(["s3:GetObject"], ["*"]),
            _allows("secretsmanager:GetSecretValue", "*"),
            _allows("dynamodb:DeleteItem", _arn("arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:*")),
            _allows("kms:Decrypt", "*"),
            _allows("s3:Get*", "*"),
            change(
                ROLE,
                f"{_STATEMENT}.0",
                {"Effect": "Allow", "Action": "s3:PutObject", "NotResource": _arn("${Data.Arn}")},
            ),
        ],
    ),
    "GovML-PassRole": Example(
        ROLE,
        [
            change(ROLE, f"{_STATEMENT}.1.Resource", "*"),
            change(ROLE, f"{_STATEMENT}.1.Resource", _arn("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*")),
            change(ROLE, f"{_STATEMENT}.1.Condition", REMOVED),
            change(ROLE, f"{_STATEMENT}.1.Condition", {"StringLike": {"iam:PassedToService": "*"}}),
        ],
    ),
    "GovML-PrivilegeEscalation": Example(
        ROLE,
        [
            _allows("iam:CreatePolicyVersion", "*"),
            _allows(["iam:AttachRolePolicy"], _arn("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*")),
            _allows("iam:PutRolePolicy", "*"),
            _allows("sts:AssumeRole", "*"),
            _allows("iam:Put*", "*"),
            _allows(
                "lambda:UpdateFunctionCode",
                _arn("arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:*"),
            ),
        ],
    ),
    "GovML-UnconditionalAction": Example(
        _allows(["kms:CreateGrant"], _arn("${Key.Arn}"), Condition={"Bool": {"kms:GrantIsForAWSResource": "true"}}),
        [
            _allows("kms:CreateGrant", _arn("${Key.Arn}")),
            _allows(["cloudwatch:PutMetricData"], "*"),
            _allows("ec2:DeleteNetworkInterface", "*", Condition={"StringNotEquals": {"ec2:Subnet": "x"}}),
            _allows(
                "sagemaker:CreateTrainingJob",
                _arn("arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}:training-job/a-*"),
            ),
        ],
    ),
    "GovML-InlinePolicy": Example(
        ROLE,
        [
            change(
                ROLE,
                "Role.Properties.Policies",
                [
                    {
                        "PolicyName": "p",
                        "PolicyDocument": {"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]},
                    }
                ],
            ),
            change(ROLE, "Policy.Type", "AWS::IAM::Policy"),
        ],
    ),
    "GovML-IamUser": Example(
        ROLE, [{**ROLE, "User": {"Type": "AWS::IAM::User"}}, {**ROLE, "Key": {"Type": "AWS::IAM::AccessKey"}}]
    ),
    "GovML-LongSession": Example(ROLE, [change(ROLE, "Role.Properties.MaxSessionDuration", 86400)]),
    "GovML-HardCodedPlace": Example(
        ROLE,
        [
            _allows("s3:GetObject", "arn:aws:s3:::reports/*"),
            _allows("s3:GetObject", _arn("arn:${AWS::Partition}:s3:ap-southeast-1:${AWS::AccountId}:accesspoint/a")),
            _allows("sqs:SendMessage", _arn("arn:${AWS::Partition}:sqs:${AWS::Region}:123456789012:q")),
            _allows(
                "sqs:SendMessage",
                {"Fn::Join": ["", ["arn:aws:sqs:", {"Ref": "AWS::Region"}, ":", {"Ref": "AWS::AccountId"}, ":q"]]},
            ),
        ],
    ),
}
