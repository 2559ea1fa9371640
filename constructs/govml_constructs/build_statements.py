"""IAM statements of continuous delivery: what a deployment and the pipeline itself may do."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_iam as iam


def deploy_statements(stack: Stack, qualifier: str) -> list[iam.PolicyStatement]:
    """Return the right to assume the two roles of `cdk bootstrap` that a deployment of a ready assembly uses."""
    roles = [
        stack.format_arn(
            service="iam",
            region="",
            resource="role",
            resource_name=f"cdk-{qualifier}-{kind}-role-{stack.account}-{stack.region}",
        )
        for kind in ("deploy", "file-publishing")
    ]
    return [iam.PolicyStatement(sid="AssumeBootstrapRoles", actions=["sts:AssumeRole"], resources=roles)]


def orchestrate_statements(
    connection_arn: str, project_arns: Sequence[str], topic_arn: str
) -> list[iam.PolicyStatement]:
    """Return what the pipeline itself does: fetch the source, start builds, ask for approval."""
    return [
        iam.PolicyStatement(
            sid="FetchSource",
            actions=["codeconnections:UseConnection", "codestar-connections:UseConnection"],
            resources=[connection_arn],
        ),
        iam.PolicyStatement(
            sid="StartBuilds",
            actions=["codebuild:StartBuild", "codebuild:BatchGetBuilds", "codebuild:StopBuild"],
            resources=list(project_arns),
        ),
        iam.PolicyStatement(sid="AskForApproval", actions=["sns:Publish"], resources=[topic_arn]),
    ]
