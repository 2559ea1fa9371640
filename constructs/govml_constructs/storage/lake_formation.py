"""`LakeFormation`: tables are tagged, and people see those whose tags their role is for; what no grant names is closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aws_cdk import aws_kms as kms
from aws_cdk import aws_lakeformation as lake
from aws_cdk import aws_s3 as s3
from constructs import Construct

from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.service_role import RoleRules, ServiceRole
from govml_constructs.identity.statements import use_key
from govml_constructs.place import PlacedConstruct, place_of
from govml_constructs.validation.acknowledgement import acknowledge
from govml_constructs.validation.nag_findings import resource_finding

ZONES = ("curated", "quarantine")
"""Values of the tag `zone`: tables of good rows and their history, and tables of bad rows."""


@dataclass(frozen=True)
class TableGrant:
    """What one role may do with the tables of some zones.

    Args:
        role_arn: the role; it exists.
        permissions: Lake Formation's permissions on tables, such as `SELECT`, `DESCRIBE`.
        zones: values of the tag `zone`.
    """

    role_arn: str
    permissions: Sequence[str]
    zones: Sequence[str] = ("curated",)


class LakeFormation(PlacedConstruct):
    """The environment's part of the account's Lake Formation.

    Args:
        prefix: starts the keys of the tags, which are one set for the account, as in `sandbox-dev`.
        database: the Glue database; it exists.
        quarantine_tables: tables of bad rows; they exist.
        classification: class of the data, a tag of every table.
        curated: zone of the tables' files; it is registered, so that Lake Formation hands out access to it.
        key: key of the zone.
        administrators: ARNs of roles that administer the account's Lake Formation; empty: its settings are another
            environment's.
        grants: name of a role for people -> what it may do with tables.
        rules: path and permissions boundary.

    Attributes:
        settings: the account's settings; databases that shall be closed wait for them. None: another environment's.

    Controls: no default permission for everybody on new databases and tables, least privilege by tag, bad rows for data
    engineers only, an own role for the location.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        prefix: str,
        database: str,
        quarantine_tables: Sequence[str],
        classification: str,
        curated: s3.IBucket,
        key: kms.IKey,
        administrators: Sequence[str],
        grants: Mapping[str, TableGrant],
        rules: RoleRules,
    ) -> None:
        super().__init__(scope, construct_id)
        self._catalog, self._database, self._curated = place_of(self).account, database, curated
        self._zone_key = f"{prefix}-zone"
        self.settings = self._settings(administrators) if administrators else None
        self.location = self._location(curated, key, rules)
        tags = {self._zone_key: list(ZONES), f"{prefix}-classification": [classification]}
        made = [
            lake.CfnTag(self, f"Tag{number}", catalog_id=self._catalog, tag_key=name, tag_values=values)
            for number, (name, values) in enumerate(tags.items())
        ]
        if self.settings is not None:
            for tag in made:  # only an administrator may make tags
                tag.add_resource_dependency(self.settings)
        whole = self._tagged(
            "DatabaseTags",
            lake.CfnTagAssociation.ResourceProperty(
                database=lake.CfnTagAssociation.DatabaseResourceProperty(catalog_id=self._catalog, name=database)
            ),
            {self._zone_key: "curated", f"{prefix}-classification": classification},
        )
        for tag in made:
            whole.add_resource_dependency(tag)
        for number, table in enumerate(quarantine_tables):
            self._tagged(
                f"QuarantineTags{number}",
                lake.CfnTagAssociation.ResourceProperty(
                    table=lake.CfnTagAssociation.TableResourceProperty(
                        catalog_id=self._catalog, database_name=database, name=table
                    )
                ),
                {self._zone_key: "quarantine"},
            ).add_resource_dependency(whole)
        for name, grant in grants.items():
            self._grant(name, grant, whole)

    def _settings(self, administrators: Sequence[str]) -> lake.CfnDataLakeSettings:
        """Close what Lake Formation opens to everybody by default (Lake Formation developer guide, "Changing the default
        settings for your data lake")."""
        return lake.CfnDataLakeSettings(
            self,
            "Settings",
            admins=[
                lake.CfnDataLakeSettings.DataLakePrincipalProperty(data_lake_principal_identifier=arn)
                for arn in administrators
            ],
            create_database_default_permissions=[],
            create_table_default_permissions=[],
        )

    def _location(self, curated: s3.IBucket, key: kms.IKey, rules: RoleRules) -> lake.CfnResource:
        objects = curated.arn_for_objects("*")
        role = ServiceRole(
            self,
            "LocationRole",
            service="lakeformation.amazonaws.com",
            description="Lake Formation reads the curated zone for those whom it lets in",
            rules=rules,
            statements=[
                Statement(sid="ReadZone", actions=["s3:GetObject"], resources=[objects]),
                Statement(sid="ListZone", actions=["s3:ListBucket"], resources=[curated.bucket_arn]),
                use_key("UseZoneKey", [key.key_arn], via_services=[f"s3.{place_of(self).region}.amazonaws.com"]),
            ],
        )
        acknowledge(
            role,
            "AwsSolutions-IAM5",
            finding=resource_finding(self, objects),
            reason="Lake Formation hands out access to whatever tables the zone holds, each caller's by its grants.",
            owner="platform-security",
            expires="2027-11-20",
        )
        return lake.CfnResource(
            self,
            "Location",
            resource_arn=curated.bucket_arn,
            use_service_linked_role=False,
            role_arn=role.role_arn,
        )

    def _tagged(
        self, construct_id: str, resource: lake.CfnTagAssociation.ResourceProperty, tags: Mapping[str, str]
    ) -> lake.CfnTagAssociation:
        return lake.CfnTagAssociation(
            self,
            construct_id,
            resource=resource,
            lf_tags=[
                lake.CfnTagAssociation.LFTagPairProperty(catalog_id=self._catalog, tag_key=name, tag_values=[value])
                for name, value in tags.items()
            ],
        )

    def _grant(self, name: str, grant: TableGrant, tagged: lake.CfnTagAssociation) -> None:
        for kind, permissions in (("TABLE", list(grant.permissions)), ("DATABASE", ["DESCRIBE"])):
            lake.CfnPrincipalPermissions(
                self,
                f"{name}{kind.title()}",
                principal=lake.CfnPrincipalPermissions.DataLakePrincipalProperty(
                    data_lake_principal_identifier=grant.role_arn
                ),
                resource=lake.CfnPrincipalPermissions.ResourceProperty(
                    lf_tag_policy=lake.CfnPrincipalPermissions.LFTagPolicyResourceProperty(
                        catalog_id=self._catalog,
                        resource_type=kind,
                        expression=[
                            lake.CfnPrincipalPermissions.LFTagProperty(
                                tag_key=self._zone_key, tag_values=list(grant.zones if kind == "TABLE" else ["curated"])
                            )
                        ],
                    )
                ),
                permissions=permissions,
                permissions_with_grant_option=[],
            ).add_resource_dependency(tagged)

    def let_make_tables(self, scope: Construct, construct_id: str, role_arn: str) -> list[lake.CfnPrincipalPermissions]:
        """Let a role make tables in the database and keep those that it has made; it reaches their files by its own policy.

        Return the permissions, for what must wait for them.

        Args:
            scope: the stack that makes the role.
            construct_id: name of the permissions within it.
            role_arn: the role.
        """
        principal = lake.CfnPrincipalPermissions.DataLakePrincipalProperty(data_lake_principal_identifier=role_arn)
        resources = {
            "Database": (
                lake.CfnPrincipalPermissions.ResourceProperty(
                    database=lake.CfnPrincipalPermissions.DatabaseResourceProperty(
                        catalog_id=self._catalog, name=self._database
                    )
                ),
                ["CREATE_TABLE", "DESCRIBE"],
            ),
            "Location": (
                lake.CfnPrincipalPermissions.ResourceProperty(
                    data_location=lake.CfnPrincipalPermissions.DataLocationResourceProperty(
                        catalog_id=self._catalog, resource_arn=self._curated.bucket_arn
                    )
                ),
                ["DATA_LOCATION_ACCESS"],
            ),
        }
        return [
            lake.CfnPrincipalPermissions(
                scope,
                f"{construct_id}{kind}",
                principal=principal,
                resource=resource,
                permissions=permissions,
                permissions_with_grant_option=[],
            )
            for kind, (resource, permissions) in resources.items()
        ]
