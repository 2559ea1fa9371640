"""`BuildProject`: one CodeBuild project inside the VPC, unprivileged and encrypted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import Stack
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_kms as kms
from constructs import Construct

from govml_constructs.identity.service_role import ServiceRole
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.place import PlacedConstruct

# Amazon Linux 2023, with Python 3.11 and Node 22 among its runtimes (CodeBuild user guide, "Available runtimes").
BUILD_IMAGE = "aws/codebuild/amazonlinux-x86_64-standard:5.0"


class BuildProject(PlacedConstruct):
    """A project that a pipeline starts: no source of its own, no privileged mode, no secret in plain text.

    Args:
        name: physical name.
        buildspec: the build specification as JSON-able data.
        environment: plain variables; never a secret.
        role: the project's role.
        key: key of its artefacts.
        log_group: where it logs.
        vpc_id: the VPC.
        subnet_ids: isolated subnets.
        security_group_id: group of the build tier.
        timeout_minutes: a longer build is stopped.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        buildspec: Mapping[str, object],
        environment: Mapping[str, str],
        role: ServiceRole,
        key: kms.IKey,
        log_group: EncryptedLogGroup,
        vpc_id: str,
        subnet_ids: Sequence[str],
        security_group_id: str,
        timeout_minutes: int = 60,
    ) -> None:
        super().__init__(scope, construct_id)
        cfn = codebuild.CfnProject
        self.name, self.role_arn = name, role.role_arn
        self.resource = codebuild.CfnProject(
            self,
            "Project",
            name=name,
            service_role=role.role_arn,
            encryption_key=key.key_arn,
            timeout_in_minutes=timeout_minutes,
            artifacts=cfn.ArtifactsProperty(type="CODEPIPELINE"),
            source=cfn.SourceProperty(type="CODEPIPELINE", build_spec=Stack.of(self).to_json_string(dict(buildspec))),
            environment=cfn.EnvironmentProperty(
                type="LINUX_CONTAINER",
                compute_type="BUILD_GENERAL1_MEDIUM",
                image=BUILD_IMAGE,
                privileged_mode=False,
                environment_variables=[
                    cfn.EnvironmentVariableProperty(name=variable, value=value, type="PLAINTEXT")
                    for variable, value in environment.items()
                ],
            ),
            logs_config=cfn.LogsConfigProperty(
                cloud_watch_logs=cfn.CloudWatchLogsConfigProperty(status="ENABLED", group_name=log_group.log_group_name)
            ),
            vpc_config=cfn.VpcConfigProperty(
                vpc_id=vpc_id, subnets=list(subnet_ids), security_group_ids=[security_group_id]
            ),
        )
