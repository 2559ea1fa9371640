"""`PublicAddresses`: a prefix list of what is not private, so that a tier's way out never leads into the intranet."""

from __future__ import annotations

from ipaddress import IPv4Network

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from govml_constructs.place import PlacedConstruct
from govml_constructs.validation.acknowledgement import acknowledge

# RFC 1918 and RFC 6598: intranet, peers and on-premises networks have addresses of these.
_PRIVATE = ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16")


def public_ranges() -> list[IPv4Network]:
    """Return the fewest ranges that hold every IPv4 address outside the private ones, in order."""
    ranges = [IPv4Network("0.0.0.0/0")]
    for private in map(IPv4Network, _PRIVATE):
        ranges = [
            part for each in ranges for part in (each.address_exclude(private) if private.subnet_of(each) else [each])
        ]
    return sorted(ranges)


class PublicAddresses(PlacedConstruct):
    """A managed prefix list of all public IPv4 addresses; security groups and routes refer to it.

    Each entry counts as one of the 60 rules that a security group may have, and of the 50 routes of a route table (Amazon
    VPC quotas, "Security groups", "Route tables").

    Args:
        name: its name.

    Controls: a rule that refers to it reaches no private address.
    """

    def __init__(self, scope: Construct, construct_id: str, *, name: str) -> None:
        super().__init__(scope, construct_id)
        ranges = public_ranges()
        self.resource = ec2.CfnPrefixList(
            self,
            "List",
            prefix_list_name=name,
            address_family="IPv4",
            max_entries=len(ranges),
            entries=[ec2.CfnPrefixList.EntryProperty(cidr=str(each)) for each in ranges],
        )
        acknowledge(
            self.resource,
            "GovML-OpenAddressList",
            reason=(
                "The list is what is not private, and only the filtered way out refers to it: its routes, and the groups of "
                "the tiers named for it, on port 443. Which hosts can be reached is decided by the firewall's domain list."
            ),
            owner="platform-security",
            expires="2027-11-20",
        )

    @property
    def prefix_list_id(self) -> str:
        """Its id."""
        return self.resource.attr_prefix_list_id
