"""Public front doors: databases, clusters, APIs, load balancers, registries."""

from __future__ import annotations

import re
from collections.abc import Iterator

from govml.rules.options import Options
from govml.rules.registry import ANY, rule
from govml.rules.template import Resource, Template
from govml.rules.themes.security_groups import is_world
from govml.rules.values import get, is_token, listed, true

# Types that are public unless the property says no.
_PUBLIC_BY_DEFAULT = {
    "AWS::DMS::ReplicationInstance": ("PubliclyAccessible",),
    "AWS::EKS::Cluster": ("ResourcesVpcConfig", "EndpointPublicAccess"),
    "AWS::AppRunner::Service": ("NetworkConfiguration", "IngressConfiguration", "IsPubliclyAccessible"),
}
# Types that everybody may knock at unless a property names a network (Managed Grafana user guide, "Configure network access";
# S3 user guide, "Creating access points restricted to a virtual private cloud").
_PUBLIC_WITHOUT = {
    "AWS::Grafana::Workspace": "NetworkAccessControl",
    "AWS::S3::AccessPoint": "VpcConfiguration",
}
# Names of security policies that begin with TLS 1.2 or 1.3.
_MODERN = re.compile(r"-TLS13-1-[23]-|-TLS-1-2-|-FS-1-2-")
_PUBLIC_TYPES = {
    "AWS::Amplify::App": "hosts a site for everybody, outside of the network",
    "AWS::ECR::PublicRepository": "publishes images to everybody",
    "AWS::GlobalAccelerator::Accelerator": "serves the Internet from other regions",
    "AWS::Lightsail::Instance": "has a public address and stands outside the network",
    "AWS::S3::MultiRegionAccessPoint": "is reached over the Internet and spans regions",
}


@rule(
    "GovML-PubliclyAccessible",
    ANY,
    title="No database, cluster, broker, workspace or access point is reachable from the Internet",
    rationale="A public address makes a password the only door.",
    severity="high",
    controls=("SC-7", "AC-3"),
    public_sector_controls=("NS-1", "NS-2"),
)
def publicly_accessible(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Find the switch by the names that services give it, and the types that are public by default or by nature."""
    path = _PUBLIC_BY_DEFAULT.get(resource.type, ("PubliclyAccessible",))
    value = resource.get(*path)
    if true(value) or (value is None and resource.type in _PUBLIC_BY_DEFAULT):
        yield f"is reachable from the Internet: set {'.'.join(path)} to false"
    network = _PUBLIC_WITHOUT.get(resource.type)
    if network and not resource.get(network):
        yield f"is reachable from the Internet: set {network}"
    if resource.type in _PUBLIC_TYPES:
        yield f"{_PUBLIC_TYPES[resource.type]}: keep it in the agency's network"


@rule(
    "GovML-LoadBalancer",
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    "AWS::ElasticLoadBalancing::LoadBalancer",
    title="Load balancers are internal",
    rationale="A load balancer faces the Internet unless its template says internal.",
    severity="high",
    controls=("SC-7", "AC-4"),
    public_sector_controls=("NS-1", "NS-5"),
    source="CloudFormation template reference, AWS::ElasticLoadBalancingV2::LoadBalancer: Scheme is internet-facing by default",
)
def load_balancer(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """A gateway load balancer is internal by nature."""
    scheme = resource.get("Scheme")
    if resource.get("Type") != "gateway" and scheme != "internal" and not is_token(scheme):
        yield "faces the Internet: set Scheme to internal"
    for each in listed(resource.get("Listeners")):
        if str(get(each, "Protocol")).upper() in {"HTTP", "TCP"}:
            yield f"listens without TLS ({get(each, 'Protocol')}): use HTTPS or SSL"


@rule(
    "GovML-ListenerTls",
    "AWS::ElasticLoadBalancingV2::Listener",
    "AWS::ApiGateway::DomainName",
    "AWS::ApiGatewayV2::DomainName",
    "AWS::Transfer::Server",
    title="Listeners speak TLS 1.2 or newer",
    rationale="Older versions have known breaks; plain HTTP has nothing to break.",
    severity="high",
    controls=("SC-8", "SC-8(1)", "SC-13"),
    public_sector_controls=("DP-3", "NS-6"),
    source='Elastic Load Balancing guide, "Security policies for your Application Load Balancer"',
)
def listener_tls(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """A listener on HTTP may only redirect."""
    kind, protocol, policy = resource.type, resource.get("Protocol"), resource.get("SslPolicy")
    if kind == "AWS::ElasticLoadBalancingV2::Listener":
        actions = listed(resource.get("DefaultActions"))
        redirects = bool(actions) and all(get(each, "Type") == "redirect" for each in actions)
        if protocol == "HTTP" and not redirects:
            yield "listens on plain HTTP: use HTTPS, or redirect to it"
        if protocol in ("HTTPS", "TLS") and not is_token(policy) and not _MODERN.search(str(policy)):
            yield f"accepts TLS before 1.2 (SslPolicy {policy or 'not set'}): set ELBSecurityPolicy-TLS13-1-2-2021-06"
    configurations = [resource.properties, *listed(resource.get("DomainNameConfigurations"))]
    if kind != "AWS::Transfer::Server" and any(get(each, "SecurityPolicy") == "TLS_1_0" for each in configurations):
        yield "accepts TLS 1.0: set SecurityPolicy to TLS_1_2"
    if kind == "AWS::Transfer::Server":
        if resource.get("EndpointType") in (None, "PUBLIC"):
            yield "is reachable from the Internet: set EndpointType to VPC"
        if "FTP" in listed(resource.get("Protocols")):
            yield "speaks FTP without TLS: use SFTP or FTPS"


@rule(
    "GovML-OpenAddressList",
    "AWS::WAFv2::IPSet",
    "AWS::EC2::PrefixList",
    "AWS::EKS::Cluster",
    title="Lists of allowed addresses do not name the whole Internet",
    rationale="A list that everything is on is no list.",
    severity="medium",
    controls=("SC-7", "AC-4"),
    public_sector_controls=("NS-3",),
)
def open_address_list(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at the ranges of lists that other rules refer to."""
    found = [*listed(resource.get("Addresses")), *listed(resource.get("ResourcesVpcConfig", "PublicAccessCidrs"))]
    found += [get(each, "Cidr") for each in listed(resource.get("Entries"))]
    if any(is_world(str(each)) for each in found):
        yield "holds the whole Internet: name the ranges that are meant"
