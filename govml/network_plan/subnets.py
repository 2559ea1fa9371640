"""The subnets of one environment: those that are imported, or the shares of a range that is made into a VPC."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Literal

SubnetRole = Literal["isolated", "egress", "firewall", "nat"]

# Smallest subnet of a VPC (Amazon VPC user guide, "Subnet sizing"); a firewall endpoint or a NAT gateway needs one address.
_SMALLEST = 16


@dataclass(frozen=True)
class PlannedSubnet:
    """One subnet.

    Args:
        role: `isolated` (endpoints, jobs and all that has no way out), `egress` (tiers with a filtered way out),
            `firewall` (its endpoint), `nat` (its gateway).
        zone: availability zone as people name it, such as `ap-southeast-1a` or `zone 1`.
        cidr: its range.
    """

    role: SubnetRole
    zone: str
    cidr: IPv4Network


def created_subnets(cidr: IPv4Network, zones: int, *, filtered: bool) -> tuple[PlannedSubnet, ...]:
    """Share out the range of a VPC that is made.

    Without a way out, the isolated subnets share the whole range. With the filtered one, they get a quarter of the range
    each (less in a small VPC of three zones), firewall and NAT gateway 16 addresses a zone, and the egress subnets the
    largest equal power of two that is left.

    Args:
        cidr: range of the VPC, /24 or larger.
        zones: number of availability zones, 2 or 3.
        filtered: whether some tiers have a filtered way out.
    """
    if not filtered:
        sizes: list[tuple[SubnetRole, int]] = [("isolated", _power_of_two(cidr.num_addresses // zones))]
        return tuple(_lay_out(cidr, zones, sizes))
    isolated = cidr.num_addresses // 4
    while cidr.num_addresses - zones * isolated < 3 * zones * _SMALLEST:
        isolated //= 2
    left = cidr.num_addresses - zones * (isolated + 2 * _SMALLEST)
    egress = min(_power_of_two(left // zones), isolated)
    sizes = [("isolated", isolated), ("egress", egress), ("firewall", _SMALLEST), ("nat", _SMALLEST)]
    return tuple(_lay_out(cidr, zones, sizes))


def _lay_out(cidr: IPv4Network, zones: int, sizes: list[tuple[SubnetRole, int]]) -> Iterator[PlannedSubnet]:
    """Give subnets one after the other; sizes never grow, so that each starts at a multiple of its own."""
    start = int(cidr.network_address)
    for role, size in sizes:
        for zone in range(zones):
            yield PlannedSubnet(role, f"zone {zone + 1}", IPv4Network((start, 33 - size.bit_length())))
            start += size


def _power_of_two(number: int) -> int:
    """Return the largest power of two that is not above the number."""
    return 1 << (number.bit_length() - 1)
