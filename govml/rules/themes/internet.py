"""Ways to the Internet: gateways, addresses, routes, peerings, endpoints."""

from __future__ import annotations

from collections.abc import Iterator

from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.themes.security_groups import is_world
from govml.rules.values import false, get, is_token, listed, true

_GATEWAYS = {
    "AWS::EC2::InternetGateway": "an Internet gateway",
    "AWS::EC2::NatGateway": "a NAT gateway",
    "AWS::EC2::EIP": "a public address",
    "AWS::EC2::EgressOnlyInternetGateway": "an egress-only Internet gateway",
    "AWS::EC2::CarrierGateway": "a carrier gateway",
}


@rule(
    "GovML-InternetGateway",
    *_GATEWAYS,
    title="A network has no way to the Internet but through a firewall",
    rationale="A network without Internet leaks nothing; where one is needed, a firewall says to which names.",
    severity="high",
    controls=("SC-7", "SC-7(5)", "AC-4"),
    public_sector_controls=("NS-3", "NS-5"),
)
def internet_gateway(resource: Resource, template: Template, _: Options) -> Iterator[str]:
    """Where the template has a Network Firewall, its policy judges the traffic; a private NAT gateway is no way out."""
    if any(template.of_type("AWS::NetworkFirewall::Firewall")):
        return
    if resource.get("ConnectivityType") == "private":
        return
    yield f"makes {_GATEWAYS[resource.type]} without AWS::NetworkFirewall::Firewall: use VPC endpoints, or filter the egress"


@rule(
    "GovML-PublicSubnet",
    "AWS::EC2::Subnet",
    "AWS::EC2::Instance",
    "AWS::EC2::LaunchTemplate",
    "AWS::AutoScaling::LaunchConfiguration",
    "AWS::ECS::Service",
    title="Nothing gets a public address",
    rationale="A machine with a public address is reachable as soon as one rule is wrong.",
    severity="high",
    controls=("SC-7", "AC-4"),
    public_sector_controls=("NS-1", "NS-3"),
    source='Security Hub user guide, "Security Hub CSPM controls for Amazon EC2" (EC2.9, EC2.15, EC2.25)',
)
def public_subnet(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at subnets, interfaces and tasks."""
    if true(resource.get("MapPublicIpOnLaunch")):
        yield "gives public addresses: set MapPublicIpOnLaunch to false"
    if true(resource.get("AssociatePublicIpAddress")):
        yield "has a public address: set AssociatePublicIpAddress to false"
    interfaces = resource.get("NetworkInterfaces") or resource.get("LaunchTemplateData", "NetworkInterfaces")
    if any(true(get(each, "AssociatePublicIpAddress")) for each in listed(interfaces)):
        yield "has a public address: set AssociatePublicIpAddress to false"
    if resource.get("NetworkConfiguration", "AwsvpcConfiguration", "AssignPublicIp") == "ENABLED":
        yield "gives its tasks public addresses: set AssignPublicIp to DISABLED"


@rule(
    "GovML-InternetRoute",
    "AWS::EC2::Route",
    "AWS::EC2::TransitGatewayRoute",
    title="No route leads to the Internet",
    rationale="A subnet is private only as long as its routes are.",
    severity="high",
    controls=("SC-7", "AC-4"),
    public_sector_controls=("NS-1", "NS-4"),
)
def internet_route(resource: Resource, template: Template, _: Options) -> Iterator[str]:
    """Look at the gateway of a default route; routes to a firewall, transit gateway or endpoint are inside."""
    if any(template.of_type("AWS::NetworkFirewall::Firewall")):
        return
    target = str(resource.get("DestinationCidrBlock") or resource.get("DestinationIpv6CidrBlock"))
    through = str(resource.get("GatewayId") or "")
    internet = template.named(through, "AWS::EC2::InternetGateway") or through.startswith("igw-")
    outward = internet or resource.get("NatGatewayId") or resource.get("EgressOnlyInternetGatewayId")
    if is_world(target) and outward:
        yield f"sends {target} to the Internet: use VPC endpoints or a firewall"


@rule(
    "GovML-NetworkPeering",
    "AWS::EC2::VPCPeeringConnection",
    "AWS::EC2::TransitGatewayPeeringAttachment",
    "AWS::EC2::VPCEndpointService",
    "AWS::EC2::VPCEndpointServicePermissions",
    "AWS::EC2::TransitGateway",
    "AWS::RAM::ResourceShare",
    title="Networks are joined within the agency only",
    rationale="A peering is a door in the wall that no security review of one side sees whole.",
    severity="high",
    controls=("SC-7", "CA-9", "AC-20"),
    public_sector_controls=("NS-4", "NS-8"),
)
def network_peering(resource: Resource, _: Template, options: Options) -> Iterator[str]:
    """Look for other accounts and regions, and for doors that open without being asked."""
    for name in ("PeerOwnerId", "PeerAccountId"):
        account = str(resource.properties.get(name) or "")
        if account.isdigit() and account not in options.accounts:
            yield f"joins the network of account {account}, which is not known to be the agency's"
    if false(resource.get("AcceptanceRequired")) and resource.type == "AWS::EC2::VPCEndpointService":
        yield "accepts every consumer: set AcceptanceRequired to true"
    if any(str(each) in {"*", "arn:aws:iam::*:root"} for each in listed(resource.get("AllowedPrincipals"))):
        yield "lets every account connect: name the AllowedPrincipals"
    if resource.get("AutoAcceptSharedAttachments") == "enable":
        yield "accepts every attachment: disable AutoAcceptSharedAttachments"
    external = resource.get("AllowExternalPrincipals")
    if resource.type == "AWS::RAM::ResourceShare" and not false(external) and not is_token(external):
        yield "may be shared outside the organisation: set AllowExternalPrincipals to false"
