"""A network that exists already: everything by id, so that a synth looks nothing up."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Annotated

from pydantic import AfterValidator, Field, PlainSerializer
from pydantic_core import PydanticCustomError

from govml.network_plan.services import EndpointService
from govml.settings.aws_ids import PrefixListId, RouteTableId, SecurityGroupId, SubnetId, VpcEndpointId, VpcId
from govml.settings.base import ReadOnly, SettingsModel
from govml.settings.values import DOCKER_BRIDGE, PRIVATE_RANGES, Network

# RFC 6598: carriers' shared range, which landing zones use for subnets that are not routed further.
_SHARED_RANGE = IPv4Network("100.64.0.0/10")


def _private(network: IPv4Network) -> IPv4Network:
    if not any(network.subnet_of(private) for private in (*PRIVATE_RANGES, _SHARED_RANGE)):
        raise PydanticCustomError("cidr", "is not private (RFC 1918, or 100.64.0.0/10)")
    if network.overlaps(DOCKER_BRIDGE):
        raise PydanticCustomError("cidr", "overlaps 172.17.0.0/16, which AWS services use inside their hosts")
    return network


def _of_a_subnet(network: IPv4Network) -> IPv4Network:
    """Amazon VPC user guide, "Subnet sizing"."""
    if not 16 <= network.prefixlen <= 28:
        raise PydanticCustomError("cidr", "a subnet is between /16 and /28")
    return _private(network)


class ImportedSubnet(SettingsModel):
    """One subnet."""

    id: SubnetId
    """Subnet id: subnet- and 8 or 17 digits (0-9, a-f)."""

    zone: Annotated[str, Field(pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9][a-z]$")]
    """Its availability zone by name, such as ap-southeast-1a."""

    cidr: Annotated[Network, AfterValidator(_of_a_subnet)]
    """Its IPv4 range, /16 to /28, such as 10.20.30.0/26; the address budget is counted against it."""


class ImportedGroups(SettingsModel):
    """Security groups that exist already; they are used as they are, and no rule is added to them."""

    endpoints: SecurityGroupId | None = None
    """Group of the interface endpoints; it must let the other tiers in on port 443."""

    jobs: SecurityGroupId | None = None
    """Group of SageMaker jobs; they must reach the endpoints on port 443 and each other on all TCP ports."""

    studio: SecurityGroupId | None = None
    """Group of Studio's applications; they must reach the endpoints on port 443 and each other on all TCP ports."""

    builds: SecurityGroupId | None = None
    """Group of builds; they must reach the endpoints on port 443."""

    grafana: SecurityGroupId | None = None
    """Group of Grafana and of the function that publishes its dashboards; it must reach the endpoints on port 443."""
    telemetry: SecurityGroupId | None = None
    """Group of the function that hands on metrics and traces; it must reach the endpoints on port 443."""


class ImportedZone(SettingsModel):
    """A private hosted zone of this account that is associated with the VPC."""

    id: Annotated[str, Field(pattern=r"^Z[A-Z0-9]{1,31}$")]
    """Hosted zone id: Z, then capital letters and digits."""

    name: Annotated[str, Field(pattern=r"^([a-z0-9-]+\.)+[a-z]+$", max_length=255)]
    """Its domain name, such as kms.ap-southeast-1.amazonaws.com; the name itself and *.name will point to the endpoint."""


class NetworkImport(SettingsModel):
    """The VPC of one environment, when network.mode is import."""

    vpc_id: VpcId
    """VPC id: vpc- and 8 or 17 digits (0-9, a-f)."""

    subnets: Annotated[tuple[ImportedSubnet, ...], Field(min_length=1, strict=False)]
    """One private subnet in each of network.availability_zones zones."""

    route_table_ids: Annotated[tuple[RouteTableId, ...], Field(strict=False)] = ()
    """Route tables of these subnets, never the VPC's main one: S3 gets a gateway endpoint there, not an interface one."""

    s3_prefix_list_id: PrefixListId | None = None
    """AWS's prefix list for S3 in the region (aws ec2 describe-managed-prefix-lists); needed with route_table_ids."""

    endpoints: Annotated[Mapping[EndpointService, VpcEndpointId], AfterValidator(ReadOnly), PlainSerializer(dict)] = (
        Field(default_factory=lambda: ReadOnly({}))
    )
    """Endpoints that exist already, service: id, such as kms: vpce-0123456789abcdef0; only the missing ones are made."""

    endpoint_cidrs: Annotated[tuple[Annotated[Network, AfterValidator(_private)], ...], Field(strict=False)] = ()
    """Private ranges where the existing endpoints stand, when they are in another VPC; tiers may open port 443 there."""

    security_groups: ImportedGroups = ImportedGroups()
    """Security groups that exist already, by tier; groups that are not given are made."""

    hosted_zones: Annotated[Mapping[EndpointService, ImportedZone], AfterValidator(ReadOnly), PlainSerializer(dict)] = (
        Field(default_factory=lambda: ReadOnly({}))
    )
    """With private_dns: false: private hosted zones, by service, in which the new endpoints get their names."""

    flow_logs: bool = False
    """Log all flows of the VPC; off, because whoever owns the VPC logs them (a landing zone demands it of its VPCs)."""
