"""MlPlatform: what all use cases share: images, registry, experiment tracking, Studio. Duty: platform engineer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from constructs import Construct

from govml.identity.promotion import contracts_from, contracts_to
from govml_constructs.identity.customer_policy import CustomerPolicy
from govml_constructs.ml.image_repository import ImageRepository
from govml_constructs.ml.job_access import JobRuntimePolicy, PipelineRuntimePolicy
from govml_constructs.ml.job_network import JobNetworkPolicy
from govml_constructs.ml.model_registry_group import ModelRegistryGroup
from govml_constructs.pascal import pascal
from govml_constructs.release.promotion_contract import PolicyStatement, PromotionContract
from stacks.dashboards.jobs import job_errors, machine_graphs
from stacks.dashboards.page import add_page
from stacks.data.data import DataStack
from stacks.environment.base import EnvironmentStack
from stacks.environment.context import EnvironmentContext
from stacks.foundation.network import NetworkStack
from stacks.foundation.security import SecurityStack
from stacks.ml.sagemaker_logs import JOB_LOGS, sagemaker_log_group
from stacks.ml.studio import make_studio
from stacks.ml.tracking import make_tracking
from stacks.telemetry.telemetry import TelemetryStack


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
        self.job_log_groups = [
            sagemaker_log_group(self, kind, security=security, telemetry=telemetry) for kind in JOB_LOGS
        ]
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
        self.tracking = make_tracking(self, data) if context.switches.experiment_tracking else None
        if context.switches.studio:
            make_studio(
                self,
                security=security,
                network=network,
                data=data,
                log_group_arn=sagemaker_log_group(self, "studio", security=security, telemetry=None),
                job_policies=self.job_policies,
                tracking=self.tracking,
            )
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
            log_group_arns=[sagemaker_log_group(self, "TransformJobs", security=security, telemetry=None)]
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


def _group_statements(
    contracts: Sequence[PromotionContract], slug: str, group_arn: str, versions_arn: str
) -> list[PolicyStatement]:
    return [each for contract in contracts for each in contract.group_statements(slug, group_arn, versions_arn)]
