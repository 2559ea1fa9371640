"""MlPlatform: what all use cases share: images, registry, experiment tracking, Studio. Duty: platform engineer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from aws_cdk import aws_ssm as ssm
from constructs import Construct

from govml.identity.key_users import made_persona_roles
from govml.identity.promotion import contracts_from, contracts_to
from govml.settings.names import Names
from govml_constructs.identity.customer_policy import CustomerPolicy
from govml_constructs.identity.service_role import ServiceRole
from govml_constructs.identity.statements import write_to_log_group
from govml_constructs.identity.use_case_access import USE_CASE_TAG
from govml_constructs.ml.image_repository import ImageRepository
from govml_constructs.ml.job_access import JobRuntimePolicy, PipelineRuntimePolicy
from govml_constructs.ml.job_network import JobNetworkPolicy
from govml_constructs.ml.model_registry_group import ModelRegistryGroup
from govml_constructs.ml.studio_domain import StudioDomain
from govml_constructs.ml.tracking_app import TrackingApp
from govml_constructs.ml.tracking_server import TrackingServer
from govml_constructs.pascal import pascal
from govml_constructs.release.promotion_contract import PolicyStatement, PromotionContract
from stacks.dashboards.jobs import job_errors, machine_graphs
from stacks.dashboards.page import add_page
from stacks.data.data import DataStack
from stacks.environment.base import EnvironmentStack
from stacks.environment.context import EnvironmentContext
from stacks.foundation.network import NetworkStack
from stacks.foundation.security import SecurityStack
from stacks.telemetry.telemetry import TelemetryStack, feed

JOB_LOGS = ("ProcessingJobs", "TrainingJobs")
"""Jobs whose log groups' names SageMaker dictates."""


