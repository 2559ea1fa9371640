"""`IsolatedVpc`: a VPC with no way to the internet, and flow logs."""

from __future__ import annotations

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from govml_constructs.identity.service_role import RoleRules
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.network.flow_log import log_flows
from govml_constructs.place import PlacedConstruct


class IsolatedVpc(PlacedConstruct):
    """Isolated subnets only: no internet gateway, no NAT, no public address.

    Args:
        name: value of the VPC's Name tag.
        cidr: IPv4 range of the VPC.
        zone_count: number of availability zones, one subnet in each; the stack names them.
        flow_logs: log group that receives all accepted and rejected flows.
        rules: rules of the flow-log role.
        subnet_prefix: prefix length of each subnet, from the start of the range; None: they share it equally.

    Controls: no route to an internet gateway or NAT, flow logs of all traffic.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        cidr: str,
        zone_count: int,
        flow_logs: EncryptedLogGroup,
        rules: RoleRules,
        subnet_prefix: int | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            vpc_name=name,
            ip_addresses=ec2.IpAddresses.cidr(cidr),
            max_azs=zone_count,
            nat_gateways=0,
            create_internet_gateway=False,
            # CDK would close the default group with a Node Lambda of its own; ours does it (default-group setting)
            restrict_default_security_group=False,
            subnet_configuration=[
                ec2.SubnetConfiguration(
                    name="Isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=subnet_prefix
                )
            ],
        )
        self.subnets = self.vpc.isolated_subnets
        self.subnet_ids = [subnet.subnet_id for subnet in self.subnets]
        log_flows(self, vpc_id=self.vpc.vpc_id, log_group=flow_logs, rules=rules)
