"""`PrivateEndpoints`: the interface endpoints that replace the internet, each with a policy."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from govml_constructs.network.endpoint_policy import endpoint_policy
from govml_constructs.pascal import pascal
from govml_constructs.place import PlacedConstruct, place_of


class PrivateEndpoints(PlacedConstruct):
    """Interface endpoints for callers and resources of this account, or of the organisation, only.

    Args:
        vpc_id: the VPC.
        subnet_ids: one subnet a zone; each endpoint takes one address in each.
        security_group_id: group of the endpoint tier.
        services: short service names as AWS spells them after the region (`kms`, `ecr.api`, `sagemaker.api`, `s3`),
            or whole names for the ones spelt otherwise (`aws.sagemaker.<region>.studio`).
        private_dns: answer under the services' usual names; False where these names come from a hosted zone.
        organization_id: trust the whole AWS organisation; None: this account only.
        sources: accounts from which models are promoted.

    Controls: private DNS, a policy on every endpoint, only the endpoint tier's group.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc_id: str,
        subnet_ids: Sequence[str],
        security_group_id: str,
        services: Sequence[str],
        private_dns: bool = True,
        organization_id: str | None = None,
        sources: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        region = place_of(self).region
        self.endpoints: dict[str, ec2.CfnVPCEndpoint] = {}
        for service in services:
            self.endpoints[service] = ec2.CfnVPCEndpoint(
                self,
                pascal(service.replace(region, "")),
                vpc_id=vpc_id,
                vpc_endpoint_type="Interface",
                service_name=service if service.startswith("aws.") else f"com.amazonaws.{region}.{service}",
                subnet_ids=list(subnet_ids),
                security_group_ids=[security_group_id],
                private_dns_enabled=private_dns,
                dns_options=_ALL_RESOLVERS if service == "s3" and private_dns else None,
                policy_document=None
                if service in _UNSIGNED
                else endpoint_policy(service, region, organization_id, sources),
            )


# Requests of people's browsers, which AWS does not sign: a policy that asks who calls would refuse them all. The workspace
# itself lets this endpoint in and asks for a sign-in.
_UNSIGNED = frozenset({"grafana-workspace"})

# Without this, private DNS of the S3 endpoint answers only queries from on-premises resolvers and asks for a gateway
# endpoint beside it (VPC user guide, "Private DNS for Amazon S3").
_ALL_RESOLVERS = ec2.CfnVPCEndpoint.DnsOptionsSpecificationProperty(
    private_dns_only_for_inbound_resolver_endpoint="AllResolvers"
)
