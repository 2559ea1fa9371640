"""Actions of IAM that rules must know by name."""

from __future__ import annotations

# Reading and listing calls; a wildcard on resources is often the only way to write them.
READING = ("describe", "list", "get", "batchget", "search", "lookup", "head", "view")
# Actions whose services take no resource, or whose condition keys hold them instead
# (service authorization reference, "Actions, resources, and condition keys").
NO_RESOURCE = frozenset(
    {
        "cloudwatch:putmetricdata",
        "codeartifact:getauthorizationtoken",
        "ecr:getauthorizationtoken",
        "ecr-public:getauthorizationtoken",
        "sts:getservicebearertoken",
        "sts:getcalleridentity",
        "xray:puttelemetryrecords",
        "xray:puttracesegments",
        "logs:createlogdelivery",
        "logs:updatelogdelivery",
        "logs:deletelogdelivery",
        "logs:putresourcepolicy",
        "lakeformation:getdataaccess",
        "s3:createjob",
        "s3:listallmybuckets",
        "tag:getresources",
        "kms:createkey",
        "kms:generaterandom",
        "ec2:createnetworkinterface",
        "ec2:deletenetworkinterface",
        "ec2:createnetworkinterfacepermission",
        "ec2:assignprivateipaddresses",
        "ec2:unassignprivateipaddresses",
        "ec2:enableebsencryptionbydefault",
        "s3:putaccountpublicaccessblock",
        "redshift-serverless:createusagelimit",
        "redshift-serverless:updateusagelimit",
        "sagemaker-mlflow:accessui",
        "bedrock:putmodelinvocationloggingconfiguration",
        "bedrock:getmodelinvocationloggingconfiguration",
        "ssmmessages:createcontrolchannel",
        "ssmmessages:createdatachannel",
        "ssmmessages:opencontrolchannel",
        "ssmmessages:opendatachannel",
    }
)
# Reading calls that hand out content; they take a resource, so a wildcard is never needed.
CONTENT = (
    "s3:GetObject",
    "secretsmanager:GetSecretValue",
    "ssm:GetParameter",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
    "dynamodb:GetItem",
    "dynamodb:BatchGetItem",
    "sagemaker-featurestore:GetRecord",
    "sagemaker:GetRecord",
    "kms:Decrypt",
    "codecommit:GetFile",
    "logs:GetLogEvents",
)
# Actions by which whoever holds them on any resource can take more permissions
# (Rhino Security Labs, "AWS IAM Privilege Escalation - Methods and Mitigation").
ESCALATING = (
    "iam:AddUserToGroup",
    "iam:AttachGroupPolicy",
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreatePolicyVersion",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteUserPermissionsBoundary",
    "iam:PutGroupPolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:PutUserPermissionsBoundary",
    "iam:PutUserPolicy",
    "iam:SetDefaultPolicyVersion",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateLoginProfile",
    "lambda:UpdateFunctionCode",
    "sagemaker:CreatePresignedDomainUrl",
    "sagemaker:CreatePresignedNotebookInstanceUrl",
    "sts:AssumeRole",
)
