"""The lake's catalogue, and for each data source what it shows beside the curated table."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import aws_s3 as s3
from aws_cdk.aws_glue import CfnTable
from constructs import Construct

from govml.contracts import QUARANTINE, read_contract
from govml.identity.people import People
from govml_constructs.storage.data_catalogue import DataCatalogue
from govml_constructs.storage.lake_formation import LakeFormation
from govml_constructs.storage.source_tables import SourceTables
from stacks.data.data_grants import lake_formation
from stacks.data.zone_lifecycles import RESULTS
from stacks.environment.context import EnvironmentContext
from stacks.environment.job_code import PIPELINE_CODE
from stacks.foundation.security import SecurityStack


def make_catalogue(
    stack: Construct,
    *,
    context: EnvironmentContext,
    zones: Mapping[str, s3.IBucket],
    security: SecurityStack,
    people: People,
) -> LakeFormation | None:
    """Make the catalogue, its tables and the grants on them.

    Args:
        stack: where they are made.
        context: the environment.
        zones: zone -> bucket.
        security: keys, and who administers the grants.
        people: who reads which table.

    Returns:
        The grants of Lake Formation; None without its switch.
    """
    catalogue = DataCatalogue(
        stack,
        "Catalogue",
        name=context.names.prefix,
        results_uri=f"s3://{zones['curated'].bucket_name}/{RESULTS}",
        key=security.data_key,
        scan_limit_bytes=context.settings.data.query_scan_limit_gb * 1024**3,
        closed=context.switches.lake_formation,
        removal_policy=context.removal_policy,
    )
    tables: list[CfnTable] = []
    for source in context.settings.sources if context.switches.ingestion else ():
        contract = read_contract(source, PIPELINE_CODE / "data_sources" / source)
        made = SourceTables(
            stack,
            f"Tables-{source.replace('_', '-')}",
            database=catalogue.database.ref,
            source=source,
            title=contract.title,
            location=f"s3://{zones['curated'].bucket_name}/{context.names.slug(source)}",
            quarantine=QUARANTINE,
            history=contract.history(),
            removal_policy=context.removal_policy,
        )
        tables.append(made.tables["quarantine"])
    if not context.switches.lake_formation:
        return None
    formation = lake_formation(
        stack,
        context=context,
        people=people,
        security=security,
        catalogue=catalogue,
        curated=zones["curated"],
        tables=tables,
    )
    if formation.settings is not None:  # what is made before them is open to the whole account
        catalogue.database.add_resource_dependency(formation.settings)
    return formation
