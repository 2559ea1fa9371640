"""Data: the lake's zones, its catalogue, and who may read what. Duty: data engineer."""

from __future__ import annotations

from constructs import Construct

from govml.identity.key_users import Where
from govml.identity.people import People
from govml.identity.promotion import contracts_from
from govml.identity.release_rules import release_writers
from govml_constructs.identity.customer_policy import CustomerPolicy
from govml_constructs.place import pseudo_parameters
from govml_constructs.release.guards import released_guard
from govml_constructs.release.promotion_contract import PolicyStatement
from govml_constructs.storage.curated_tables import CuratedTablesPolicy
from govml_constructs.storage.lake_zones import LakeZones
from stacks.dashboards.data import query_graphs, zone_graphs
from stacks.dashboards.page import add_page
from stacks.data.data_catalogue import make_catalogue
from stacks.data.data_policies import make_data_policies
from stacks.data.zone_lifecycles import zone_lifecycles
from stacks.environment.base import EnvironmentStack
from stacks.environment.context import EnvironmentContext
from stacks.foundation.security import SecurityStack


class DataStack(EnvironmentStack):
    """Zones raw, curated, features and artifacts, the policies of their data, and the catalogue (switch).

    Attributes:
        zones: `raw`, `curated`, `features` and `artifacts` -> bucket.
        policies: who may do what with the data.
        formation: the grants of Lake Formation; None without its switch.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        context: EnvironmentContext,
        security: SecurityStack,
        people: People,
    ) -> None:
        super().__init__(
            scope, construct_id, context=context, description="Lake zones, catalogue, data access (data engineer)"
        )
        self._data_key = security.data_key
        self._curated_tables: CustomerPolicy | None = None
        lake = LakeZones(
            self,
            "Lake",
            zones={
                "raw": security.data_key,
                "curated": security.data_key,
                "features": security.data_key,
                "artifacts": security.ml_key,
            },
            access_logs=security.log_bucket.bucket_name,
            noncurrent_days=context.settings.handling.noncurrent_days,
            lifecycles=zone_lifecycles(context),
            grants=people.zone_grants(),
            partners={"artifacts": self._released},
            imported={str(zone): name for zone, name in context.environment.imported.buckets.items()},
            announced=["raw"] if context.switches.ingestion else [],
            removal_policy=context.removal_policy,
        )
        self.zones = lake.buckets
        for zone, bucket in lake.buckets.items():
            self.publish(f"{zone.title()}BucketParameter", context.names.zone_bucket(zone), bucket.bucket_name)
        self.policies = make_data_policies(self, context=context, zones=self.zones, security=security)
        self.formation = (
            make_catalogue(self, context=context, zones=self.zones, security=security, people=people)
            if context.switches.catalogue
            else None
        )
        zones = {zone: bucket.bucket_name for zone, bucket in self.zones.items()}
        graphs = zone_graphs(zones)
        if context.switches.catalogue:
            graphs += query_graphs(context.names.prefix)
        add_page(self, "data", title="Data", runbook="docs/data.md", graphs=graphs)

    def _released(self, bucket_arn: str) -> list[PolicyStatement]:
        """Return what the artefact zone says of environments that take models from this one, and of released archives."""
        settings, environment = self.context.settings, self.context.environment_name
        writers = release_writers(settings, environment, Where(*pseudo_parameters()))
        return [
            *(
                each
                for contract in contracts_from(settings, environment)
                for each in contract.artifact_statements(bucket_arn)
            ),
            *(dict(each) for each in (released_guard(bucket_arn, writers, adds_only=writers[1:]) if writers else ())),
        ]

    def curated_tables(self) -> CustomerPolicy:
        """Return the policy of services that load curated tables; it is made when the first of them asks for it."""
        if self._curated_tables is None:
            self._curated_tables = CuratedTablesPolicy(
                self,
                "CuratedTables",
                curated=self.zones["curated"],
                key=self._data_key,
                rules=self.context.role_rules,
            ).policy
        return self._curated_tables

    def source_uri(self, zone: str, source: str) -> str:
        """Return where a data source's objects stand in a zone, without a slash at the end."""
        return f"s3://{self.zones[zone].bucket_name}/{self.context.names.slug(source)}"

    def training_data_uri(self, source: str) -> str:
        """Return what a model is trained on: the manifest of the curated table, or all files that were delivered."""
        if self.context.switches.ingestion:
            return f"{self.source_uri('curated', source)}/manifests/latest.manifest"
        return self.source_uri("raw", source)
