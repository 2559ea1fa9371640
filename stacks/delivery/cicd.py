"""Cicd: source, test + synth + gate, approval, deploy. Duty: platform engineer."""

from __future__ import annotations

from aws_cdk import aws_codeconnections as codeconnections
from constructs import Construct

from govml.settings.cicd import CicdSettings
from govml_constructs.delivery.build_access import BuildAccess
from govml_constructs.delivery.build_project import BuildProject
from govml_constructs.delivery.build_statements import deploy_statements, orchestrate_statements
from govml_constructs.delivery.delivery_pipeline import DeliveryPipeline, Source
from govml_constructs.delivery.package_repository import PackageRepository
from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.service_role import ServiceRole
from govml_constructs.identity.statements import write_to_log_group
from govml_constructs.monitoring.event_alert import EventAlert
from govml_constructs.storage.replication import acknowledge_no_replication
from govml_constructs.storage.secure_bucket import SecureBucket
from govml_constructs.storage.zone_grants import ZoneGrants
from stacks.dashboards.delivery import build_graphs
from stacks.dashboards.page import add_page
from stacks.delivery.buildspecs import deploy_buildspec, verify_buildspec
from stacks.environment.base import EnvironmentStack
from stacks.environment.context import EnvironmentContext
from stacks.foundation.network import NetworkStack
from stacks.foundation.security import SecurityStack


class CicdStack(EnvironmentStack):
    """CodePipeline V2 with two CodeBuild projects in isolated subnets; packages come from CodeArtifact."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        context: EnvironmentContext,
        cicd: CicdSettings,
        security: SecurityStack,
        network: NetworkStack,
    ) -> None:
        super().__init__(scope, construct_id, context=context, description="Delivery pipeline (platform engineer)")
        names = context.names
        self._context, self._security, self._network = context, security, network
        self._packages = PackageRepository(self, "Packages", name=names.resource("packages"), key=security.ml_key)
        self._access = self._build_access()
        verify = self._project("Verify", verify_buildspec(), [])
        deploy = self._project(
            "Deploy",
            deploy_buildspec(f"{names.prefix}/*"),
            deploy_statements(self.place, context.settings.bootstrap.qualifier),
        )
        connection_arn = cicd.connection_arn or self._connection()
        role = ServiceRole(
            self,
            "PipelineRole",
            service="codepipeline.amazonaws.com",
            description="Runs the delivery pipeline",
            rules=context.role_rules,
            policies=[self._access.artefacts],
            statements=orchestrate_statements(
                connection_arn,
                [verify.resource.attr_arn, deploy.resource.attr_arn],
                security.alerts.topic_arn,
                security.logs_key.key_arn,
            ),
            source_arns=[self.place.arn("codepipeline", names.resource("delivery"))],
        )
        store = SecureBucket(
            self,
            "Artefacts",
            key=security.ml_key,
            access_logs=security.log_bucket.bucket_name,
            log_prefix="delivery",
            noncurrent_days=context.settings.handling.noncurrent_days,
            grants=ZoneGrants(writers=[role.role_arn, verify.role_arn, deploy.role_arn]),
            removal_policy=context.removal_policy,
        )
        acknowledge_no_replication(store)
        self.pipeline = DeliveryPipeline(
            self,
            "Delivery",
            name=names.resource("delivery"),
            source=Source(connection_arn=connection_arn, repository=cicd.repository, branch=cicd.branch),
            verify=verify,
            deploy=deploy,
            role=role,
            artifact_bucket=store.bucket.bucket_name,
            key=security.ml_key,
            approval_topic_arn=security.alerts.topic_arn if context.environment_name == "prod" else None,
        )
        # Its first run starts at once, and needs the store's policy; to the store itself it refers already.
        self.pipeline.node.add_dependency(store.bucket.node.find_child("Policy"))
        if context.switches.alarms:
            self._tell_of_failures()
        projects = [names.resource(kind) for kind in ("verify", "deploy")]
        add_page(self, "delivery", title="Delivery", runbook="docs/deployment.md", graphs=build_graphs(projects))

    def _tell_of_failures(self) -> None:
        EventAlert(
            self,
            "FailedDelivery",
            description="A run of the delivery pipeline has failed",
            pattern={
                "source": ["aws.codepipeline"],
                "detail-type": ["CodePipeline Pipeline Execution State Change"],
                "detail": {"pipeline": [self._context.names.resource("delivery")], "state": ["FAILED"]},
            },
            message=f"{self._context.names.prefix}: delivery run <run> failed; later stages did not start.",
            fields={"run": "$.detail.execution-id"},
            topic=self._security.alerts,
            dead_letters=self._security.dead_letters,
            severity="ticket",
            owner="platform engineer",
            runbook="docs/operations/delivery-failed.md",
        )

    def _connection(self) -> str:
        connection = codeconnections.CfnConnection(
            self, "Connection", connection_name=self._context.names.resource("source"), provider_type="GitLab"
        )
        return connection.attr_connection_arn

    def _build_access(self) -> BuildAccess:
        network = self._network
        if network.build_tier is None:
            raise ValueError("the network was made without its build tier")
        group_id = network.build_tier.group_id
        return BuildAccess(
            self,
            "BuildAccess",
            key=self._security.ml_key,
            subnet_arns=[self.place.arn("ec2", f"subnet/{subnet}") for subnet in network.build_subnet_ids],
            security_group_arns=[self.place.arn("ec2", f"security-group/{group_id}")],
            statements=self._packages.read_statements(),
            rules=self._context.role_rules,
        )

    def _project(self, kind: str, buildspec: dict[str, object], statements: list[Statement]) -> BuildProject:
        context, security, network = self._context, self._security, self._network
        if network.build_tier is None:
            raise ValueError("the network was made without its build tier")
        name = context.names.resource(kind.lower())
        log_group = security.log_group(self, f"{kind}Log")
        role = ServiceRole(
            self,
            f"{kind}Role",
            service="codebuild.amazonaws.com",
            description=f"Runs the {kind} stage of the delivery pipeline",
            rules=context.role_rules,
            policies=[self._access.artefacts, self._access.runtime],
            statements=[*write_to_log_group(log_group.log_group_arn), *statements],
            source_arns=[self.place.arn("codebuild", f"project/{name}")],
        )
        return BuildProject(
            self,
            kind,
            name=name,
            buildspec=buildspec,
            environment={
                "GOVML_CONFIG": context.config_path,
                "PACKAGE_DOMAIN": self._packages.name,
                "PACKAGE_REPOSITORY": self._packages.name,
            },
            role=role,
            key=security.ml_key,
            log_group=log_group,
            vpc_id=network.vpc.vpc_id,
            subnet_ids=network.build_subnet_ids,
            security_group_id=network.build_tier.group_id,
        )
