"""IAM statements of a feature store: what Feature Store itself needs, and what a job that uses it needs."""

from __future__ import annotations

from collections.abc import Sequence

from govml_constructs.identity.customer_policy import Statement
from govml_constructs.place import Place


def commit_tables(place: Place, *, database: str, tables: Sequence[str]) -> Statement:
    """Return what Feature Store needs to commit to named Iceberg tables (AmazonSageMakerFeatureStoreAccess)."""
    return Statement(
        sid="CommitTables",
        actions=["glue:GetTable", "glue:UpdateTable"],
        resources=_catalogue(place, database, tables),
    )


def use_records(
    place: Place, *, groups: Sequence[str], database: str, tables: Sequence[str], online_key_arn: str | None
) -> list[Statement]:
    """Return what a job needs to write and look up records of named groups, and to find their tables.

    The right to the tables' files comes with the policy of the use case's data.

    Args:
        place: where the groups are.
        groups: names of the groups.
        database: Glue database of their tables.
        tables: the tables.
        online_key_arn: key of their online stores, which whoever calls must be able to decrypt with (SageMaker API
            reference, OnlineStoreSecurityConfig); None without online stores.
    """
    return [
        Statement(
            sid="UseFeatureRecords",
            actions=["sagemaker:PutRecord", "sagemaker:BatchGetRecord", "sagemaker:DescribeFeatureGroup"],
            resources=[place.arn("sagemaker", f"feature-group/{name}") for name in groups],
        ),
        Statement(
            sid="FindFeatureTables",
            actions=["glue:GetDatabase", "glue:GetTable"],
            resources=_catalogue(place, database, tables),
        ),
        *(
            [Statement(sid="ReadOnlineStore", actions=["kms:Decrypt"], resources=[online_key_arn])]
            if online_key_arn
            else []
        ),
    ]


def _catalogue(place: Place, database: str, tables: Sequence[str]) -> list[str]:
    """Return the resources that an action on tables is judged by (service authorization reference, AWS Glue)."""
    resources = ["catalog", f"database/{database}", *(f"table/{database}/{table}" for table in tables)]
    return [place.arn("glue", resource) for resource in resources]
