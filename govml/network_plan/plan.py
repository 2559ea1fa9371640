"""The plan of one environment, read from the agency file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govml.network_plan.budget import SubnetBudget, address_budget
from govml.network_plan.demand import Load, demands
from govml.network_plan.services import GRAFANA, EndpointService, endpoint_services
from govml.network_plan.subnets import PlannedSubnet, SubnetRole, created_subnets

if TYPE_CHECKING:
    from govml.settings.agency_file import AgencyFile
    from govml.settings.environments import EnvironmentSettings


def planned_subnets(settings: AgencyFile, environment: EnvironmentSettings) -> tuple[PlannedSubnet, ...]:
    """Return the environment's subnets; none while the file does not say where they are."""
    network = settings.network
    if network.mode == "import":
        imported = environment.network_import
        return tuple(PlannedSubnet("isolated", each.zone, each.cidr) for each in imported.subnets) if imported else ()
    if environment.cidr is None:
        return ()
    return created_subnets(environment.cidr, network.availability_zones, filtered=network.internet == "filtered")


def missing_endpoints(settings: AgencyFile, environment: EnvironmentSettings) -> list[EndpointService]:
    """Return the interface endpoints to make: neither reused, nor replaced by a gateway endpoint for S3."""
    needed = endpoint_services(settings.switches, settings.data.vector_store.kind)
    if settings.hosts_grafana(environment):
        needed += GRAFANA
    imported = environment.network_import
    if imported is None:
        return needed
    gateway = {"s3"} if imported.route_table_ids else set()
    return [service for service in needed if service not in imported.endpoints and service not in gateway]


def budget(settings: AgencyFile, environment: EnvironmentSettings) -> tuple[SubnetBudget, ...]:
    """Return the address budget of one environment, a subnet a row; empty while the file names no subnets."""
    return address_budget(planned_subnets(settings, environment), demands(_load(settings, environment)))


def subnet_role(settings: AgencyFile, tier: str) -> SubnetRole:
    """Return the role of the subnets that a tier (`builds`, `studio`) is in."""
    network = settings.network
    return "egress" if network.internet == "filtered" and tier in network.internet_tiers else "isolated"


def _load(settings: AgencyFile, environment: EnvironmentSettings) -> Load:
    switches, capacity, network = settings.switches, settings.network.capacity, settings.network
    trained = len(settings.use_cases) if switches.training_pipeline else 0
    return Load(
        zones=network.availability_zones,
        interface_endpoints=len(missing_endpoints(settings, environment)),
        studio_apps=capacity.studio_users * capacity.studio_apps_per_user if switches.studio else None,
        job_instances=trained * capacity.job_instances,
        endpoint_instances=_endpoint_instances(settings),
        builds=capacity.builds if switches.cicd else 0,
        functions=capacity.functions
        + switches.synthetic_canary
        + switches.telemetry
        + settings.hosts_grafana(environment),
        warehouse_rpu=settings.data.warehouse.base_capacity_rpu if switches.warehouse else 0,
        vector_store=settings.data.vector_store.kind if switches.vector_store else None,
        others=capacity.others,
        studio_role=subnet_role(settings, "studio"),
        build_role=subnet_role(settings, "builds"),
        filtered=network.internet == "filtered",
    )


def _endpoint_instances(settings: AgencyFile) -> int:
    """Return how many instances of endpoints there may be: as the file says, and while a new model takes over.

    A use case that is trained and not served yet keeps its place.
    """
    served = settings.served
    fleets = [served[name].instances_while_rolling_out if name in served else 0 for name in settings.use_cases]
    counted = [fleet for fleet in fleets if fleet or settings.switches.training_pipeline]
    return sum(max(fleet, settings.network.capacity.endpoint_instances) for fleet in counted)
