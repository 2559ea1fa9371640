"""The two jobs about a data source: what comes in is taken into its table, and what a publisher offers is fetched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from govml_constructs.identity.customer_policy import CustomerPolicy, Statement
from govml_constructs.identity.source_access import table_statements
from govml_constructs.place import Place
from stacks.data.data import DataStack
from stacks.environment.job_code import PIPELINE_CODE
from stacks.foundation.network import NetworkStack
from stacks.ml.ml_platform import MlPlatformStack


@dataclass(frozen=True)
class SourceJob:
    """One pipeline about a data source.

    Args:
        name: name of the pipeline.
        folder: folder below `pipelines/` with the definition.
        prefix: prefix of the construct ids.
        purpose: what it does, for the console.
        values: placeholder -> what only the deployment knows, beyond what every job needs.
        texts: placeholder -> text.
        policies: policies of its jobs.
        statements: further rights of its jobs.
        subnet_ids: where its jobs run.
        group_id: security group of its jobs.
        schedule: when it starts.
    """

    name: str
    folder: str
    prefix: str
    purpose: str
    values: dict[str, str]
    texts: dict[str, str]
    policies: Sequence[CustomerPolicy]
    statements: Sequence[Statement]
    subnet_ids: Sequence[str]
    group_id: str
    schedule: str

    @property
    def definition(self) -> Path:
        """The committed definition."""
        return PIPELINE_CODE / "pipelines" / self.folder / "definition.json"


def ingestion_job(
    source: str, *, schedule: str, place: Place, network: NetworkStack, data: DataStack, platform: MlPlatformStack
) -> SourceJob:
    """Return the job that takes delivered files into the curated table.

    Args:
        source: name of the data source.
        schedule: when it looks for files that no event told of.
        place: partition, region and account.
        network: the jobs' subnets and tier, without a way out.
        data: the zones, and the policy of their data.
        platform: the policies of every job.

    Raises:
        ValueError: the data stack was made without ingestion.
    """
    if data.policies.source_data is None:
        raise ValueError("the data stack was made without ingestion")
    names = data.context.names
    return SourceJob(
        name=names.ingestion_pipeline(source),
        folder="ingestion",
        prefix="",
        purpose=f"Takes delivered files of {source} into its curated table",
        values={"RawUri": data.source_uri("raw", source), "CuratedUri": data.source_uri("curated", source)},
        texts={"DataSource": source, "Database": names.database()},
        policies=[data.policies.source_data, *platform.job_policies],
        statements=table_statements(place, database=names.database(), table=source),
        subnet_ids=network.subnet_ids,
        group_id=network.job_tier.group_id,
        schedule=schedule,
    )


def fetching_job(
    source: str,
    *,
    schedule: str,
    interfaces: CustomerPolicy,
    network: NetworkStack,
    data: DataStack,
    platform: MlPlatformStack,
) -> SourceJob:
    """Return the job that fetches a source from its publisher.

    Args:
        source: name of the data source.
        schedule: when it fetches.
        interfaces: the right to open interfaces in the subnets with a way out.
        network: these subnets, and the tier that may leave them.
        data: the raw zone, and the policy of its data.
        platform: the policy of every job.

    Raises:
        ValueError: the network or the data stack was made without fetching.
    """
    tier, policy = network.fetch_tier, data.policies.source_fetch
    if tier is None or policy is None:
        raise ValueError("the network or the data stack was made without fetching")
    return SourceJob(
        name=data.context.names.fetch_pipeline(source),
        folder="fetching",
        prefix="Fetch",
        purpose=f"Fetches {source} from its publisher into the raw zone",
        values={"RawUri": data.source_uri("raw", source)},
        texts={"DataSource": source},
        policies=[policy, interfaces, platform.job_runtime],
        statements=[],
        subnet_ids=network.fetch_subnet_ids,
        group_id=tier.group_id,
        schedule=schedule,
    )
