"""Rules between a group of one stack and the tiers of another, so that no tier waits for that stack."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from govml_constructs.network.tier_security_group import TierSecurityGroup
from govml_constructs.place import PlacedConstruct


class TierRules(PlacedConstruct):
    """Who of other tiers may open connections to a tier.

    A group that the agency gave is used as it is: its owner must let it call the port; the rule on this side is made.

    Args:
        group_id: id of the called tier's group.
        callers: name of a tier, as in `Jobs` -> the tier.
        port: TCP port.
        what: what is called, for the rules' descriptions.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        group_id: str,
        callers: Mapping[str, TierSecurityGroup],
        port: int,
        what: str,
    ) -> None:
        super().__init__(scope, construct_id)
        for name, caller in callers.items():
            description = f"{name} to {what}"
            ec2.CfnSecurityGroupIngress(
                self,
                f"From{name}",
                group_id=group_id,
                ip_protocol="tcp",
                from_port=port,
                to_port=port,
                source_security_group_id=caller.group_id,
                description=description,
            )
            if caller.given:
                continue
            ec2.CfnSecurityGroupEgress(
                self,
                f"{name}Out",
                group_id=caller.group_id,
                ip_protocol="tcp",
                from_port=port,
                to_port=port,
                destination_security_group_id=group_id,
                description=description,
            )
