"""`IsolatedVpc`: a VPC with no way to the internet, flow logs, and security groups by tier."""

from __future__ import annotations

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from govml_constructs.identity.service_role import RoleRules, ServiceRole
from govml_constructs.identity.statements import write_to_log_group
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.place import place_of


class IsolatedVpc(Construct):
    """Isolated subnets only: no internet gateway, no NAT, no public address.

    Args:
        name: value of the VPC's Name tag.
        cidr: IPv4 range of the VPC; the subnets share it equally.
        zone_count: number of availability zones, one subnet in each; the stack names them.
        flow_logs: log group that receives all accepted and rejected flows.
        rules: rules of the flow-log role.

    Controls: no route to an internet gateway or NAT, flow logs of all traffic, security groups without `0.0.0.0/0`.
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
                ec2.SubnetConfiguration(name="Isolated", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED)
            ],
        )
        self.subnets = self.vpc.isolated_subnets
        self.subnet_ids = [subnet.subnet_id for subnet in self.subnets]
        self._log_flows(flow_logs, rules)

    def _log_flows(self, log_group: EncryptedLogGroup, rules: RoleRules) -> None:
        place = place_of(self)
        delivery = ServiceRole(
            self,
            "FlowLogRole",
            service="vpc-flow-logs.amazonaws.com",
            description="Delivers VPC flow logs to their log group",
            rules=rules,
            statements=write_to_log_group(log_group.log_group_arn),
            source_arns=[place.arn("ec2", "vpc-flow-log/*")],
        )
        ec2.CfnFlowLog(
            self,
            "FlowLog",
            resource_id=self.vpc.vpc_id,
            resource_type="VPC",
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_group_name=log_group.log_group_name,
            deliver_logs_permission_arn=delivery.role_arn,
            max_aggregation_interval=60,
        )


class TierSecurityGroup(Construct):
    """A security group of one tier: it starts with no rule at all, in or out.

    Args:
        vpc: the VPC.
        description: what runs in the tier; shown in the console.
    """

    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc, description: str) -> None:
        super().__init__(scope, construct_id)
        self.group = ec2.SecurityGroup(
            self,
            "Group",
            vpc=vpc,
            description=description,
            allow_all_outbound=False,
            disable_inline_rules=True,
        )

    def may_call(self, other: TierSecurityGroup, port: int, description: str) -> None:
        """Let this tier open TCP connections to `port` of the other tier; both groups get their rule."""
        self.group.connections.allow_to(other.group, ec2.Port.tcp(port), description)

    def may_talk_within(self, description: str) -> None:
        """Let members of this tier talk to each other on all ports (distributed training, NFS of Studio)."""
        self.group.connections.allow_internally(ec2.Port.all_tcp(), description)

    @property
    def group_id(self) -> str:
        """Identifier of the group, for L1 properties."""
        return self.group.security_group_id
