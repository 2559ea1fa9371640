"""`S3GatewayEndpoint`: S3 over a route, where the route tables may be edited."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from govml_constructs.network.endpoint_policy import endpoint_policy
from govml_constructs.place import PlacedConstruct, place_of


class S3GatewayEndpoint(PlacedConstruct):
    """A gateway endpoint for S3 with the same policy as an interface endpoint has; it costs nothing and takes no address.

    Args:
        vpc_id: the VPC.
        route_table_ids: route tables that get the route; not the main one of a VPC that is not ours.
        organization_id: trust the whole AWS organisation; None: this account only.
        sources: accounts from which models are promoted.

    Controls: a policy for callers and buckets of ours only.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc_id: str,
        route_table_ids: Sequence[str],
        organization_id: str | None = None,
        sources: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        region = place_of(self).region
        ec2.CfnVPCEndpoint(
            self,
            "Gateway",
            vpc_id=vpc_id,
            vpc_endpoint_type="Gateway",
            service_name=f"com.amazonaws.{region}.s3",
            route_table_ids=list(route_table_ids),
            policy_document=endpoint_policy("s3", region, organization_id, sources),
        )
