"""`EndpointRecords`: the names of interface endpoints, in private hosted zones that exist already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import Fn
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_route53 as route53
from constructs import Construct

from govml_constructs.pascal import pascal
from govml_constructs.place import PlacedConstruct


@dataclass(frozen=True)
class HostedZone:
    """A private hosted zone of this account.

    Args:
        zone_id: its id.
        name: its domain, such as `kms.ap-southeast-1.amazonaws.com`.
    """

    zone_id: str
    name: str


class EndpointRecords(PlacedConstruct):
    """The zone's own name and every name under it lead to the endpoint.

    Args:
        zones: the zone of each endpoint, by service.
        endpoints: the endpoints, by service; made without private DNS.

    Controls: names of AWS services resolve to private addresses only.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        zones: Mapping[str, HostedZone],
        endpoints: Mapping[str, ec2.CfnVPCEndpoint],
    ) -> None:
        super().__init__(scope, construct_id)
        for service, zone in zones.items():
            # The first entry is the endpoint's regional name, `<hosted zone of AWS>:<name>` (CloudFormation template
            # reference, AWS::EC2::VPCEndpoint, "DnsEntries").
            entry = Fn.split(":", Fn.select(0, endpoints[service].attr_dns_entries))
            target = route53.CfnRecordSet.AliasTargetProperty(
                hosted_zone_id=Fn.select(0, entry), dns_name=Fn.select(1, entry)
            )
            for kind, name in (("", zone.name), ("Wildcard", f"*.{zone.name}")):
                route53.CfnRecordSet(
                    self,
                    pascal(service) + kind,
                    hosted_zone_id=zone.zone_id,
                    name=name,
                    type="A",
                    alias_target=target,
                )
