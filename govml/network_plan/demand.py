"""What takes addresses, and how many in each subnet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from govml.network_plan.subnets import SubnetRole

# Network address, router, DNS, one kept back, broadcast (Amazon VPC user guide, "Subnet sizing").
RESERVED_BY_AWS = 5
# Per instance of a job (SageMaker Studio Administration Best Practices, "VPC network planning") and of a model endpoint
# (SageMaker developer guide, "Give SageMaker AI Hosted Endpoints Access to Resources in Your Amazon VPC").
_PER_INSTANCE = 2
# A collection has one endpoint of its own; a database one instance, and the address of the one that replaces it at a
# failover (Aurora user guide, "Working with an Amazon Aurora DB cluster in a VPC"). S3 Vectors is an interface endpoint.
_BY_VECTOR_STORE: Mapping[str, int] = MappingProxyType({"opensearch": 1, "aurora-pgvector": 2})


@dataclass(frozen=True, kw_only=True)
class Load:
    """What runs in one environment.

    Args:
        zones: number of availability zones.
        interface_endpoints: interface endpoints that are made; each has an address in every zone.
        studio_apps: Studio applications that run at the same time, each on an instance of its own; None without Studio.
        job_instances: instances of SageMaker jobs at the same time.
        endpoint_instances: instances of model endpoints at the same time.
        builds: CodeBuild builds at the same time.
        functions: Lambda functions with a security group of their own in the VPC.
        warehouse_rpu: base capacity of the warehouse in Redshift Processing Units; 0 without one.
        vector_store: kind of the vector store; None without one.
        others: addresses of each isolated subnet that something else takes.
        studio_role: the subnets that Studio's applications are in.
        build_role: the subnets that builds are in.
        filtered: whether there is a firewall and a NAT gateway in each zone.
    """

    zones: int
    interface_endpoints: int
    studio_apps: int | None
    job_instances: int
    endpoint_instances: int
    builds: int
    functions: int = 0
    warehouse_rpu: int = 0
    vector_store: str | None = None
    others: int = 0
    studio_role: SubnetRole = "isolated"
    build_role: SubnetRole = "isolated"
    filtered: bool = False


@dataclass(frozen=True)
class Demand:
    """Addresses that one kind of thing takes in each subnet of a role."""

    what: str
    role: SubnetRole
    addresses: int


def demands(load: Load) -> tuple[Demand, ...]:
    """Return what each subnet must hold, apart from the addresses that AWS keeps.

    Jobs, builds and applications are counted in full in every zone: the service picks the subnet, and none may be full.
    Instances of a model endpoint are spread over the zones by SageMaker, so a subnet holds its share, rounded up.
    """
    return tuple(each for each in _all(load) if each.addresses)


def _all(load: Load) -> Iterator[Demand]:
    yield Demand("interface endpoints", "isolated", load.interface_endpoints)
    if load.studio_apps is not None:
        yield Demand("file system of Studio", load.studio_role, 1)
        yield Demand("Studio applications", load.studio_role, load.studio_apps)
    yield Demand("processing and training jobs", "isolated", load.job_instances * _PER_INSTANCE)
    spread = -(-load.endpoint_instances // load.zones)
    yield Demand("model endpoints", "isolated", spread * _PER_INSTANCE)
    yield Demand("builds", load.build_role, load.builds)
    # Functions with the same subnet and security group share one interface (Lambda developer guide, "Giving Lambda
    # functions access to resources in an Amazon VPC"), so this counts groups.
    yield Demand("Lambda functions", "isolated", load.functions)
    # Free addresses in each subnet: 13 for 32 RPU, 21 for 64, 133 for 512 (Redshift management guide, "Considerations when
    # using Amazon Redshift Serverless"), which is RPU / 4 + 5.
    yield Demand("warehouse", "isolated", load.warehouse_rpu // 4 + 5 if load.warehouse_rpu else 0)
    yield Demand("vector store", "isolated", _BY_VECTOR_STORE.get(load.vector_store or "", 0))
    yield Demand("other uses", "isolated", load.others)
    if load.filtered:
        yield Demand("firewall endpoint", "firewall", 1)
        yield Demand("NAT gateway", "nat", 1)
