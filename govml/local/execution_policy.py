"""What CloudFormation may do when it deploys the stacks: given to `cdk bootstrap` instead of AdministratorAccess.

Landing zones refuse AdministratorAccess. Each service is one that the stacks use; within a service CloudFormation must
create, read, change, tag and delete, so the actions are open and the region is not. IAM is open only for roles and
policies that carry the agency's name.
"""

from __future__ import annotations

from typing import Any

# IAM prefix of a service -> the layer that needs it.
SERVICES = {
    "aps": "Observability: managed Prometheus",
    "athena": "Data: work groups",
    "bedrock": "AiService: guardrails",
    "budgets": "Observability: budgets",
    "cloudformation": "nested and referenced stacks",
    "cloudwatch": "Observability: alarms and dashboards",
    "codeartifact": "Cicd: packages that builds may install",
    "codebuild": "Cicd: build projects",
    "codeconnections": "Cicd: connection to the source repository",
    "codepipeline": "Cicd: delivery pipeline",
    "ec2": "Network: VPC, endpoints, flow logs, security groups",
    "ecr": "MlPlatform: image repository",
    "events": "UseCase: rules",
    "firehose": "log shipping",
    "glue": "Data: catalogue",
    "grafana": "Observability: managed Grafana",
    "kms": "Security: keys",
    "lambda": "settings that have no resource type",
    "logs": "log groups, resource policies and saved queries",
    "redshift-serverless": "Data: warehouse",
    "s3": "Data: lake zones",
    "s3vectors": "AiService: vector store",
    "sagemaker": "MlPlatform and UseCase",
    "scheduler": "UseCase: schedules",
    "secretsmanager": "AiService: keys of third-party models",
    "sns": "Security: alerts",
    "sqs": "dead letters",
    "ssm": "parameters between stacks and tools",
    "states": "UseCase: deployment workflow",
}

_FORBIDDEN_POLICIES = ("AdministratorAccess", "IAMFullAccess", "AWSOrganizationsFullAccess")
_ROLE_ACTIONS = ("Create", "Get", "Update", "Delete", "Tag", "Untag")


def execution_policy(*, account: str, region: str, agency: str, role_path: str = "/") -> dict[str, Any]:
    """Return the policy document.

    Args:
        account: 12-digit account id.
        region: the only region that the stacks may use.
        agency: the agency file's `agency`, with which every role and policy name starts.
        role_path: IAM path of the roles, as in `/` or `/govml/`.
    """
    roles = f"arn:aws:iam::{account}:role{role_path}{agency}-*"
    policies = f"arn:aws:iam::{account}:policy/*{agency}-*"
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "ServicesOfTheStacks",
                "Effect": "Allow",
                "Action": [f"{service}:*" for service in sorted(SERVICES)],
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:RequestedRegion": [region, "us-east-1"]}},
            },
            {
                "Sid": "OwnRolesAndPolicies",
                "Effect": "Allow",
                "Action": [
                    *(f"iam:{verb}Role" for verb in _ROLE_ACTIONS),
                    "iam:UpdateAssumeRolePolicy",
                    "iam:PutRolePermissionsBoundary",
                    "iam:*RolePolicy",
                    "iam:ListRolePolicies",
                    "iam:ListAttachedRolePolicies",
                    "iam:ListInstanceProfilesForRole",
                    "iam:*PolicyVersion*",
                    "iam:CreatePolicy",
                    "iam:GetPolicy",
                    "iam:DeletePolicy",
                    "iam:TagPolicy",
                    "iam:UntagPolicy",
                    "iam:PassRole",
                ],
                "Resource": [roles, policies],
            },
            {
                "Sid": "NoForbiddenPolicies",
                "Effect": "Deny",
                "Action": ["iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary"],
                "Resource": "*",
                "Condition": {
                    "ArnEquals": {"iam:PolicyARN": [f"arn:aws:iam::aws:policy/{name}" for name in _FORBIDDEN_POLICIES]}
                },
            },
        ],
    }
