"""Flow logs of a VPC, with the role that delivers them."""

from __future__ import annotations

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from govml_constructs.identity.service_role import RoleRules, ServiceRole
from govml_constructs.identity.statements import write_to_log_group
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.place import place_of


def log_flows(scope: Construct, *, vpc_id: str, log_group: EncryptedLogGroup, rules: RoleRules) -> None:
    """Send all accepted and rejected flows of a VPC to a log group.

    Args:
        scope: the construct that gets the role and the flow log.
        vpc_id: the VPC.
        log_group: where the flows are logged.
        rules: rules of the role.
    """
    delivery = ServiceRole(
        scope,
        "FlowLogRole",
        service="vpc-flow-logs.amazonaws.com",
        description="Delivers VPC flow logs to their log group",
        rules=rules,
        statements=write_to_log_group(log_group.log_group_arn),
        source_arns=[place_of(scope).arn("ec2", "vpc-flow-log/*")],
    )
    ec2.CfnFlowLog(
        scope,
        "FlowLog",
        resource_id=vpc_id,
        resource_type="VPC",
        traffic_type="ALL",
        log_destination_type="cloud-watch-logs",
        log_group_name=log_group.log_group_name,
        deliver_logs_permission_arn=delivery.role_arn,
        max_aggregation_interval=60,
    )