class MlPlatformStack(EnvironmentStack):
    """Image repository, one registry group a use case, the policy every job needs, MLflow and Studio (switches)."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        context: EnvironmentContext,
        security: SecurityStack,
        network: NetworkStack,
        data: DataStack,
        telemetry: TelemetryStack | None = None,
    ) -> None:
        super().__init__(
            scope, construct_id, context=context, description="Images, registry, tracking, Studio (platform engineer)"
        )
        names, removal = context.names, context.removal_policy
        self._telemetry = telemetry
        shared = contracts_from(context.settings, context.environment_name)
        self.images = ImageRepository(
            self,
            "Images",
            name=names.resource("jobs"),
            key=security.ml_key,
            partners=[statement for contract in shared for statement in contract.image_statements()],
            removal_policy=removal,
        ).repository
        self.registry = {
            use_case: ModelRegistryGroup(
                self,
                f"Registry{pascal(use_case)}",
                name=names.model_package_group(use_case),
                description=f"Model versions of the use case {use_case}",
                partners=partial(_group_statements, shared, names.slug(use_case)),
                removal_policy=removal,
            )
            for use_case in context.settings.use_cases
        }
        self.job_log_groups = [self._sagemaker_log_group(context, security, kind) for kind in JOB_LOGS]
        subnet_arns = [self.place.arn("ec2", f"subnet/{subnet}") for subnet in network.subnet_ids]
        group_arn = self.place.arn("ec2", f"security-group/{network.job_tier.group_id}")
        job_network = JobNetworkPolicy(
            self, "JobNetwork", subnet_arns=subnet_arns, security_group_arns=[group_arn], rules=context.role_rules
        ).policy
        self.job_runtime = JobRuntimePolicy(
            self,
            "JobRuntime",
            repository_arn=self.images.repository_arn,
            log_group_arns=self.job_log_groups,
            volume_keys=[security.ml_key],
            rules=context.role_rules,
        ).policy
        self.job_policies = [job_network, self.job_runtime]
        self.endpoint_policies = (
            self._endpoint_policies(context, security, job_network) if context.settings.served else []
        )
        self.pipeline_runtime = PipelineRuntimePolicy(
            self, "PipelineRuntime", registry_prefix=f"{names.prefix}-", rules=context.role_rules
        ).policy
        self.tracking = self._make_tracking(context, data) if context.switches.experiment_tracking else None
        if context.switches.studio:
            self._make_studio(context, security, network, data)
        add_page(
            self,
            "platform",
            title="ML platform",
            runbook="docs/operations/pipeline-failed.md",
            graphs=machine_graphs(),
            tables=job_errors([f"/aws/sagemaker/{kind}" for kind in JOB_LOGS]),
        )

    def _endpoint_policies(
        self, context: EnvironmentContext, security: SecurityStack, network: CustomerPolicy
    ) -> list[CustomerPolicy]:
        own = JobRuntimePolicy(
            self,
            "EndpointRuntime",
            repository_arn=self.images.repository_arn,
            log_group_arns=[self._sagemaker_log_group(context, security, "TransformJobs")]
            if context.settings.batched
            else [],
            volume_keys=[security.ml_key],
            rules=context.role_rules,
            subject="model endpoint",
            promoted_from=[
                contract.repository_arn(f"{contract.source.prefix}-jobs")
                for contract in contracts_to(context.settings, context.environment_name)
            ],
        ).policy
        return [network, own]

    def _sagemaker_log_group(self, context: EnvironmentContext, security: SecurityStack, kind: str) -> str:
        """Return the ARN of a log group whose name SageMaker dictates: one an account, made by one environment.

        SageMaker would make it at the first use, without a key and kept for ever.
        """
        owner = Names(context.settings.agency, context.account_owner)
        parameter = owner.parameter("platform", f"{kind}-log-group-arn")
        if context.account_owner != context.environment_name:
            return ssm.StringParameter.value_for_string_parameter(self, parameter)
        construct_id = f"{kind[0].upper()}{kind[1:]}Log"
        group = security.log_group(self, construct_id, name=f"/aws/sagemaker/{kind}")
        if kind == "ProcessingJobs" and context.switches.managed_prometheus:  # what the drift engine finds
            feed(self, "TelemetryFeed", telemetry=self._telemetry, log_group_name=group.log_group_name)
        self.publish(f"{construct_id}Parameter", parameter, group.log_group_arn)
        return group.log_group_arn

    def _make_tracking(self, context: EnvironmentContext, data: DataStack) -> TrackingApp | TrackingServer:
        bucket, name, platform = data.zones["artifacts"], context.names.resource("mlflow"), context.settings.platform
        served = platform.mlflow == "tracking-server"
        role = ServiceRole(
            self,
            "TrackingRole",
            service="sagemaker.amazonaws.com",
            description="Managed MLflow keeps its artefacts under the prefix `mlflow` of the artefact zone",
            rules=context.role_rules,
            policies=[data.use_case_data],
            source_arns=[self.place.arn("sagemaker", f"mlflow-tracking-server/{name}" if served else "mlflow-app/*")],
            tags={USE_CASE_TAG: "mlflow"},
        )
        artifact_uri, removal = f"s3://{bucket.bucket_name}/mlflow", context.removal_policy
        tracking: TrackingApp | TrackingServer
        if served:
            tracking = TrackingServer(
                self,
                "TrackingServer",
                name=name,
                size=platform.tracking_server_size,
                artifact_uri=artifact_uri,
                role=role,
                removal_policy=removal,
            )
        else:
            tracking = TrackingApp(
                self, "Tracking", name=name, artifact_uri=artifact_uri, role=role, removal_policy=removal
            )
        viewers = made_persona_roles(
            context.settings, context.environment_name, ["data_scientist", "ml_engineer", "approver"]
        )
        if viewers:
            CustomerPolicy(
                self,
                "TrackingView",
                description="Compare runs in MLflow",
                path=context.role_rules.path,
                statements=tracking.view_statements(),
                role_names=viewers,
            )
        return tracking

    def _make_studio(
        self, context: EnvironmentContext, security: SecurityStack, network: NetworkStack, data: DataStack
    ) -> None:
        if network.studio_tier is None:
            raise ValueError("the network was made without its Studio tier")
        app_log = self._sagemaker_log_group(context, security, "studio")
        policies = [data.use_case_data, *self.job_policies]
        if data.tracking_artifacts:
            policies.append(data.tracking_artifacts)
        role = ServiceRole(
            self,
            "StudioRole",
            service="sagemaker.amazonaws.com",
            description="Default role of Studio users: explore data under the prefix `studio`, start nothing",
            rules=context.role_rules,
            policies=policies,
            statements=[
                *write_to_log_group(app_log),
                *(self.tracking.track_statements() if self.tracking else []),
            ],
            source_arns=[self.place.arn("sagemaker", "*")],
            tags={USE_CASE_TAG: "studio"},
            sets_source_identity=True,
        )
        StudioDomain(
            self,
            "Studio",
            name=context.names.resource("studio"),
            vpc_id=network.vpc.vpc_id,
            subnet_ids=network.studio_subnet_ids,
            security_group_id=network.studio_tier.group_id,
            key=security.ml_key,
            role=role,
            removal_policy=context.removal_policy,
        )


def _group_statements(
    contracts: Sequence[PromotionContract], slug: str, group_arn: str, versions_arn: str
) -> list[PolicyStatement]:
    return [each for contract in contracts for each in contract.group_statements(slug, group_arn, versions_arn)]
