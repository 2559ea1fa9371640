"""The endpoints of an environment: those that are missing, with their names."""

from __future__ import annotations

from collections.abc import Sequence

from constructs import Construct

from govml.identity.promotion import contracts_to
from govml.network_plan.plan import missing_endpoints
from govml.network_plan.services import EndpointService, service_name
from govml_constructs.network.private_endpoints import PrivateEndpoints
from govml_constructs.network.s3_gateway_endpoint import S3GatewayEndpoint
from govml_constructs.network.tier_security_group import TierSecurityGroup
from stacks.environment.context import EnvironmentContext


def make_endpoints(
    scope: Construct, *, context: EnvironmentContext, vpc_id: str, subnet_ids: Sequence[str], tier: TierSecurityGroup
) -> dict[EndpointService, str]:
    """Make the endpoints that the chosen components call and nobody has made yet, and return the id of each that there is.

    Args:
        scope: the stack that gets them.
        context: the environment.
        vpc_id: the VPC.
        subnet_ids: one subnet a zone.
        tier: the endpoint tier.
    """
    settings, imported = context.settings, context.environment.network_import
    names: dict[EndpointService, str] = {
        service: service_name(service, settings.region) for service in missing_endpoints(settings, context.environment)
    }
    sources = [
        each.source.account for each in contracts_to(settings, context.environment_name) if each.crosses_accounts
    ]
    made = PrivateEndpoints(
        scope,
        "Endpoints",
        vpc_id=vpc_id,
        subnet_ids=subnet_ids,
        security_group_id=tier.group_id,
        services=list(names.values()),
        private_dns=settings.network.private_dns,
        organization_id=settings.iam.organization_id,
        sources=sources,
    )
    ids: dict[EndpointService, str] = {service: made.endpoints[name].ref for service, name in names.items()}
    if imported is None:
        return ids
    if imported.route_table_ids:
        S3GatewayEndpoint(
            scope,
            "S3",
            vpc_id=vpc_id,
            route_table_ids=imported.route_table_ids,
            organization_id=settings.iam.organization_id,
            sources=sources,
        )
    zones = {service: zone for service, zone in imported.hosted_zones.items() if service in names}
    if zones:
        from govml_constructs.network.endpoint_records import EndpointRecords, HostedZone  # brings all of Route 53

        EndpointRecords(
            scope,
            "EndpointNames",
            zones={service: HostedZone(zone.id, zone.name) for service, zone in zones.items()},
            endpoints={service: made.endpoints[names[service]] for service in zones},
        )
    return {**imported.endpoints, **ids}
