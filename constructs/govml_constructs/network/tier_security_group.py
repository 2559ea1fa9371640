"""`TierSecurityGroup`: what one tier may open connections to, by group, prefix list or private range."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from govml_constructs.place import PlacedConstruct


class TierSecurityGroup(PlacedConstruct):
    """A security group of one tier: it starts with no rule at all, in or out.

    Args:
        vpc: the VPC.
        description: what runs in the tier; shown in the console.
        group_id: a group that exists already: it is used as it is, and no rule is added to it.

    Controls: security groups without `0.0.0.0/0`; rules name groups, prefix lists or private ranges.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc, description: str, group_id: str | None = None
    ) -> None:
        super().__init__(scope, construct_id)
        self.given = group_id is not None
        self.group: ec2.ISecurityGroup
        if group_id is not None:
            self.group = ec2.SecurityGroup.from_security_group_id(self, "Group", group_id, mutable=False)
        else:
            self.group = ec2.SecurityGroup(
                self,
                "Group",
                vpc=vpc,
                description=description,
                allow_all_outbound=False,
                disable_inline_rules=True,
            )

    def may_call(self, other: TierSecurityGroup, port: int, description: str) -> None:
        """Let this tier open TCP connections to `port` of the other tier; both groups get their rule."""
        self.group.connections.allow_to(other.group, ec2.Port.tcp(port), description)

    def may_call_prefix_list(self, prefix_list_id: str, port: int, description: str) -> None:
        """Let this tier open TCP connections to `port` of the addresses in a prefix list."""
        self.group.connections.allow_to(ec2.Peer.prefix_list(prefix_list_id), ec2.Port.tcp(port), description)

    def may_call_ranges(self, cidrs: Sequence[str], port: int, description: str) -> None:
        """Let this tier open TCP connections to `port` of private ranges."""
        for cidr in cidrs:
            self.group.connections.allow_to(ec2.Peer.ipv4(cidr), ec2.Port.tcp(port), description)

    def may_talk_within(self, description: str) -> None:
        """Let members of this tier talk to each other on all ports (distributed training, NFS of Studio)."""
        self.group.connections.allow_internally(ec2.Port.all_tcp(), description)

    @property
    def group_id(self) -> str:
        """Identifier of the group, for L1 properties."""
        return self.group.security_group_id
