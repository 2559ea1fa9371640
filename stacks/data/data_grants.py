"""Who reads which table: the grants of Lake Formation, role for people by role for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from aws_cdk.aws_glue import CfnTable
from aws_cdk.aws_s3 import IBucket
from constructs import Construct

from govml.identity.people import People
from govml_constructs.pascal import pascal
from govml_constructs.place import place_of
from govml_constructs.storage.data_catalogue import DataCatalogue
from govml_constructs.storage.lake_formation import ZONES, LakeFormation, TableGrant
from stacks.environment.context import EnvironmentContext, portable
from stacks.foundation.security import SecurityStack

_LOOK = ("DESCRIBE",)
_READ = ("DESCRIBE", "SELECT")
GRANTS: Mapping[str, tuple[Sequence[str], Sequence[str]]] = MappingProxyType(
    {
        "data_scientist": (_READ, ("curated",)),
        "ml_engineer": (_READ, ("curated",)),
        "data_engineer": (_READ, ZONES),  # tables are written by ingestion, which owns them
        "approver": (_LOOK, ("curated",)),
        "auditor": (_LOOK, ZONES),
    }
)
"""Role for people -> its permissions on tables, and the zones of these tables."""


def lake_formation(
    scope: Construct,
    *,
    context: EnvironmentContext,
    people: People,
    security: SecurityStack,
    catalogue: DataCatalogue,
    curated: IBucket,
    tables: Sequence[CfnTable],
) -> LakeFormation:
    """Make the environment's part of Lake Formation; the account's settings are made by its first environment.

    Args:
        scope: the data stack.
        context: the environment.
        people: the roles for people; without them nobody but ingestion is let in.
        security: holds the key of the curated zone.
        catalogue: the database.
        curated: the curated zone.
        tables: the tables of bad rows.
    """
    settings = context.settings
    qualifier = settings.bootstrap.qualifier
    place = place_of(scope)
    execution = place.arn("iam", f"role/cdk-{qualifier}-cfn-exec-role-{place.account}-{place.region}", region="")
    owner = context.account_owner == context.environment_name
    return LakeFormation(
        scope,
        "Formation",
        prefix=context.names.prefix,
        database=catalogue.database.ref,
        quarantine_tables=[table.ref for table in tables],
        classification=settings.data_classification,
        curated=curated,
        key=security.data_key,
        administrators=[execution, *map(portable, settings.data.lake_administrators)] if owner else [],
        grants={
            pascal(name): TableGrant(people.role_arns[name], permissions, zones)
            for name, (permissions, zones) in GRANTS.items()
            if name in people.role_arns
        },
        rules=context.role_rules,
    )
