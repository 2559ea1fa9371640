"""`SourceDataPolicy`: the files of *any* data source, written once: roles are told apart by their `govml-data-source` tag."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from govml_constructs.identity.customer_policy import CustomerPolicy, Statement
from govml_constructs.identity.service_role import RoleRules
from govml_constructs.identity.statements import use_key
from govml_constructs.identity.use_case_access import OWN_SOURCE, acknowledge_own_objects
from govml_constructs.place import Place, PlacedConstruct, place_of


class SourceDataPolicy(PlacedConstruct):
    """Lets ingestion read what was delivered of its own source and keep what it makes of it, and nothing else.

    Args:
        raw: zone of the deliveries.
        curated: zone of tables; rows that were replaced stand below `history/` of the source, which alone is tidied.
        keys: keys of the zones, usable through S3 only.
        rules: path of the policy.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        raw: s3.IBucket,
        curated: s3.IBucket,
        keys: Sequence[kms.IKey],
        rules: RoleRules,
    ) -> None:
        super().__init__(scope, construct_id)
        delivered = raw.arn_for_objects(f"{OWN_SOURCE}/*")
        kept = curated.arn_for_objects(f"{OWN_SOURCE}/*")
        replaced = curated.arn_for_objects(f"{OWN_SOURCE}/history/*")
        self.policy = CustomerPolicy(
            self,
            "Policy",
            description="Deliveries and tables of a data source, by the caller's data-source tag",
            path=rules.path,
            statements=[
                Statement(
                    sid="ListOwnSource",
                    actions=["s3:ListBucket"],
                    resources=[raw.bucket_arn, curated.bucket_arn],
                    conditions={"StringLike": {"s3:prefix": [OWN_SOURCE, f"{OWN_SOURCE}/*"]}},
                ),
                Statement(sid="ReadOwnDeliveries", actions=["s3:GetObject"], resources=[delivered]),
                Statement(
                    sid="KeepOwnTable",
                    actions=["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"],
                    resources=[kept],
                ),
                Statement(sid="TidyOwnHistory", actions=["s3:DeleteObject"], resources=[replaced]),
                use_keys_through_s3(place_of(scope), keys),
            ],
        )
        acknowledge_own_objects(self, self.policy, [delivered, kept, replaced])


class SourceFetchPolicy(PlacedConstruct):
    """Lets the fetching of a source put files into `complete/` of its own prefix of the raw zone, and read nothing.

    Args:
        raw: zone of the deliveries.
        keys: keys of the zone, usable through S3 only.
        rules: path of the policy.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, raw: s3.IBucket, keys: Sequence[kms.IKey], rules: RoleRules
    ) -> None:
        super().__init__(scope, construct_id)
        fetched = raw.arn_for_objects(f"{OWN_SOURCE}/complete/*")
        self.policy = CustomerPolicy(
            self,
            "Policy",
            description="Put fetched files of a data source into the raw zone, by the caller's data-source tag",
            path=rules.path,
            statements=[
                Statement(
                    sid="PutFetchedFiles", actions=["s3:PutObject", "s3:AbortMultipartUpload"], resources=[fetched]
                ),
                use_keys_through_s3(place_of(scope), keys),
            ],
        )
        acknowledge_own_objects(self, self.policy, [fetched])


def use_keys_through_s3(place: Place, keys: Sequence[kms.IKey]) -> Statement:
    """Return the right to use the zones' keys, through S3 only."""
    return use_key("UseZoneKeys", [key.key_arn for key in keys], via_services=[f"s3.{place.region}.amazonaws.com"])


def table_statements(place: Place, *, database: str, table: str) -> list[Statement]:
    """Return the right to commit to one table of the Glue catalogue, and to make it (Glue developer guide, "ARNs").

    Glue checks the catalogue, the database and the table for each of these actions.

    Args:
        place: where the catalogue is.
        database: name of the environment's database.
        table: name of the table, which need not exist.
    """
    return [
        Statement(
            sid="CommitToOwnTable",
            actions=["glue:CreateTable", "glue:GetTable", "glue:GetTables", "glue:UpdateTable"],
            resources=[
                place.arn("glue", "catalog"),
                place.arn("glue", f"database/{database}"),
                place.arn("glue", f"table/{database}/{table}"),
            ],
        ),
        Statement(
            sid="FindDatabase",
            actions=["glue:GetDatabase"],
            resources=[place.arn("glue", "catalog"), place.arn("glue", f"database/{database}")],
        ),
    ]
