"""Security groups and network ACLs: who may come in, and where traffic may go."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from govml.rules.options import Options
from govml.rules.registry import rule
from govml.rules.template import Resource, Template
from govml.rules.values import get, listed, true

_GROUP = "AWS::EC2::SecurityGroup"
_IN, _OUT = "AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"
# Prefixes shorter than these hold more than any private range does (RFC 1918: 10.0.0.0/8; RFC 4193: fc00::/7).
_SHORTEST = {4: 8, 6: 7}
_SHARED = ipaddress.IPv4Network("100.64.0.0/10")  # between carriers and private links (RFC 6598)


@lru_cache(maxsize=4096)
def is_world(cidr: str) -> bool:
    """Return whether a range of addresses is the Internet, or so much of it that it may as well be."""
    try:
        network = ipaddress.ip_network(cidr, strict=False)
    except ValueError:
        return False
    return network.prefixlen < _SHORTEST[network.version]


@lru_cache(maxsize=4096)
def is_public(cidr: str) -> bool:
    """Return whether a range holds addresses of the Internet."""
    try:
        network = ipaddress.ip_network(cidr, strict=False)
    except ValueError:
        return False
    return network.is_global and not (isinstance(network, ipaddress.IPv4Network) and network.subnet_of(_SHARED))


def _ranges(rule_: Any) -> list[str]:
    return [str(each) for each in (get(rule_, "CidrIp"), get(rule_, "CidrIpv6")) if each is not None]


def _ports(rule_: Any) -> str:
    first, last = get(rule_, "FromPort"), get(rule_, "ToPort")
    if str(get(rule_, "IpProtocol")) == "-1" or first is None:
        return "every port"
    return f"port {first}" if first == last else f"ports {first}-{last}"


@rule(
    "GovML-OpenIngress",
    _GROUP,
    _IN,
    title="No security group lets the Internet in",
    rationale="Services are reached over private endpoints; an open port is found within minutes.",
    severity="high",
    controls=("SC-7", "AC-4", "SC-7(5)"),
    public_sector_controls=("NS-3", "NS-1"),
)
def open_ingress(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at every range of the rules in the group, or of the rule beside it."""
    rules = [resource.properties] if resource.type == _IN else listed(resource.get("SecurityGroupIngress"))
    for each in rules:
        for cidr in _ranges(each):
            if is_world(cidr) or is_public(cidr):
                yield f"lets {cidr} in on {_ports(each)}: name a private range or a security group"


@rule(
    "GovML-OpenEgress",
    _GROUP,
    _OUT,
    title="No security group lets traffic out to everywhere",
    rationale="The agency's network has no Internet; an open way out is the way by which data leaves when it has one.",
    severity="medium",
    controls=("SC-7", "SC-7(5)", "AC-4"),
    public_sector_controls=("NS-3", "DP-1"),
    source="CloudFormation template reference, AWS::EC2::SecurityGroup: without rules all outbound traffic is allowed",
)
def open_egress(resource: Resource, template: Template, _: Options) -> Iterator[str]:
    """A group that says nothing of egress lets all out; it is reported where the other groups of the template say it."""
    if resource.type == _OUT:
        yield from _everywhere(resource.properties)
        return
    rules = resource.get("SecurityGroupEgress")
    for each in listed(rules):
        yield from _everywhere(each)
    if not rules and not _has_egress(resource, template):
        others = [each for each in template.of_type(_GROUP) if each is not resource]
        if others and all(each.get("SecurityGroupEgress") or _has_egress(each, template) for each in others):
            yield "names no SecurityGroupEgress, so all traffic may leave: name where it goes, as the other groups do"


def _has_egress(group: Resource, template: Template) -> bool:
    return any(group.refers_to(each.get("GroupId")) for each in template.of_type(_OUT))


def _everywhere(rule_: Any) -> Iterator[str]:
    for cidr in _ranges(rule_):
        if is_world(cidr):
            yield f"lets traffic out to {cidr} on {_ports(rule_)}: name a range, a prefix list or a security group"


@rule(
    "GovML-OpenNetworkAcl",
    "AWS::EC2::NetworkAclEntry",
    title="No network ACL opens remote administration or everything to the Internet",
    rationale="An ACL is the last fence of a subnet.",
    severity="medium",
    controls=("SC-7", "AC-4"),
    public_sector_controls=("NS-1", "IS-6"),
    source='Security Hub user guide, "Security Hub CSPM controls for Amazon EC2" (EC2.21)',
)
def open_network_acl(resource: Resource, _: Template, __: Options) -> Iterator[str]:
    """Look at inbound entries that allow SSH, RDP or all protocols from everywhere."""
    if true(resource.get("Egress")) or str(resource.get("RuleAction")).lower() != "allow":
        return
    cidrs = [each for each in (resource.get("CidrBlock"), resource.get("Ipv6CidrBlock")) if is_world(str(each))]
    ports = resource.get("PortRange")
    first, last = str(get(ports, "From") or 0), str(get(ports, "To") or 65535)
    numeric = first.isdigit() and last.isdigit()
    remote = ports is None or (numeric and any(int(first) <= port <= int(last) for port in (22, 3389)))
    if cidrs and remote:
        yield f"lets {cidrs[0]} in to remote administration: name a private range"
