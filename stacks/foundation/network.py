"""Network: a VPC made or imported, its endpoints, its tiers, and a filtered way out if any. Duty: network administrator."""

from __future__ import annotations

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from govml.network_plan.plan import planned_subnets, subnet_role
from govml.settings.network_import import NetworkImport
from govml_constructs.account_setting import AccountSetting
from govml_constructs.functions.function_network import FunctionNetworkPolicy
from govml_constructs.functions.private_function import PrivatePlace
from govml_constructs.identity.customer_policy import CustomerPolicy, Statement
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.network.imported_vpc import ImportedVpc
from govml_constructs.network.isolated_vpc import IsolatedVpc
from govml_constructs.network.tier_security_group import TierSecurityGroup
from govml_constructs.validation.acknowledgement import acknowledge
from stacks.dashboards.network import egress_graphs, endpoint_graphs, rejected_flows
from stacks.dashboards.page import add_page
from stacks.dashboards.unusual import watch_way_out
from stacks.environment.base import EnvironmentStack
from stacks.environment.context import EnvironmentContext
from stacks.foundation.network_egress import make_egress
from stacks.foundation.network_endpoints import make_endpoints
from stacks.foundation.network_tiers import NetworkTiers
from stacks.foundation.security import SecurityStack


class NetworkStack(EnvironmentStack):
    """Private subnets, endpoints with policies, a security group per tier; flow logs and a closed default group where ours.

    `subnet_ids` have no way out; `build_subnet_ids` and `studio_subnet_ids` are others where a filtered way out is on.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, context: EnvironmentContext, security: SecurityStack
    ) -> None:
        super().__init__(
            scope, construct_id, context=context, description="VPC, private endpoints, tiers (network admin)"
        )
        self._security = security
        self._flow_logs: list[str] = []
        self._function_network: CustomerPolicy | None = None
        imported = context.environment.network_import
        network = self._import(imported) if imported is not None else self._make()
        self.vpc, self.subnet_ids = network.vpc, network.subnet_ids
        tiers = NetworkTiers(self, context=context, vpc=self.vpc)
        self.endpoint_tier, self.job_tier = tiers.endpoints, tiers.jobs
        self.grafana_tier = tiers.grafana
        self.studio_tier, self.build_tier, self.fetch_tier = tiers.studio, tiers.builds, tiers.fetching
        self.telemetry_tier = tiers.telemetry
        self.endpoint_ids = make_endpoints(
            self, context=context, vpc_id=self.vpc.vpc_id, subnet_ids=self.subnet_ids, tier=self.endpoint_tier
        )
        subnet_ids, graphs = {"isolated": self.subnet_ids}, endpoint_graphs(self.vpc.vpc_id)
        if context.settings.network.internet == "filtered":
            egress = make_egress(
                self,
                context=context,
                vpc_id=self.vpc.vpc_id,
                zones=self.availability_zones,
                tiers=tiers,
                security=security,
            )
            subnet_ids["egress"] = egress.subnet_ids
            graphs += egress_graphs(egress)
            if context.switches.alarms:
                watch_way_out(self, egress.nat_gateway_ids, prefix=context.names.prefix, topic=security.alerts)
        self.build_subnet_ids = subnet_ids[subnet_role(context.settings, "builds")]
        self.studio_subnet_ids = subnet_ids[subnet_role(context.settings, "studio")]
        self.fetch_subnet_ids = subnet_ids.get("egress", [])
        if isinstance(network, IsolatedVpc):
            self._close_default_group(network.vpc)
        add_page(
            self,
            "network",
            title="Network",
            runbook="docs/operations/network.md",
            graphs=graphs,
            tables=rejected_flows(self._flow_logs),
        )
        self.publish("VpcParameter", context.names.parameter("network", "vpc-id"), self.vpc.vpc_id)

    def private_place(self, tier: TierSecurityGroup) -> PrivatePlace:
        """Return a place for a function among the isolated subnets; all share one policy.

        Args:
            tier: says where the function may connect to.
        """
        if self._function_network is None:
            self._function_network = FunctionNetworkPolicy(
                self, "FunctionNetwork", vpc_id=self.vpc.vpc_id, rules=self.context.role_rules
            ).policy
        return PrivatePlace(self.vpc.vpc_id, self.subnet_ids, tier.group_id, self._function_network)

    def _make(self) -> IsolatedVpc:
        context = self.context
        network = context.settings.network
        isolated = planned_subnets(context.settings, context.environment)[0]
        return IsolatedVpc(
            self,
            "Network",
            name=context.names.prefix,
            cidr=str(context.environment.cidr),
            zone_count=network.availability_zones,
            subnet_prefix=isolated.cidr.prefixlen if network.internet == "filtered" else None,
            flow_logs=self._flow_log_group(),
            rules=context.role_rules,
        )

    def _import(self, imported: NetworkImport) -> ImportedVpc:
        return ImportedVpc(
            self,
            "Network",
            vpc_id=imported.vpc_id,
            subnet_ids=[subnet.id for subnet in imported.subnets],
            zones=[subnet.zone for subnet in imported.subnets],
            flow_logs=self._flow_log_group() if imported.flow_logs else None,
            rules=self.context.role_rules,
        )

    def _flow_log_group(self) -> EncryptedLogGroup:
        group = self._security.log_group(self, "FlowLogs")
        self._flow_logs.append(group.log_group_name)
        return group

    def _close_default_group(self, vpc: ec2.Vpc) -> None:
        security, group_id = self._security, vpc.vpc_default_security_group
        group_arn = self.place.arn("ec2", f"security-group/{group_id}")
        acknowledge(
            vpc,
            "NIST.800.53.R5-VPCDefaultSecurityGroupClosed",
            reason=(
                "CloudFormation cannot remove the default group's rules, so the rule warns of every VPC; the setting "
                "DefaultGroupClosed beside this VPC revokes them."
            ),
            owner="platform-security",
            expires="2027-11-20",
        )
        AccountSetting(
            self,
            "DefaultGroupClosed",
            setting="default_security_group",
            resource_type="Custom::DefaultSecurityGroupClosed",
            properties={"SecurityGroupId": group_id},
            statements=[
                Statement(
                    sid="CloseDefaultGroup",
                    actions=["ec2:RevokeSecurityGroupIngress", "ec2:RevokeSecurityGroupEgress"],
                    resources=[group_arn],
                )
            ],
            log_group=security.settings_log,
            key=security.logs_key,
            failures=security.alerts,
            rules=self.context.role_rules,
        )
