"""A test bench: one stack in which every construct stands once, under its own id, judged by both nag packs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsii
from aws_cdk import App, Environment, Fn, RemovalPolicy, Stack
from cfn_templates import ACCOUNT, REGION, Resource, Template
from constructs import IConstruct

from govml_constructs.account_setting import AccountSetting
from govml_constructs.ai.guardrail import Guardrail, GuardrailRules
from govml_constructs.ai.model_access import ModelAccessPolicy
from govml_constructs.ai.model_invocation_log import ModelInvocationLog
from govml_constructs.ai.vector_store.vector_collection import VectorCollection
from govml_constructs.ai.vector_store.vector_database import VectorDatabase
from govml_constructs.ai.vector_store.vector_index import VectorIndex
from govml_constructs.baseline.account_guards import AccountGuards
from govml_constructs.baseline.patch_baseline import PatchBaseline
from govml_constructs.baseline.security_events import SecurityEvents
from govml_constructs.cost.cost_anomaly_alert import CostAnomalyAlert
from govml_constructs.cost.cost_budget import CostBudget
from govml_constructs.delivery.build_access import BuildAccess
from govml_constructs.delivery.build_project import BuildProject
from govml_constructs.delivery.build_statements import deploy_statements, orchestrate_statements
from govml_constructs.delivery.delivery_pipeline import DeliveryPipeline, Source
from govml_constructs.delivery.package_repository import PackageRepository
from govml_constructs.encryption.domain_key import DomainKey
from govml_constructs.encryption.key_policy import KeyUsers
from govml_constructs.identity.customer_policy import CustomerPolicy, Statement
from govml_constructs.identity.feature_zone_access import FeatureZonePolicy
from govml_constructs.identity.persona_statements import PersonaScope
from govml_constructs.identity.persona_trust import PersonaTrust
from govml_constructs.identity.personas import Personas
from govml_constructs.identity.service_role import RoleRules, ServiceRole
from govml_constructs.identity.serving_access import ServingDataPolicy
from govml_constructs.identity.source_access import SourceDataPolicy, SourceFetchPolicy, table_statements
from govml_constructs.identity.statements import write_to_log_group
from govml_constructs.identity.tracking_access import TrackingArtifactPolicy
from govml_constructs.identity.use_case_access import SOURCE_TAG, USE_CASE_TAG, UseCaseDataPolicy
from govml_constructs.ingestion_trigger import IngestionTrigger
from govml_constructs.ml.code_archive import CodeArchive
from govml_constructs.ml.feature_declarations import DeclaredFeature, DeclaredGroup
from govml_constructs.ml.feature_groups import FeatureGroups, FeaturePlaces
from govml_constructs.ml.image_repository import ImageRepository
from govml_constructs.ml.job_access import JobRuntimePolicy, PipelineRuntimePolicy
from govml_constructs.ml.model_registry_group import ModelRegistryGroup
from govml_constructs.ml.pipeline_roles import PipelineRoles
from govml_constructs.ml.pipeline_schedule import PipelineSchedule
from govml_constructs.ml.studio_domain import StudioDomain
from govml_constructs.ml.tracking_app import TrackingApp
from govml_constructs.ml.tracking_server import TrackingServer
from govml_constructs.ml.training_pipeline import TrainingPipeline
from govml_constructs.monitoring.alarm_set import AlarmRule, AlarmSet
from govml_constructs.monitoring.alert_route import AlertRoute
from govml_constructs.monitoring.alert_topic import AlertTopic
from govml_constructs.monitoring.burn_rate_alarms import BurnRateAlarms, BurnRule
from govml_constructs.monitoring.dead_letter_queue import DeadLetterQueue
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.monitoring.event_alert import EventAlert
from govml_constructs.monitoring.log_delivery import LogDelivery, LogSubscription
from govml_constructs.monitoring.overview_dashboard import Graph, OverviewDashboard
from govml_constructs.monitoring.saved_queries import SavedQueries, SavedQuery
from govml_constructs.monitoring.usual_band_alarm import UsualBandAlarm
from govml_constructs.network.domain_firewall import FirewallLogs
from govml_constructs.network.endpoint_records import EndpointRecords, HostedZone
from govml_constructs.network.filtered_egress import EgressZone, FilteredEgress
from govml_constructs.network.imported_vpc import ImportedVpc
from govml_constructs.network.isolated_vpc import IsolatedVpc
from govml_constructs.network.private_endpoints import PrivateEndpoints
from govml_constructs.network.public_addresses import PublicAddresses
from govml_constructs.network.s3_gateway_endpoint import S3GatewayEndpoint
from govml_constructs.network.tier_security_group import TierSecurityGroup
from govml_constructs.place import place_of
from govml_constructs.release.promoter_role import PromoterRole
from govml_constructs.release.promoter_statements import Served, Stores, checking, handing_in, reading
from govml_constructs.release.promotion_contract import PromotionContract, Side
from govml_constructs.release.release_scope import ReleasedUseCase, ReleaseScope
from govml_constructs.release.release_trigger import ReleaseCode, ReleaseTrigger
from govml_constructs.release.sign_off_policy import SignOffPolicy
from govml_constructs.retraining import FeedbackPolicy, RetrainingSchedule, RetrainingTrigger, WatchedUseCase
from govml_constructs.serving.async_results import AsyncResults
from govml_constructs.serving.batch_transform import BatchTransform
from govml_constructs.serving.endpoint_plan import AlarmLimits, EndpointPlaces, EndpointPlan, Rollout, Scaling
from govml_constructs.serving.handed_over_model import HandedOverModel
from govml_constructs.serving.release_parameters import ReleaseParameters
from govml_constructs.serving.safe_endpoint import SafeEndpoint
from govml_constructs.storage.access_log_bucket import AccessLogBucket
from govml_constructs.storage.audit_store import AuditStore
from govml_constructs.storage.curated_tables import CuratedTablesPolicy
from govml_constructs.storage.data_catalogue import DataCatalogue
from govml_constructs.storage.lake_formation import LakeFormation, TableGrant
from govml_constructs.storage.lake_zones import LakeZones
from govml_constructs.storage.replication import acknowledge_no_replication
from govml_constructs.storage.secure_bucket import SecureBucket
from govml_constructs.storage.source_tables import SourceTables
from govml_constructs.storage.warehouse import Warehouse
from govml_constructs.storage.zone_grants import ZoneGrants
from govml_constructs.storage.zone_lifecycle import ZoneLifecycle
from govml_constructs.validation.acknowledgement import acknowledge

IMPORTED_VPC = "vpc-0123456789abcdef0"
ORGANIZATION = "o-a1b2c3d4e5"
RULES = RoleRules(path="/govml/", permissions_boundary="AgencyBoundary")
MODELS = ("amazon.nova-lite-v1:0", "anthropic.claude-sonnet-4-5-20250929-v1:0")
SLUG = "hdb-resale"
SOURCE_SLUG = "resale-prices"
ADMINISTRATOR = f"arn:aws:iam::{ACCOUNT}:role/KeyAdministrator"
DEPLOYER = f"arn:aws:iam::{ACCOUNT}:role/cdk-hnb659fds-cfn-exec-role-{ACCOUNT}-{REGION}"
OUR_ROLE = f"arn:aws:iam::{ACCOUNT}:role/govml/bench-dev-Data-Role-ABC"
ORGANISATION = "o-abcdefghij"
TRUST = {
    "data_scientist": PersonaTrust(identity_provider="agency-sso"),
    "ml_engineer": PersonaTrust(identity_provider="agency-sso", roles=["Engineer"], organization_id=ORGANISATION),
    "data_engineer": PersonaTrust(roles=["people/Engineer"]),
    "approver": PersonaTrust(roles=["Approver"], organization_id=ORGANISATION),
    "auditor": PersonaTrust(identity_provider="agency-sso"),
}
IMPORTED: dict[str, dict[str, str]] = {
    "roles": {
        "MlPlatform/TrackingRole": f"arn:aws:iam::{ACCOUNT}:role/theirs/Tracking",
        "Access/Personas/Approver": f"arn:aws:iam::{ACCOUNT}:role/theirs/Approver",
    },
    "keys": {"data": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"},
    "buckets": {"raw": "raw-data-of-theirs"},
}
_CONNECTION = f"arn:aws:codeconnections:{REGION}:{ACCOUNT}:connection/00000000-0000-4000-8000-000000000000"
_STREAM = f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/central"
_FEATURES = (("block_key", "String"), ("event_time", "String"), ("level", "Fractional"), ("sales", "Integral"))
FEATURE_GROUPS = [
    DeclaredGroup(
        name=name,
        version=version,
        description=f"Features of {name}",
        record_identifier="block_key",
        event_time="event_time",
        features=tuple(DeclaredFeature(*feature) for feature in _FEATURES),
        ttl_days=ttl_days,
    )
    for name, version, ttl_days in (("block_history", 2, None), ("market_index", 1, 90))
]
_DEFINITION: dict[str, Any] = {
    "Version": "2020-12-01",
    "Metadata": {},
    "Parameters": [],
    "Steps": [{"Name": "Stop", "Type": "Fail", "Arguments": {"ErrorMessage": "nothing to do"}}],
}


def key_users(
    *,
    readers: Sequence[str] = (),
    writers: Sequence[str] = (),
    services: Sequence[str] = (),
    administrators: Sequence[str] = (),
    account_through: Sequence[str] = (),
) -> KeyUsers:
    """Return the users of a key of the bench: its roles by pattern, its deployment, and who else is named."""
    return KeyUsers(
        partition="aws",
        region=REGION,
        account=ACCOUNT,
        role_patterns=[f"arn:aws:iam::{ACCOUNT}:role/govml/bench-dev-*"],
        deployer_patterns=[f"arn:aws:iam::{ACCOUNT}:role/cdk-*-cfn-exec-role-{ACCOUNT}-{REGION}"],
        administrators=administrators,
        account_through=account_through,
        readers=readers,
        writers=writers,
        services=services,
    )


class BenchStack(Stack):
    """A stack with an explicit account, as the real ones, that looks nothing up."""

    def __init__(self, app: App, name: str = "Bench") -> None:
        super().__init__(app, name, env=Environment(account=ACCOUNT, region=REGION))

    @property
    @jsii.member(jsii_name="availabilityZones")
    def availability_zones(self) -> list[str]:
        return [Fn.select(index, Fn.get_azs()) for index in range(2)]


@dataclass(frozen=True)
class Stand:
    """One construct of the bench, and what it became."""

    construct: Any
    template: Template

    def all(self, *types: str) -> list[Resource]:
        """Return its resources of any of the types; of every type when none is named."""
        return self.template.all(*types, under=self.construct.node.path)

    def one(self, type_name: str) -> Resource:
        """Return its only resource of a type."""
        (resource,) = self.all(type_name)
        return resource

    def policy(self, type_name: str = "AWS::IAM::ManagedPolicy") -> dict[str, Any]:
        """Return the document of its only policy."""
        document: dict[str, Any] = self.one(type_name).properties["PolicyDocument"]
        return document


class Bench:
    """Builds the stack; `stand` reads the synthesised template back.

    Args:
        app: the app, with the nag packs registered.
        folder: a folder of the test's own, for the code archive.
    """

    def __init__(self, app: App, folder: Path) -> None:
        self.stack = BenchStack(app)
        self.constructs: dict[str, Any] = {}
        self._folder = folder
        self._foundation()
        self._network()
        self._imported_network()
        self._egress()
        self._data()
        self._platform()
        self._use_case()
        self._serving()
        self._ingestion()
        self._ai_service()
        self._vector_stores()
        self._delivery()
        self._promotion()
        self._operations()
        self._costs()
        self._baseline()

    def _add(self, construct: IConstruct) -> Any:
        self.constructs[construct.node.id] = construct
        return construct

    def _foundation(self) -> None:
        stack, add = self.stack, self._add
        self.personas = add(
            Personas(
                stack,
                "Personas",
                names=PersonaScope(place=place_of(stack), prefix="bench-dev", tags={"Environment": "dev"}),
                trust=TRUST,
                rules=RULES,
                max_session_hours=8,
            )
        )
        roles = self.personas.role_arns
        data_users = key_users(readers=[roles["data_scientist"]], writers=[roles["data_engineer"]])
        self.key = add(DomainKey(stack, "DataKey", alias="bench-data", description="data", users=data_users)).key
        logs = ("logs.ap-southeast-1.amazonaws.com", "cloudwatch.amazonaws.com", "events.amazonaws.com")
        spending = ("budgets.amazonaws.com", "costalerts.amazonaws.com")
        logs_users = key_users(
            services=[*logs, *spending, "sns.amazonaws.com"],
            administrators=[ADMINISTRATOR],
            account_through=["bedrock"],
        )
        self.logs_key = add(DomainKey(stack, "LogsKey", alias="bench-logs", description="logs", users=logs_users)).key
        delivery = add(LogDelivery(stack, "LogDelivery", stream_arn=_STREAM, rules=RULES))
        self.subscription = LogSubscription(_STREAM, delivery.role_arn, "central", '{ $.level = "ERROR" }')
        self.log = add(
            EncryptedLogGroup(stack, "LogGroup", key=self.logs_key, retention_days=400, subscription=self.subscription)
        )
        publishers = ["cloudwatch.amazonaws.com", "events.amazonaws.com", *spending]
        self.topic = add(
            AlertTopic(stack, "Alerts", key=self.logs_key, publishers=publishers, emails=["ops@example.gov.sg"])
        ).topic
        self.queue = add(
            DeadLetterQueue(
                stack, "DeadLetters", key=self.logs_key, senders=["events.amazonaws.com", "sns.amazonaws.com"]
            )
        ).queue
        for construct_id, pages_only in (("PagesOut", True), ("TicketsOut", False)):
            add(
                AlertRoute(
                    stack,
                    construct_id,
                    topic=self.topic,
                    url="https://desk.example.gov.sg/hooks/sns",
                    pages_only=pages_only,
                    dead_letters=self.queue,
                )
            )
        read = Statement("ReadLogs", ["logs:GetLogEvents"], [self.log.log_group_arn])
        add(CustomerPolicy(stack, "Policy", description="Read logs", path=RULES.path, statements=[read]))
        self.role = add(
            ServiceRole(
                stack,
                "ServiceRole",
                service="sagemaker.amazonaws.com",
                description="A role",
                rules=RULES,
                statements=write_to_log_group(self.log.log_group_arn),
                source_arns=[stack.format_arn(service="sagemaker", resource="*")],
                tags={USE_CASE_TAG: SLUG},
            )
        )

    def _network(self) -> None:
        stack, add = self.stack, self._add
        network = add(
            IsolatedVpc(
                stack, "Network", name="bench", cidr="10.9.0.0/22", zone_count=2, flow_logs=self.log, rules=RULES
            )
        )
        self.vpc, self.subnet_ids = network.vpc, network.subnet_ids
        endpoints = add(TierSecurityGroup(stack, "EndpointTier", vpc=self.vpc, description="endpoints"))
        jobs = add(TierSecurityGroup(stack, "JobTier", vpc=self.vpc, description="jobs"))
        jobs.may_call(endpoints, 443, "Jobs to AWS services")
        jobs.may_talk_within("Distributed jobs")
        self.group_id = jobs.group_id
        self.subnet_arns = [
            stack.format_arn(service="ec2", resource="subnet", resource_name=each) for each in self.subnet_ids
        ]
        self.group_arn = stack.format_arn(service="ec2", resource="security-group", resource_name=self.group_id)
        add(
            PrivateEndpoints(
                stack,
                "Endpoints",
                vpc_id=self.vpc.vpc_id,
                subnet_ids=self.subnet_ids,
                security_group_id=endpoints.group_id,
                services=["s3", "kms", "bedrock-runtime", f"aws.sagemaker.{REGION}.studio"],
            )
        )
        acknowledge(
            self.vpc,
            "NIST.800.53.R5-VPCDefaultSecurityGroupClosed",
            reason="The account setting beside this VPC closes the default group.",
            owner="tests",
            expires="2027-11-20",
        )
        default_group = stack.format_arn(
            service="ec2", resource="security-group", resource_name=self.vpc.vpc_default_security_group
        )
        add(
            AccountSetting(
                stack,
                "Setting",
                setting="default_security_group",
                resource_type="Custom::DefaultSecurityGroupClosed",
                properties={"SecurityGroupId": self.vpc.vpc_default_security_group},
                statements=[Statement("CloseGroup", ["ec2:RevokeSecurityGroupIngress"], [default_group])],
                log_group=self.log,
                key=self.logs_key,
                failures=self.topic,
                rules=RULES,
            )
        )

    def _imported_network(self) -> None:
        stack, add = self.stack, self._add
        network = add(
            ImportedVpc(
                stack,
                "ImportedNetwork",
                vpc_id=IMPORTED_VPC,
                subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
                zones=[f"{REGION}a", f"{REGION}b"],
                flow_logs=self.log,
                rules=RULES,
            )
        )
        group = add(
            TierSecurityGroup(stack, "GivenTier", vpc=network.vpc, description="given", group_id="sg-0123456789abcdef0")
        )
        group.may_talk_within("nothing is added to a group that is given")
        named = add(
            PrivateEndpoints(
                stack,
                "NamedEndpoints",
                vpc_id=IMPORTED_VPC,
                subnet_ids=network.subnet_ids,
                security_group_id=group.group_id,
                services=["s3", "logs", "sts"],
                private_dns=False,
                organization_id=ORGANIZATION,
            )
        )
        zones = {"logs": HostedZone("Z0123456789ABC", f"logs.{REGION}.amazonaws.com")}
        add(EndpointRecords(stack, "Records", zones=zones, endpoints=named.endpoints))
        add(S3GatewayEndpoint(stack, "S3Gateway", vpc_id=IMPORTED_VPC, route_table_ids=["rtb-0123456789abcdef0"]))

    def _egress(self) -> None:
        stack, add = self.stack, self._add
        public = add(PublicAddresses(stack, "PublicAddresses", name="bench-public-addresses"))
        egress = add(
            FilteredEgress(
                stack,
                "Egress",
                name="bench-egress",
                vpc_id=self.vpc.vpc_id,
                zones=[
                    EgressZone(zone=f"{REGION}a", egress="10.9.4.0/26", nat="10.9.5.0/28", firewall="10.9.6.0/28"),
                    EgressZone(zone=f"{REGION}b", egress="10.9.4.64/26", nat="10.9.5.16/28", firewall="10.9.6.16/28"),
                ],
                public_addresses=public.prefix_list_id,
                allowed_domains=["pypi.org", ".example.org"],
                logs=FirewallLogs(alerts=self.log, flows=self.log),
                protect=True,
            )
        )
        add(egress.firewall)

    def _data(self) -> None:
        stack, add = self.stack, self._add
        logs = add(AccessLogBucket(stack, "AccessLogs", retention_days=400)).bucket
        self.bucket = add(
            SecureBucket(stack, "Bucket", key=self.key, access_logs=logs.bucket_name, log_prefix="bucket")
        ).bucket
        for bucket in (logs, self.bucket):
            acknowledge_no_replication(bucket)
        roles = self.personas.role_arns
        audit = add(
            AuditStore(
                stack,
                "Audit",
                key=self.logs_key,
                log_retention_days=400,
                lock="COMPLIANCE",
                evidence_days=1096,
                grants=ZoneGrants(readers=[roles["auditor"]]),
            )
        )
        add(audit.node.find_child("Evidence"))
        self.evidence = audit.evidence
        raw = ZoneGrants(writers=[roles["data_engineer"]], closed_to=[roles["data_scientist"], roles["auditor"]])
        artifacts = ZoneGrants(readers=[roles["data_scientist"]], result_writers=[roles["data_scientist"]])
        self.lake = add(
            LakeZones(
                stack,
                "Lake",
                zones={"raw": self.key, "artifacts": self.logs_key, "elsewhere": self.key},
                access_logs=logs.bucket_name,
                noncurrent_days=30,
                lifecycles={"raw": ZoneLifecycle(cool_after={"": 90}, expire_after={"athena-results/": 7})},
                grants={"raw": raw, "artifacts": artifacts},
                imported={"elsewhere": "bucket-of-somebody"},
                announced=["raw", "elsewhere"],
            )
        )
        loads = add(
            CuratedTablesPolicy(
                stack, "CuratedTables", curated=self.constructs["Lake"].buckets["raw"], key=self.key, rules=RULES
            )
        )
        add(
            Warehouse(
                stack,
                "Warehouse",
                name="bench-warehouse",
                database="analytics",
                key=self.key,
                logs_key=self.logs_key,
                retention_days=400,
                subscription=self.subscription,
                loads=loads.policy,
                vpc_id=self.vpc.vpc_id,
                subnet_ids=[*self.subnet_ids, "subnet-0123456789abcdef2"],
                callers={"Jobs": self.constructs["JobTier"], "Given": self.constructs["GivenTier"]},
                endpoints=self.constructs["EndpointTier"],
                base_capacity_rpu=8,
                rules=RULES,
            )
        )
        self.data_policy = add(
            UseCaseDataPolicy(
                stack,
                "UseCaseData",
                readable=[self.lake.buckets["raw"]],
                writable=[self.lake.buckets["artifacts"]],
                keys=[self.key],
                rules=RULES,
                source_data={self.bucket: ["table", "manifests"]},
            )
        ).policy
        raw = self.lake.buckets["raw"]
        self.source_policy = add(
            SourceDataPolicy(stack, "SourceData", raw=raw, curated=self.bucket, keys=[self.key], rules=RULES)
        ).policy
        self.fetch_policy = add(SourceFetchPolicy(stack, "SourceFetch", raw=raw, keys=[self.key], rules=RULES)).policy
        add(
            TrackingArtifactPolicy(
                stack, "TrackingArtifacts", bucket=self.lake.buckets["artifacts"], prefix="mlflow", rules=RULES
            )
        )
        add(DataCatalogue(stack, "Catalogue", name="bench-dev", results_uri="s3://results/athena/", key=self.key))
        add(
            LakeFormation(
                stack,
                "Formation",
                prefix="bench-dev",
                database="bench_dev",
                quarantine_tables=["sales_quarantine"],
                classification="restricted",
                curated=self.constructs["Lake"].buckets["raw"],
                key=self.key,
                administrators=[f"arn:aws:iam::{ACCOUNT}:role/lake-admin"],
                grants={
                    "Scientist": TableGrant(f"arn:aws:iam::{ACCOUNT}:role/scientist", ["DESCRIBE", "SELECT"]),
                    "Engineer": TableGrant(
                        f"arn:aws:iam::{ACCOUNT}:role/engineer", ["SELECT", "ALTER"], ["curated", "quarantine"]
                    ),
                },
                rules=RULES,
            )
        )
        add(
            SourceTables(
                stack,
                "SourceTables",
                database="bench_dev",
                source="sales",
                title="Sales",
                location="s3://curated/sales",
                quarantine={"reason": "string"},
                history={"price": ("double", "Price in dollars"), "change": ("string", "")},
            )
        )

    def _platform(self) -> None:
        stack, add = self.stack, self._add
        images = add(ImageRepository(stack, "Images", name="bench/jobs", key=self.key)).repository
        add(ModelRegistryGroup(stack, "Registry", name="bench-dev-hdb-resale", description="prices"))
        self.job_policy = add(
            JobRuntimePolicy(
                stack,
                "JobRuntime",
                repository_arn=images.repository_arn,
                log_group_arns=[self.log.log_group_arn],
                volume_keys=[self.key],
                subnet_arns=self.subnet_arns,
                security_group_arns=[self.group_arn],
                rules=RULES,
            )
        ).policy
        self.pipeline_policy = add(
            PipelineRuntimePolicy(stack, "PipelineRuntime", registry_prefix="bench-dev-", rules=RULES)
        ).policy
        self.tracking = add(
            TrackingApp(stack, "Tracking", name="bench-mlflow", artifact_uri="s3://artifacts/mlflow", role=self.role)
        )
        add(
            TrackingServer(
                stack,
                "TrackingServer",
                name="bench-server",
                size="medium",
                artifact_uri="s3://artifacts/mlflow",
                role=self.role,
            )
        )
        add(
            StudioDomain(
                stack,
                "Studio",
                name="bench-studio",
                vpc_id=self.vpc.vpc_id,
                subnet_ids=self.subnet_ids,
                security_group_id=self.group_id,
                key=self.key,
                role=self.role,
            )
        )

    def _use_case(self) -> None:
        stack, add, source = self.stack, self._add, self._folder / "main.py"
        source.write_text("print('hello')\n")
        code = add(CodeArchive(stack, "Code", sources={source: "__main__.py"}, build_folder=self._folder / "build"))
        zone = add(
            FeatureZonePolicy(stack, "FeatureZone", bucket=self.lake.buckets["raw"], key=self.key, rules=RULES)
        ).policy
        features = add(
            FeatureGroups(
                stack,
                "Features",
                prefix="bench-dev-hdb-resale",
                groups=FEATURE_GROUPS,
                places=FeaturePlaces(
                    bucket=self.lake.buckets["raw"], slug=SLUG, database="bench_dev", key=self.key, online=True
                ),
                zone_policy=zone,
                rules=RULES,
            )
        )
        roles = add(
            PipelineRoles(
                stack,
                "Roles",
                subject=f"the use case {SLUG}",
                tags={USE_CASE_TAG: SLUG, SOURCE_TAG: SOURCE_SLUG},
                pipeline_policies=[self.pipeline_policy, self.data_policy],
                job_policies=[self.data_policy, self.job_policy],
                job_statements=[
                    *code.read_statements(),
                    *self.tracking.track_statements(),
                    *features.job_statements(),
                ],
                rules=RULES,
            )
        )
        pipeline = add(
            TrainingPipeline(
                stack,
                "Training",
                name="bench-train",
                description="trains",
                definition=_DEFINITION,
                variables={},
                role=roles.pipeline,
                job_tags={USE_CASE_TAG: SLUG},
            )
        )
        add(
            PipelineSchedule(
                stack,
                "Schedule",
                pipeline_name=pipeline.name,
                pipeline_arn=pipeline.arn,
                expression="cron(0 18 1 * ? *)",
                key=self.logs_key,
                dead_letters=self.queue,
                rules=RULES,
            )
        )

    def _serving(self) -> None:
        stack, add = self.stack, self._add
        artifacts = self.lake.buckets["artifacts"]
        add(
            ServingDataPolicy(
                stack,
                "ServingData",
                bucket=artifacts,
                read=["released"],
                written=["capture"],
                key=self.key,
                rules=RULES,
                batch=("batch/input", "batch/output"),
            )
        )
        archive = self._folder / "model.tar.gz"
        archive.write_bytes(b"a model")
        add(HandedOverModel(stack, "HandedOver", location=str(archive), image="jobs:1"))
        uri = f"s3://{artifacts.bucket_name}/{SLUG}"
        add(AsyncResults(stack, "Results", data_uri=uri, key=self.key, messages_key=self.logs_key, concurrency=1))
        parameters = add(ReleaseParameters(stack, "Release", handed_over=None, challenger=True))
        endpoint = add(
            SafeEndpoint(
                stack,
                "Endpoint",
                name="bench-dev-hdb-resale",
                plan=EndpointPlan(
                    kind="real-time",
                    instance_type="ml.m5.large",
                    instances=2,
                    scaling=Scaling(most=6, per_instance=1000),
                    memory_mb=1024,
                    concurrency=1,
                    rollout=Rollout("all-at-once", 50, 10, 20),
                    limits=AlarmLimits(1.0, 10.0, 500),
                    capture_percent=100,
                    challenger="ab",
                    challenger_percent=10,
                ),
                places=EndpointPlaces(
                    subnet_ids=self.subnet_ids,
                    security_group_id=self.group_id,
                    data_uri=uri,
                    key=self.key,
                    volume_key=self.key,
                ),
                parameters=parameters,
                role_arn=self.role.role_arn,
                results=None,
                alerts=self.topic,
            )
        )
        add(endpoint.live)
        add(
            BatchTransform(
                stack,
                "Batch",
                name="bench-dev-batch-hdb-resale",
                use_case="hdb_resale",
                model_name=endpoint.live.name,
                data_uri=uri,
                key=self.key,
                instance_type="ml.m5.large",
                instances=2,
                disks_take_a_key=True,
                job_tags={USE_CASE_TAG: SLUG},
                rules=RULES,
                condition=parameters.has_live,
            )
        )
        add(endpoint.node.find_child("LiveScaling"))

    def _ingestion(self) -> None:
        stack, add = self.stack, self._add
        for construct_id, policy, statements in (
            (
                "IngestRoles",
                self.source_policy,
                table_statements(place_of(stack), database="bench_dev", table="resale_prices"),
            ),
            ("FetchRoles", self.fetch_policy, []),
        ):
            add(
                PipelineRoles(
                    stack,
                    construct_id,
                    subject=f"the data source {SOURCE_SLUG}",
                    tags={SOURCE_TAG: SOURCE_SLUG},
                    pipeline_policies=[self.pipeline_policy],
                    job_policies=[policy, self.job_policy],
                    job_statements=statements,
                    rules=RULES,
                )
            )
        add(
            IngestionTrigger(
                stack,
                "Trigger",
                bucket_name=self.bucket.bucket_name,
                pipelines={SOURCE_SLUG: place_of(stack).arn("sagemaker", "pipeline/bench-dev-ingest-resale-prices")},
                log_group=self.log,
                key=self.logs_key,
                failures=self.topic,
                rules=RULES,
            )
        )

        place = place_of(stack)
        reach = ReleaseScope(
            place=place,
            prefix="bench-dev",
            use_cases={
                SLUG: ReleasedUseCase(
                    group=f"bench-dev-{SLUG}", stack=f"bench-dev-Serving-{SLUG}", consumers=("HousingApp",)
                )
            },
            artifacts_arn=place.arn("s3", "bench-artifacts", region="", account=""),
            evidence_arn=place.arn("s3", "bench-evidence", region="", account=""),
            model_keys=(self.key.key_arn,),
            repository_arn=place.arn("ecr", "repository/bench-dev-jobs"),
        )
        add(
            ReleaseTrigger(
                stack,
                "Releases",
                reach=reach,
                code=ReleaseCode(
                    sources={Path(__file__): "handler.py"},
                    handler="handler.handle",
                    build_folder=self._folder / "function",
                ),
                environment={"PREFIX": "bench-dev"},
                queue_name="bench-dev-release",
                log_group=self.log,
                key=self.logs_key,
                alerts=self.topic,
                rules=RULES,
            )
        )
        add(SignOffPolicy(stack, "SignOff", reach=reach, slug=SLUG, consumer="HousingApp", path=RULES.path))

        retraining = add(
            RetrainingTrigger(
                stack,
                "Retraining",
                prefix="bench-dev",
                use_cases={
                    "resale-prices": WatchedUseCase(
                        slug="resale-prices",
                        pipeline="bench-dev-resale-prices",
                        drift_alarm="bench-dev-resale-prices-drift",
                        feed_alarm="bench-dev-resale-prices-feed",
                        mode="automatic",
                        cool_down_days=14,
                        live_model="/govml/bench/dev/serving/resale-prices/live-model",
                        monitor="bench-dev-monitor-resale-prices",
                        data=f"s3://{self.bucket.bucket_name}/resale-prices",
                        endpoint="bench-dev-resale-prices",
                    )
                },
                queue_name="bench-dev-retraining",
                log_group=self.log,
                key=self.logs_key,
                alerts=self.topic,
                evidence=self.evidence,
                store_key=self.key,
                rules=RULES,
            )
        )
        add(
            FeedbackPolicy(
                stack,
                "Feedback",
                bucket=self.bucket,
                key=self.key,
                slug="resale-prices",
                folder="feedback",
                path=RULES.path,
            )
        )
        add(
            RetrainingSchedule(
                stack,
                "RetrainingSchedule",
                schedules={"resale-prices": "cron(0 18 1 * ? *)"},
                looks={"resale-prices": "cron(0 20 * * ? *)"},
                queue=retraining.queue,
                key=self.logs_key,
                dead_letters=self.queue,
                rules=RULES,
            )
        )

    def _ai_service(self) -> None:
        stack, add = self.stack, self._add
        rules = GuardrailRules(
            blocked_message="Blocked.",
            personal_data={"EMAIL": "ANONYMIZE", "PASSWORD": "BLOCK"},
            patterns={"NRIC": (r"[STFGM]\d{7}[A-Z]", "BLOCK")},
        )
        guardrail = add(Guardrail(stack, "Guardrail", name="bench-guardrail", key=self.key, rules=rules))
        add(
            ModelAccessPolicy(
                stack,
                "ModelAccess",
                models=MODELS,
                guardrail_arn=guardrail.arn,
                guardrail_version=guardrail.version.attr_version,
                guardrail_key=self.key,
                rules=RULES,
            )
        )
        add(
            ModelInvocationLog(
                stack,
                "InvocationLog",
                key=self.logs_key,
                retention_days=400,
                subscription=self.subscription,
                settings_log=self.log,
                failures=self.topic,
                rules=RULES,
                removal_policy=RemovalPolicy.RETAIN,
            )
        )

    def _vector_stores(self) -> None:
        stack, add = self.stack, self._add
        callers = {"Jobs": self.constructs["JobTier"], "Given": self.constructs["GivenTier"]}
        roles = self.personas.role_arns
        add(VectorIndex(stack, "VectorIndex", dimensions=1024, distance="cosine", key=self.key, path=RULES.path))
        database = add(
            VectorDatabase(
                stack,
                "VectorDatabase",
                name="bench-vectors",
                vpc=self.vpc,
                subnet_ids=self.subnet_ids,
                callers=callers,
                key=self.key,
                logs_key=self.logs_key,
                retention_days=400,
                subscription=self.subscription,
                path=RULES.path,
            )
        )
        for part in ("Rules", "Access"):
            add(database.node.find_child(part))
        add(
            VectorCollection(
                stack,
                "VectorCollection",
                name="bench-vectors",
                vpc=self.vpc,
                subnet_ids=self.subnet_ids,
                callers=callers,
                key=self.key,
                readers=[roles["data_scientist"]],
                writers=[roles["data_engineer"]],
                path=RULES.path,
            )
        )

    def _delivery(self) -> None:
        stack, add = self.stack, self._add
        packages = add(PackageRepository(stack, "Packages", name="bench-packages", key=self.key))
        access = add(
            BuildAccess(
                stack,
                "BuildAccess",
                key=self.key,
                subnet_arns=self.subnet_arns,
                security_group_arns=[self.group_arn],
                statements=packages.read_statements(),
                rules=RULES,
            )
        )
        builder = add(
            ServiceRole(
                stack,
                "BuildRole",
                service="codebuild.amazonaws.com",
                description="Builds",
                rules=RULES,
                policies=[access.artefacts, access.runtime],
                statements=deploy_statements(place_of(stack), "hnb659fds"),
            )
        )
        build = add(
            BuildProject(
                stack,
                "Build",
                name="bench-build",
                buildspec={"version": 0.2, "phases": {"build": {"commands": ["make test"]}}},
                environment={"CONFIG": "config/sandbox.yaml"},
                role=builder,
                key=self.key,
                log_group=self.log,
                vpc_id=self.vpc.vpc_id,
                subnet_ids=self.subnet_ids,
                security_group_id=self.group_id,
            )
        )
        runner = add(
            ServiceRole(
                stack,
                "DeliveryRole",
                service="codepipeline.amazonaws.com",
                description="Delivers",
                rules=RULES,
                policies=[access.artefacts],
                statements=orchestrate_statements(
                    _CONNECTION, [build.resource.attr_arn], self.topic.topic_arn, self.logs_key.key_arn
                ),
            )
        )
        for construct_id, topic in (("Delivery", None), ("GuardedDelivery", self.topic.topic_arn)):
            add(
                DeliveryPipeline(
                    stack,
                    construct_id,
                    name=f"bench-{construct_id.lower()}",
                    source=Source(connection_arn=_CONNECTION, repository="agency/repository", branch="main"),
                    verify=build,
                    deploy=build,
                    role=runner,
                    artifact_bucket=self.bucket.bucket_name,
                    key=self.key,
                    approval_topic_arn=topic,
                )
            )

    def _promotion(self) -> None:
        source, target = (Side("aws", REGION, ACCOUNT, f"bench-{name}") for name in ("dev", "uat"))
        name = "bench-uat.promoter"
        contract = PromotionContract(source, target, {SLUG: f"bench-dev-{SLUG}"}, f"arn:aws:iam::{ACCOUNT}:role/{name}")
        place = place_of(self.stack)
        stores = [
            Stores(
                place.arn("s3", f"{each}-artifacts", region="", account=""),
                place.arn("s3", f"{each}-evidence", region="", account=""),
                (self.key.key_arn,),
            )
            for each in ("dev", "uat")
        ]
        parameters = [place.arn("ssm", "parameter/govml/bench/uat/data/artifacts-bucket")]
        served = Served(f"bench-uat-{SLUG}", f"bench-uat-{SLUG}", f"bench-uat-Serving-{SLUG}")
        checks = checking(target, stores[1], {SLUG: served}, parameters)
        handed = handing_in(contract, stores[1], {SLUG: f"bench-uat-{SLUG}"})
        self._add(
            PromoterRole(
                self.stack,
                "Promoter",
                name=name,
                trust=PersonaTrust(roles=["Engineer"]).policy(place),
                statements=[*reading(contract, stores[0]), *handed, *checks],
                rules=RULES,
            )
        )

    def _operations(self) -> None:
        stack, add = self.stack, self._add
        rules = [
            AlarmRule(
                "Failed",
                "A run failed.",
                "AWS/Test",
                "Failures",
                {"Name": "a"},
                severity="page",
                owner="ML engineer",
                runbook="docs/operations/pipeline-failed.md",
            ),
            AlarmRule(
                "Slow",
                "p99 is high.",
                "AWS/Test",
                "Latency",
                statistic="p99",
                severity="ticket",
                owner="ML engineer",
                runbook="docs/operations/endpoint.md",
            ),
        ]
        alarms = add(AlarmSet(stack, "Alarms", name_prefix="bench", rules=rules, topic=self.topic))
        add(
            EventAlert(
                stack,
                "FailedRuns",
                description="A run failed",
                pattern={"source": ["aws.sagemaker"]},
                message="run <run> failed",
                fields={"run": "$.detail.run"},
                topic=self.topic,
                dead_letters=self.queue,
            )
        )
        promises = [
            BurnRule("AvailabilityBurns6x", "Too many fail.", 0.03, 360, 30, None, "page"),
            BurnRule("LatencyBurns3x", "Too many are slow.", 0.03, 1440, 120, 500, "ticket"),
        ]
        add(
            BurnRateAlarms(
                stack,
                "Promises",
                endpoint="bench-serve",
                variant="live",
                rules=promises,
                owner="ML engineer",
                runbook="docs/operations/service-level.md",
                topic=self.topic,
                condition=None,
            )
        )
        add(
            UsualBandAlarm(
                stack,
                "Traffic",
                name="bench-serve-UnusualTraffic",
                description="Unusual traffic.",
                namespace="AWS/SageMaker",
                metric="Invocations",
                dimensions={"EndpointName": "bench-serve"},
                width=4,
                severity="ticket",
                owner="ML engineer",
                runbook="docs/operations/endpoint.md",
                topic=self.topic,
                condition=None,
            )
        )
        search = SavedQuery("Errors", "Errors", ["/aws/bench"], ["fields @message", "filter @message like /error/"])
        add(SavedQueries(stack, "Queries", folder="bench", queries=[search]))
        graphs = [Graph(title=f"Graph {number}", metrics=[["AWS/Test", "Failures"]]) for number in range(3)]
        add(
            OverviewDashboard(
                stack, "Overview", name="bench-overview", heading="# Bench", alarm_arns=alarms.alarm_arns, graphs=graphs
            )
        )

    def _costs(self) -> None:
        stack, add = self.stack, self._add
        add(
            CostBudget(
                stack,
                "Budget",
                name="bench-dev-cost",
                amount_usd=500,
                tags={"Environment": "dev", USE_CASE_TAG: SLUG},
                notify_percent=[80, 100],
                topic=self.topic,
            )
        )
        monitor = f"arn:aws:ce::{ACCOUNT}:anomalymonitor/00000000-0000-4000-8000-000000000000"
        watched = {"EnvironmentCost": ("Environment", ["dev"]), "UseCaseCost": (USE_CASE_TAG, [SLUG])}
        for construct_id, tags, existing in (
            ("Anomalies", {}, []),
            ("AnomaliesByTag", watched, []),
            ("AnomaliesOfTheirs", {}, [monitor]),
        ):
            add(
                CostAnomalyAlert(
                    stack,
                    construct_id,
                    name=f"bench-{construct_id}",
                    impact_usd=50,
                    tags=tags,
                    existing_monitors=existing,
                    topic=self.topic,
                )
            )

    def _baseline(self) -> None:
        stack, add = self.stack, self._add
        add(SecurityEvents(stack, "SecurityEvents", environment="bench-dev", topic=self.topic, dead_letters=self.queue))
        for number, system in enumerate(("AMAZON_LINUX_2023", "WINDOWS")):
            add(
                PatchBaseline(
                    stack, f"Patches{number}", name=f"bench-{number}", operating_system=system, approve_after_days=7
                )
            )
        add(AccountGuards(stack, "Guards", name_prefix="bench-dev", rules=RULES))


def stands(bench: Bench, template: Template) -> Mapping[str, Stand]:
    """Return each construct of the bench with its part of the template."""
    return {name: Stand(construct, template) for name, construct in bench.constructs.items()}
