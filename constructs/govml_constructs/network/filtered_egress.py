"""`FilteredEgress`: a way out to named domains, for the tiers in its subnets and nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from govml_constructs.network.domain_firewall import DomainFirewall, FirewallLogs
from govml_constructs.place import PlacedConstruct

_ANYWHERE = "0.0.0.0/0"


@dataclass(frozen=True)
class EgressZone:
    """One availability zone's share of the VPC's range.

    Args:
        zone: the zone.
        egress: range of the subnet whose tiers have the way out.
        nat: range of the NAT gateway's subnet.
        firewall: range of the firewall endpoint's subnet.
    """

    zone: str
    egress: str
    nat: str
    firewall: str


class FilteredEgress(PlacedConstruct):
    """In each zone: egress subnet -> NAT gateway -> firewall endpoint -> internet gateway, and the same way back.

    The routing is that of "Architecture with an internet gateway and a NAT gateway" (Network Firewall developer guide): the
    route table of the internet gateway leads answers to the NAT gateways through the firewall endpoint of their zone, so that
    no packet passes the gateway unseen in either direction. Isolated subnets keep having no route at all.

    Args:
        name: prefix of physical names.
        vpc_id: the VPC.
        zones: the zones, each with its ranges.
        public_addresses: prefix list of all public addresses; nothing else is led out.
        allowed_domains: what the firewall lets pass.
        logs: log groups of the firewall.
        protect: refuse the deletion of the firewalls.

    Attributes:
        subnet_ids: the egress subnets, one a zone.
        nat_gateway_ids: the NAT gateways, one a zone.
        firewall: the firewalls.

    Controls: the route to the internet gateway stands in the firewall subnets only and leads to public addresses; nothing
    has a public address but the NAT gateways; every packet passes the firewall of its zone, out and back.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        vpc_id: str,
        zones: Sequence[EgressZone],
        public_addresses: str,
        allowed_domains: Sequence[str],
        logs: FirewallLogs,
        protect: bool,
    ) -> None:
        super().__init__(scope, construct_id)
        self._vpc_id, self._public_addresses = vpc_id, public_addresses
        gateway = ec2.CfnInternetGateway(self, "Gateway")
        self._attached = ec2.CfnVPCGatewayAttachment(self, "Attachment", vpc_id=vpc_id, internet_gateway_id=gateway.ref)
        firewall_table = self._table("Firewall")
        out = ec2.CfnRoute(
            self,
            "FirewallOut",
            route_table_id=firewall_table,
            destination_prefix_list_id=public_addresses,
            gateway_id=gateway.ref,
        )
        out.add_resource_dependency(self._attached)
        self.firewall = DomainFirewall(
            self,
            "Wall",
            name=name,
            vpc_id=vpc_id,
            subnet_ids=[
                self._subnet(f"Firewall{number}", zone.zone, zone.firewall, firewall_table)
                for number, zone in enumerate(zones, 1)
            ],
            allowed_domains=allowed_domains,
            logs=logs,
            protect=protect,
        )
        edge_table = self._table("Edge")
        ec2.CfnGatewayRouteTableAssociation(
            self, "EdgeAssociation", gateway_id=gateway.ref, route_table_id=edge_table
        ).add_resource_dependency(self._attached)
        self.nat_gateway_ids: list[str] = []
        self.subnet_ids = [
            self._zone(number, zone, endpoint_id, edge_table)
            for number, (zone, endpoint_id) in enumerate(zip(zones, self.firewall.endpoint_ids, strict=True), 1)
        ]

    def _zone(self, number: int, zone: EgressZone, endpoint_id: str, edge_table: str) -> str:
        """Make one zone's NAT gateway and egress subnet, and return the id of the latter."""
        nat_table, egress_table = self._table(f"Nat{number}"), self._table(f"Egress{number}")
        nat_subnet = self._subnet(f"Nat{number}", zone.zone, zone.nat, nat_table)
        address = ec2.CfnEIP(self, f"Address{number}", domain="vpc")
        address.add_resource_dependency(self._attached)
        nat = ec2.CfnNatGateway(
            self, f"NatGateway{number}", subnet_id=nat_subnet, allocation_id=address.attr_allocation_id
        )
        self.nat_gateway_ids.append(nat.attr_nat_gateway_id)
        ec2.CfnRoute(
            self,
            f"EgressOut{number}",
            route_table_id=egress_table,
            destination_prefix_list_id=self._public_addresses,
            nat_gateway_id=nat.attr_nat_gateway_id,
        )
        # A route to a firewall endpoint takes no prefix list.
        for construct_id, table, destination in (
            (f"NatOut{number}", nat_table, _ANYWHERE),
            (f"EdgeBack{number}", edge_table, zone.nat),
        ):
            ec2.CfnRoute(
                self,
                construct_id,
                route_table_id=table,
                destination_cidr_block=destination,
                vpc_endpoint_id=endpoint_id,
            )
        return self._subnet(f"Egress{number}", zone.zone, zone.egress, egress_table)

    def _table(self, purpose: str) -> str:
        return ec2.CfnRouteTable(self, f"{purpose}Table", vpc_id=self._vpc_id).ref

    def _subnet(self, purpose: str, zone: str, cidr: str, table: str) -> str:
        subnet = ec2.CfnSubnet(
            self,
            f"{purpose}Subnet",
            vpc_id=self._vpc_id,
            availability_zone=zone,
            cidr_block=cidr,
            map_public_ip_on_launch=False,
        )
        ec2.CfnSubnetRouteTableAssociation(self, f"{purpose}Routes", subnet_id=subnet.ref, route_table_id=table)
        return subnet.ref
