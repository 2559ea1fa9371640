"""Data: the lake's zones, its catalogue, and who may read what. Duty: data engineer."""

from __future__ import annotations

from aws_cdk.aws_glue import CfnTable
from constructs import Construct

from govml.contracts import QUARANTINE, read_contract
from govml.identity.key_users import Where
from govml.identity.people import People
from govml.identity.promotion import contracts_from
from govml.identity.release_rules import release_writers
from govml.settings.names import Names
from govml_constructs.identity.customer_policy import CustomerPolicy
from govml_constructs.identity.feature_zone_access import FeatureZonePolicy
from govml_constructs.identity.serving_access import ServingDataPolicy
from govml_constructs.identity.source_access import SourceDataPolicy, SourceFetchPolicy
from govml_constructs.identity.tracking_access import TrackingArtifactPolicy
from govml_constructs.identity.use_case_access import UseCaseDataPolicy
from govml_constructs.place import pseudo_parameters
from govml_constructs.release.guards import released_guard
from govml_constructs.release.promotion_contract import PolicyStatement
from govml_constructs.storage.curated_tables import CuratedTablesPolicy
from govml_constructs.storage.data_catalogue import DataCatalogue
from govml_constructs.storage.lake_formation import LakeFormation
from govml_constructs.storage.lake_zones import LakeZones
from govml_constructs.storage.source_tables import SourceTables
from govml_constructs.storage.zone_lifecycle import ZoneLifecycle
from stacks.dashboards.data import query_graphs, zone_graphs
from stacks.dashboards.page import add_page
from stacks.data.data_grants import lake_formation
from stacks.environment.base import EnvironmentStack
from stacks.environment.context import REPOSITORY, EnvironmentContext
from stacks.foundation.security import SecurityStack

RESULTS = "athena-results/"
"""Prefix of the curated zone that takes the results of queries."""
TRACKING_PREFIX = "mlflow"
"""Prefix of the artefact zone that MLflow keeps."""
TRAINING_FOLDERS = ("table", "manifests")
"""What of a curated source a model is trained on: neither quarantine, nor history, nor reports."""


class DataStack(EnvironmentStack):
    """Zones raw, curated, features and artifacts, the policy of use cases' data, and the catalogue (switch)."""

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
        self.formation: LakeFormation | None = None
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
        raw, curated = self.zones["raw"], self.zones["curated"]
        self.use_case_data = UseCaseDataPolicy(
            self,
            "UseCaseData",
            readable=[
                *([] if context.switches.ingestion else [raw]),
                *([self.zones["features"]] if context.switches.feature_store else []),
            ],
            source_data={curated: TRAINING_FOLDERS} if context.switches.ingestion else {raw: [""]},
            writable=[self.zones["artifacts"]],
            keys=[security.data_key, security.ml_key],
            rules=context.role_rules,
        ).policy
        self.feature_zone = (
            FeatureZonePolicy(
                self,
                "FeatureZone",
                bucket=self.zones["features"],
                key=security.data_key,
                rules=context.role_rules,
            ).policy
            if context.switches.feature_store
            else None
        )
        self.serving_data = (
            ServingDataPolicy(
                self,
                "ServingData",
                bucket=self.zones["artifacts"],
                read=[Names.RELEASED_FOLDER, *(Names.ASYNCHRONOUS_REQUESTS if context.settings.asynchronous else ())],
                written=[Names.CAPTURE_FOLDER, *(Names.ASYNCHRONOUS_RESULTS if context.settings.asynchronous else ())],
                batch=(Names.BATCH_INPUT, Names.BATCH_OUTPUT) if context.settings.batched else None,
                key=security.ml_key,
                rules=context.role_rules,
            ).policy
            if context.settings.served
            else None
        )
        self.tracking_artifacts = (
            TrackingArtifactPolicy(
                self,
                "TrackingArtifacts",
                bucket=self.zones["artifacts"],
                prefix=TRACKING_PREFIX,
                rules=context.role_rules,
            ).policy
            if context.switches.experiment_tracking
            else None
        )
        if context.switches.ingestion:
            self.source_data = SourceDataPolicy(
                self, "SourceData", raw=raw, curated=curated, keys=[security.data_key], rules=context.role_rules
            ).policy
        if context.settings.fetched_sources:
            self.source_fetch = SourceFetchPolicy(
                self, "SourceFetch", raw=raw, keys=[security.data_key], rules=context.role_rules
            ).policy
        if context.switches.catalogue:
            self._catalogue(security, people)
        zones = {zone: bucket.bucket_name for zone, bucket in self.zones.items()}
        graphs = zone_graphs(zones)
        if context.switches.catalogue:
            graphs += query_graphs(context.names.prefix)
        add_page(self, "data", title="Data", runbook="docs/data.md", graphs=graphs)

    def _catalogue(self, security: SecurityStack, people: People) -> None:
        """Make the catalogue, and for each data source what it shows beside the curated table."""
        context = self.context
        catalogue = DataCatalogue(
            self,
            "Catalogue",
            name=context.names.prefix,
            results_uri=f"s3://{self.zones['curated'].bucket_name}/{RESULTS}",
            key=security.data_key,
            scan_limit_bytes=context.settings.data.query_scan_limit_gb * 1024**3,
            closed=context.switches.lake_formation,
            removal_policy=context.removal_policy,
        )
        tables: list[CfnTable] = []
        for source in context.settings.sources if context.switches.ingestion else ():
            contract = read_contract(source, REPOSITORY / "pipeline_code" / "data_sources" / source)
            made = SourceTables(
                self,
                f"Tables-{source.replace('_', '-')}",
                database=catalogue.database.ref,
                source=source,
                title=contract.title,
                location=f"s3://{self.zones['curated'].bucket_name}/{context.names.slug(source)}",
                quarantine=QUARANTINE,
                history=contract.history(),
                removal_policy=context.removal_policy,
            )
            tables.append(made.tables["quarantine"])
        if context.switches.lake_formation:
            self.formation = lake_formation(
                self,
                context=context,
                people=people,
                security=security,
                catalogue=catalogue,
                curated=self.zones["curated"],
                tables=tables,
            )
            if self.formation.settings is not None:  # what is made before them is open to the whole account
                catalogue.database.add_resource_dependency(self.formation.settings)

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
            *(dict(each) for each in (released_guard(bucket_arn, writers) if writers else ())),
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


def zone_lifecycles(context: EnvironmentContext) -> dict[str, ZoneLifecycle]:
    """Return what becomes of each zone's objects: the class of the data decides (`govml.settings.classification`).

    Delivered files and the log of their rows are read when a late file comes in, and otherwise only kept. What endpoints
    capture is deleted in time: nothing else would bound it.
    """
    handling, names = context.settings.handling, context.names
    cases = context.settings.use_cases
    watched = {
        f"{names.slug(case)}/{folder}/": cases[case].monitoring.keep_days or handling.capture_days
        for case in context.settings.served
        for folder in Names.AGEING_FOLDERS
    }
    logs = [f"{names.slug(source)}/deliveries/" for source in context.settings.sources]
    return {
        "raw": ZoneLifecycle(cool_after={"": handling.cool_after_days}),
        "curated": ZoneLifecycle(
            cool_after=dict.fromkeys(logs, handling.cool_after_days),
            expire_after={RESULTS: handling.query_result_days},
        ),
        **({"artifacts": ZoneLifecycle(expire_after=watched)} if watched else {}),
    }
