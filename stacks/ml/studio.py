"""Studio: the domain, and the default role of its users."""

from __future__ import annotations

from collections.abc import Sequence

from govml_constructs.identity.customer_policy import CustomerPolicy
from govml_constructs.identity.service_role import ServiceRole
from govml_constructs.identity.statements import write_to_log_group
from govml_constructs.identity.use_case_access import USE_CASE_TAG
from govml_constructs.ml.studio_domain import StudioDomain
from govml_constructs.ml.tracking_app import TrackingApp
from govml_constructs.ml.tracking_server import TrackingServer
from stacks.data.data import DataStack
from stacks.environment.base import EnvironmentStack
from stacks.foundation.network import NetworkStack
from stacks.foundation.security import SecurityStack


def make_studio(
    stack: EnvironmentStack,
    *,
    security: SecurityStack,
    network: NetworkStack,
    data: DataStack,
    log_group_arn: str,
    job_policies: Sequence[CustomerPolicy],
    tracking: TrackingApp | TrackingServer | None,
) -> None:
    """Make the domain.

    Args:
        stack: where it is made.
        security: the key of its disks.
        network: its subnets and its tier.
        data: the policies of data.
        log_group_arn: where Studio logs.
        job_policies: what every job needs.
        tracking: what its users keep runs in; None without it.

    Raises:
        ValueError: the network was made without its Studio tier.
    """
    context = stack.context
    if network.studio_tier is None:
        raise ValueError("the network was made without its Studio tier")
    policies = [data.policies.use_case_data, *job_policies]
    if data.policies.tracking_artifacts:
        policies.append(data.policies.tracking_artifacts)
    role = ServiceRole(
        stack,
        "StudioRole",
        service="sagemaker.amazonaws.com",
        description="Default role of Studio users: explore data under the prefix `studio`, start nothing",
        rules=context.role_rules,
        policies=policies,
        statements=[
            *write_to_log_group(log_group_arn),
            *(tracking.track_statements() if tracking else []),
        ],
        source_arns=[stack.place.arn("sagemaker", "*")],
        tags={USE_CASE_TAG: "studio"},
        sets_source_identity=True,
    )
    StudioDomain(
        stack,
        "Studio",
        name=context.names.resource("studio"),
        vpc_id=network.vpc.vpc_id,
        subnet_ids=network.studio_subnet_ids,
        security_group_id=network.studio_tier.group_id,
        key=security.ml_key,
        role=role,
        removal_policy=context.removal_policy,
    )
