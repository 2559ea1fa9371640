"""`FeatureGroups`: SageMaker feature groups of one use case, made from what its code declares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import CfnResource, RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from govml_constructs.identity.customer_policy import CustomerPolicy, Statement
from govml_constructs.identity.service_role import RoleRules, ServiceRole
from govml_constructs.identity.use_case_access import USE_CASE_TAG
from govml_constructs.ml.feature_declarations import DeclaredGroup
from govml_constructs.ml.feature_statements import commit_tables, use_records
from govml_constructs.pascal import pascal
from govml_constructs.place import PlacedConstruct, place_of

_NAME_LENGTH = 64  # SageMaker API reference, CreateFeatureGroup


@dataclass(frozen=True)
class FeaturePlaces:
    """Where feature groups keep what they hold.

    Args:
        bucket: bucket of the offline store (the zone `features`).
        slug: the use case's name in AWS, and its prefix in the bucket.
        database: Glue database of the tables; it must exist.
        key: key of both stores.
        online: also keep the latest record of each entity for look-ups.
    """

    bucket: s3.IBucket
    slug: str
    database: str
    key: kms.IKey
    online: bool


class FeatureGroups(PlacedConstruct):
    """One group for each declaration: an Iceberg table under the use case's prefix, and an online store if wanted.

    Feature Store makes the tables itself: it keeps Iceberg ones only where it does (SageMaker API reference,
    OfflineStoreConfig). Features can be added to a group by an update of the stack; everything else of a group is fixed
    (create-only properties of `AWS::SageMaker::FeatureGroup`), so the declarations give another group another version.

    Args:
        prefix: what the groups' names start with, as in `sandbox-dev-hdb-resale`.
        groups: the declarations.
        places: bucket, database and key.
        zone_policy: lets a role with the use case's tag write its prefix of the bucket (`FeatureZonePolicy`).
        rules: path and permissions boundary of the role.
        removal_policy: `RETAIN` unless the environment may be destroyed with its data.

    Raises:
        ValueError: a group's name is too long, or no group is declared.

    Controls: both stores encrypted with the domain's key; a role that writes this use case's prefix and tables only; kept
    when the stack goes.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        prefix: str,
        groups: Sequence[DeclaredGroup],
        places: FeaturePlaces,
        zone_policy: CustomerPolicy,
        rules: RoleRules,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        if not groups:
            raise ValueError(f"{self.node.path}: no feature group is declared")
        place = place_of(self)
        self._places = places
        self._tables = [_table(places, group) for group in groups]
        self.names = [_name(prefix, group) for group in groups]
        role = ServiceRole(
            self,
            "Role",
            service="sagemaker.amazonaws.com",
            description=f"Feature Store keeps the features of the use case {places.slug}",
            rules=rules,
            policies=[zone_policy],
            statements=[commit_tables(place, database=places.database, tables=self._tables)],
            source_arns=[place.arn("sagemaker", f"feature-group/{name}") for name in self.names],
            tags={USE_CASE_TAG: places.slug},
        )
        self.role_arn = role.role_arn
        self._groups: list[sagemaker.CfnFeatureGroup] = []
        for group, name, table in zip(groups, self.names, self._tables, strict=True):
            resource = sagemaker.CfnFeatureGroup(
                self,
                pascal(group.key),
                feature_group_name=name,
                description=group.description,
                record_identifier_feature_name=group.record_identifier,
                event_time_feature_name=group.event_time,
                feature_definitions=[
                    sagemaker.CfnFeatureGroup.FeatureDefinitionProperty(
                        feature_name=feature.name, feature_type=feature.type
                    )
                    for feature in group.features
                ],
                role_arn=role.role_arn,
                offline_store_config=_offline(places, table),
                online_store_config=_online(places, group) if places.online else None,
            )
            resource.apply_removal_policy(removal_policy)
            self._groups.append(resource)

    def wait_for(self, permissions: Sequence[CfnResource]) -> None:
        """Make the groups after what lets their role make tables."""
        for group in self._groups:
            for permission in permissions:
                group.add_resource_dependency(permission)

    def job_statements(self) -> list[Statement]:
        """Return what a job needs to write and look up these groups' records and to read their tables."""
        return use_records(
            place_of(self),
            groups=self.names,
            database=self._places.database,
            tables=self._tables,
            online_key_arn=self._places.key.key_arn if self._places.online else None,
        )


def _name(prefix: str, group: DeclaredGroup) -> str:
    name = f"{prefix}-{group.key.replace('_', '-')}"
    if len(name) > _NAME_LENGTH:
        raise ValueError(
            f"feature group {group.name!r}: {name} has {len(name)} characters, at most {_NAME_LENGTH} fit; "
            "give the group a shorter name"
        )
    return name


def _table(places: FeaturePlaces, group: DeclaredGroup) -> str:
    return f"{places.slug.replace('-', '_')}_{group.key}"


# Plain dictionaries: both properties are untyped in the specification that the CDK is made from.
def _offline(places: FeaturePlaces, table: str) -> dict[str, object]:
    return {
        "S3StorageConfig": {
            "S3Uri": f"s3://{places.bucket.bucket_name}/{places.slug}",
            "KmsKeyId": places.key.key_arn,
        },
        "TableFormat": "Iceberg",
        "DisableGlueTableCreation": False,
        "DataCatalogConfig": {"Catalog": "AwsDataCatalog", "Database": places.database, "TableName": table},
    }


def _online(places: FeaturePlaces, group: DeclaredGroup) -> dict[str, object]:
    config: dict[str, object] = {
        "EnableOnlineStore": True,
        "SecurityConfig": {"KmsKeyId": places.key.key_arn},
        "StorageType": "Standard",
    }
    if group.ttl_days is not None:
        config["TtlDuration"] = {"Unit": "Days", "Value": group.ttl_days}
    return config
