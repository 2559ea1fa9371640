"""The filtered way out of an environment, for the tiers that the agency file names."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import RemovalPolicy
from constructs import Construct

from govml.network_plan.plan import planned_subnets
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.network.domain_firewall import FirewallLogs
from govml_constructs.network.filtered_egress import EgressZone, FilteredEgress
from govml_constructs.network.public_addresses import PublicAddresses
from stacks.environment.context import EnvironmentContext
from stacks.foundation.network_tiers import NetworkTiers
from stacks.foundation.security import SecurityStack


def make_egress(
    scope: Construct,
    *,
    context: EnvironmentContext,
    vpc_id: str,
    zones: Sequence[str],
    tiers: NetworkTiers,
    security: SecurityStack,
) -> FilteredEgress:
    """Make the way out and return it.

    Args:
        scope: the stack that gets it.
        context: the environment.
        vpc_id: the VPC, one that we made.
        zones: the VPC's zones.
        tiers: the tiers, some of which are let out.
        security: key and subscription of the firewall's log groups.
    """
    public = PublicAddresses(scope, "PublicAddresses", name=context.names.resource("public-addresses"))
    tiers.let_out(public.prefix_list_id)
    ranges: dict[str, dict[str, str]] = {}
    for subnet in planned_subnets(context.settings, context.environment):
        ranges.setdefault(subnet.zone, {})[subnet.role] = str(subnet.cidr)

    def log_group(kind: str) -> EncryptedLogGroup:
        return security.log_group(
            scope,
            f"Firewall{kind.title()}",
            # the prefix that AWS asks for, so that resource policies of log delivery stay short
            name=f"/aws/vendedlogs/{context.names.prefix}/firewall-{kind}",
        )

    return FilteredEgress(
        scope,
        "Egress",
        name=context.names.resource("egress"),
        vpc_id=vpc_id,
        zones=[
            EgressZone(zone=zone, egress=each["egress"], nat=each["nat"], firewall=each["firewall"])
            for zone, each in zip(zones, ranges.values(), strict=True)
        ],
        public_addresses=public.prefix_list_id,
        allowed_domains=context.settings.network.allowed_domains,
        logs=FirewallLogs(alerts=log_group("alerts"), flows=log_group("flows")),
        protect=context.removal_policy is RemovalPolicy.RETAIN,
    )
