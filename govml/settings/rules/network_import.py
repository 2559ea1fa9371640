"""Rules of an imported network: its zones and ranges fit together, and every tier reaches S3 and the endpoints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from govml.settings.rules.finding import Finding, Rule

if TYPE_CHECKING:
    from govml.settings.agency_file import AgencyFile
    from govml.settings.network_import import NetworkImport


def _imports(settings: AgencyFile) -> Iterator[tuple[tuple[str, ...], NetworkImport]]:
    """Return the imported networks that count, each with its key."""
    if settings.network.mode == "import":
        for name, environment in settings.environments.items():
            if environment.network_import is not None:
                yield ("environments", name, "network_import"), environment.network_import


def imported_zones_are_as_many_as_said(settings: AgencyFile) -> Iterator[Finding]:
    """An interface endpoint takes one subnet a zone (PrivateLink guide, "Subnets and Availability Zones")."""
    count = settings.network.availability_zones
    for key, imported in _imports(settings):
        zones = Counter(subnet.zone for subnet in imported.subnets)
        path = (*key, "subnets")
        for zone, times in zones.items():
            if times > 1:
                yield Finding(
                    path, f"{times} subnets are in {zone}", "give one subnet in each zone: an endpoint takes no more"
                )
            if zone[:-1] != settings.region:
                yield Finding(path, f"{zone} is not in {settings.region}", "a VPC's zones are all in the file's region")
        if len(zones) != count:
            found = f"{len(zones)} zone{'s' if len(zones) > 1 else ''}"
            yield Finding(
                path,
                f"the subnets are in {found}, and network.availability_zones is {count}",
                f"give {count} subnets, each in another zone, or change network.availability_zones (2 or 3)",
            )


def imported_subnets_do_not_overlap(settings: AgencyFile) -> Iterator[Finding]:
    """Subnets of one VPC have their own ranges, and each is named once."""
    for key, imported in _imports(settings):
        for one, other in combinations(imported.subnets, 2):
            if one.id == other.id:
                yield Finding((*key, "subnets"), f"{one.id} stands twice", "name each subnet once")
            elif one.cidr.overlaps(other.cidr):
                yield Finding(
                    (*key, "subnets"),
                    f"{other.cidr} of {other.id} overlaps {one.cidr} of {one.id}",
                    "copy each subnet's own range: aws ec2 describe-subnets",
                )


def s3_is_reached_one_way(settings: AgencyFile) -> Iterator[Finding]:
    """Security groups must name S3's prefix list when S3 is reached by a route, and only then."""
    for key, imported in _imports(settings):
        routed, listed = bool(imported.route_table_ids), imported.s3_prefix_list_id is not None
        if routed and not listed:
            yield Finding(
                (*key, "s3_prefix_list_id"),
                "is missing: route_table_ids give S3 a gateway endpoint, and security groups must name its prefix list",
                "aws ec2 describe-managed-prefix-lists --filters Name=prefix-list-name,"
                f"Values=com.amazonaws.{settings.region}.s3",
            )
        if listed and not routed and "s3" not in imported.endpoints:
            yield Finding(
                (*key, "s3_prefix_list_id"),
                "would be ignored: S3 gets an interface endpoint",
                "leave it out, give route_table_ids, or name an existing gateway endpoint under endpoints.s3",
            )
        if routed and "s3" in imported.endpoints:
            yield Finding(
                (*key, "endpoints", "s3"),
                "is reused, and route_table_ids would make another",
                "keep one of them",
            )


def reused_endpoints_can_be_reached(settings: AgencyFile) -> Iterator[Finding]:
    """Our security groups open port 443 to named groups or ranges only, so they must know where endpoints stand."""
    for key, imported in _imports(settings):
        groups = imported.security_groups
        ours = groups.jobs is None or groups.studio is None or groups.builds is None
        gateway = {"s3"} if imported.s3_prefix_list_id is not None else set()
        known = imported.endpoint_cidrs or groups.endpoints is not None
        if ours and set(imported.endpoints) - gateway and not known:
            yield Finding(
                (*key, "endpoints"),
                "are reused, but nothing says where they stand: no security group of ours would open to them",
                "give security_groups.endpoints, or endpoint_cidrs when they are in another VPC",
            )


def hosted_zones_are_used(settings: AgencyFile) -> Iterator[Finding]:
    """Names come from the endpoint or from a hosted zone, never from both."""
    for key, imported in _imports(settings):
        if imported.hosted_zones and settings.network.private_dns:
            yield Finding(
                (*key, "hosted_zones"),
                "would clash: with network.private_dns the endpoints answer under these names themselves",
                "set network.private_dns: false, or leave hosted_zones out",
            )
        for service in imported.hosted_zones:
            if service in imported.endpoints or (service == "s3" and imported.route_table_ids):
                yield Finding(
                    (*key, "hosted_zones", service),
                    "has no new interface endpoint to point to",
                    "leave it out: a reused endpoint has its names already, a gateway endpoint needs none",
                )


_BASE = frozenset({"environments", "network"})

IMPORT_RULES: tuple[Rule, ...] = (
    Rule(imported_zones_are_as_many_as_said, _BASE | {"region"}),
    Rule(imported_subnets_do_not_overlap, _BASE),
    Rule(s3_is_reached_one_way, _BASE | {"region"}),
    Rule(reused_endpoints_can_be_reached, _BASE),
    Rule(hosted_zones_are_used, _BASE),
)
