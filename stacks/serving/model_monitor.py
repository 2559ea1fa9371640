"""SageMaker Model Monitor on a use case's endpoint, where the agency file names a baseline for it."""

from __future__ import annotations

from constructs import Construct

from govml.settings import Names
from govml.settings.instance_families import takes_no_key
from govml.settings.lifecycle import model_monitor_notice
from govml.settings.model_monitor import ANALYZER_ACCOUNTS
from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.service_role import ServiceRole
from govml_constructs.identity.use_case_access import USE_CASE_TAG
from govml_constructs.monitoring.model_monitor import Analyzer, ModelMonitor, QualityPlan
from govml_constructs.place import place_of
from govml_constructs.serving.release_parameters import ReleaseParameters
from govml_constructs.serving.safe_endpoint import SafeEndpoint
from stacks.data.data import DataStack
from stacks.environment.context import EnvironmentContext
from stacks.foundation.network import NetworkStack
from stacks.foundation.security import SecurityStack
from stacks.ml.ml_platform import MlPlatformStack


def add_model_monitor(
    stack: Construct,
    *,
    context: EnvironmentContext,
    use_case: str,
    endpoint: SafeEndpoint,
    parameters: ReleaseParameters,
    data_uri: str,
    security: SecurityStack,
    network: NetworkStack,
    data: DataStack,
    platform: MlPlatformStack,
) -> None:
    """Make the schedule and the role of its jobs; nothing where the agency file names no baseline.

    The role has what the use case's other jobs have, but not the tag that opens the data of its source.
    """
    monitor = context.settings.model_monitored.get(use_case)
    if monitor is None:
        return
    names, place = context.names, place_of(stack)
    analyzer = Analyzer(stack, "Analyzer", accounts=ANALYZER_ACCOUNTS)
    pull = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    role = ServiceRole(
        stack,
        "QualityRole",
        service="sagemaker.amazonaws.com",
        description=f"Jobs of SageMaker Model Monitor on the endpoint of {use_case}",
        rules=context.role_rules,
        policies=[data.policies.use_case_data, *platform.job_policies],
        statements=[Statement(sid="PullAnalyzer", actions=pull, resources=[analyzer.repository_arn])],
        source_arns=[place.arn("sagemaker", "*")],
        tags={USE_CASE_TAG: names.slug(use_case)},
    )
    ModelMonitor(
        stack,
        "Quality",
        name=names.quality_schedule(use_case),
        plan=QualityPlan(
            endpoint=names.endpoint(use_case),
            data_uri=data_uri,
            statistics=monitor.statistics,
            constraints=monitor.constraints,
            record_preprocessor=monitor.record_preprocessor,
            reports=Names.QUALITY_REPORTS,
            schedule=monitor.schedule,
            instance_type=monitor.instance_type,
        ),
        image=analyzer.image,
        role_arn=role.role_arn,
        subnet_ids=network.subnet_ids,
        security_group_id=network.job_tier.group_id,
        key=security.ml_key,
        disks_take_a_key=not takes_no_key(monitor.instance_type),
        notice=model_monitor_notice(use_case),
        condition=parameters.has_live,
        waits_for=[endpoint.endpoint],
    )
