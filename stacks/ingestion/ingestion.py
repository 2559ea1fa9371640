"""Ingestion: delivered files become curated tables, source by source. Duty: data engineer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from constructs import Construct

from govml.settings.data import SourceSettings
from govml_constructs.identity.customer_policy import CustomerPolicy, Statement
from govml_constructs.identity.source_access import table_statements
from govml_constructs.identity.use_case_access import SOURCE_TAG
from govml_constructs.ingestion_trigger import IngestionTrigger
from govml_constructs.ml.code_archive import CodeArchive
from govml_constructs.ml.job_network import JobNetworkPolicy
from govml_constructs.ml.pipeline_definition import fill, load_definition
from govml_constructs.ml.pipeline_roles import PipelineRoles
from govml_constructs.ml.pipeline_schedule import PipelineSchedule
from govml_constructs.ml.training_pipeline import TrainingPipeline
from govml_constructs.pascal import pascal
from stacks.dashboards.functions import function_graphs, queue_graphs
from stacks.dashboards.jobs import pipeline_graphs
from stacks.dashboards.page import add_page
from stacks.data.data import DataStack
from stacks.environment.base import EnvironmentStack
from stacks.environment.context import EnvironmentContext
from stacks.environment.cost_tags import cost_tags
from stacks.environment.job_code import BUILD_FOLDER, PIPELINE_CODE, archive_sources, dependency_tag
from stacks.foundation.network import NetworkStack
from stacks.foundation.security import SecurityStack
from stacks.ingestion.ingestion_watch import ingestion_graphs
from stacks.ml.deployment import Deployment
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


class IngestionStack(EnvironmentStack):
    """A pipeline per data source, started by its files' events and by a daily sweep; one for fetching where it is set.

    Attributes:
        job_roles: data source -> ARN of the role that commits to its table.
        trigger: queue and dead letters of the events.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        context: EnvironmentContext,
        security: SecurityStack,
        network: NetworkStack,
        data: DataStack,
        platform: MlPlatformStack,
    ) -> None:
        super().__init__(scope, construct_id, context=context, description="From files to tables (data engineer)")
        self._security, self._network, self._data, self._platform = security, network, data, platform
        names, sources = context.names, context.settings.sources
        self.job_roles: dict[str, str] = {}
        pipelines: dict[str, str] = {}
        fetch_network = self._fetch_network() if context.settings.fetched_sources else None
        for source, settings in sources.items():
            part = Construct(self, pascal(source))
            code = CodeArchive(part, "Code", sources=archive_sources(source), build_folder=BUILD_FOLDER)
            roles, pipeline = self._pipeline(part, self._ingestion(source, settings), code=code, settings=settings)
            self.job_roles[source] = roles.job.role_arn
            if data.formation is not None:
                data.formation.let_make_tables(part, "Grant", roles.job.role_arn)
            pipelines[names.slug(source)] = pipeline.arn
            if settings.fetch is not None and fetch_network is not None:
                job = self._fetching(source, settings.fetch, fetch_network)
                self._pipeline(part, job, code=code, settings=settings)
        self.trigger = IngestionTrigger(
            self,
            "Trigger",
            bucket_name=data.zones["raw"].bucket_name,
            pipelines=pipelines,
            log_group=security.log_group(self, "TriggerLog"),
            key=security.logs_key,
            failures=security.alerts,
            rules=context.role_rules,
        )
        pipelines_made = [names.ingestion_pipeline(source) for source in sources]
        pipelines_made += [names.fetch_pipeline(source) for source in context.settings.fetched_sources]
        add_page(
            self,
            "ingestion",
            title="Ingestion",
            runbook="docs/operations/ingestion.md",
            graphs=[
                *ingestion_graphs(list(sources)),
                *pipeline_graphs(pipelines_made),
                *queue_graphs(self.trigger.queue.queue_name, self.trigger.dead_letters.queue_name),
                *function_graphs([self.trigger.function_name]),
            ],
        )

    def _ingestion(self, source: str, settings: SourceSettings) -> SourceJob:
        names, data = self.context.names, self._data
        return SourceJob(
            name=names.ingestion_pipeline(source),
            folder="ingestion",
            prefix="",
            purpose=f"Takes delivered files of {source} into its curated table",
            values={"RawUri": data.source_uri("raw", source), "CuratedUri": data.source_uri("curated", source)},
            texts={"DataSource": source, "Database": names.database()},
            policies=[data.source_data, *self._platform.job_policies],
            statements=table_statements(self.place, database=names.database(), table=source),
            subnet_ids=self._network.subnet_ids,
            group_id=self._network.job_tier.group_id,
            schedule=settings.sweep,
        )

    def _fetching(self, source: str, schedule: str, network: CustomerPolicy) -> SourceJob:
        tier = self._network.fetch_tier
        if tier is None:
            raise ValueError("the network was made without its tier for fetching")
        return SourceJob(
            name=self.context.names.fetch_pipeline(source),
            folder="fetching",
            prefix="Fetch",
            purpose=f"Fetches {source} from its publisher into the raw zone",
            values={"RawUri": self._data.source_uri("raw", source)},
            texts={"DataSource": source},
            policies=[self._data.source_fetch, network, self._platform.job_runtime],
            statements=[],
            subnet_ids=self._network.fetch_subnet_ids,
            group_id=tier.group_id,
            schedule=schedule,
        )

    def _fetch_network(self) -> CustomerPolicy:
        """Return what jobs with a way out need: of all jobs, they alone may open interfaces in those subnets."""
        network, tier = self._network, self._network.fetch_tier
        return JobNetworkPolicy(
            self,
            "FetchNetwork",
            subnet_arns=[self.place.arn("ec2", f"subnet/{subnet}") for subnet in network.fetch_subnet_ids],
            security_group_arns=[self.place.arn("ec2", f"security-group/{tier.group_id}")] if tier else [],
            rules=self.context.role_rules,
        ).policy

    def _pipeline(
        self, part: Construct, job: SourceJob, *, code: CodeArchive, settings: SourceSettings
    ) -> tuple[PipelineRoles, TrainingPipeline]:
        slug, prefix = self.context.names.slug(job.texts["DataSource"]), job.prefix
        security, platform = self._security, self._platform
        roles = PipelineRoles(
            part,
            f"{prefix}Roles",
            subject=f"the data source {slug}",
            tags={SOURCE_TAG: slug},
            pipeline_policies=[platform.pipeline_runtime],
            job_policies=job.policies,
            job_statements=[*code.read_statements(), *job.statements],
            rules=self.context.role_rules,
        )
        deployment = Deployment.of_jobs(
            known={
                "ExecutionRoleArn": roles.job.role_arn,
                "ImageUri": platform.images.repository_uri_for_tag(dependency_tag()),
                "CodeUri": code.uri,
                "KmsKeyArn": security.ml_key.key_arn,
                **job.values,
            },
            texts={"CodeFile": code.file_name, **job.texts},
            subnet_ids=job.subnet_ids,
            group_id=job.group_id,
        )
        pipeline = TrainingPipeline(
            part,
            f"{prefix}Pipeline",
            name=job.name,
            description=job.purpose,
            definition=fill(
                load_definition(job.definition),
                values=deployment.values,
                lists=deployment.lists,
                parameters={"InstanceType": settings.instance_type, "VolumeSizeInGB": settings.volume_gb},
            ),
            variables=deployment.variables,
            role=roles.pipeline,
            job_tags=cost_tags(self.context),
            max_parallel_steps=1,
        )
        PipelineSchedule(
            part,
            f"{prefix}Schedule",
            pipeline_name=pipeline.name,
            pipeline_arn=pipeline.arn,
            expression=job.schedule,
            key=security.logs_key,
            dead_letters=security.dead_letters,
            rules=self.context.role_rules,
        )
        return roles, pipeline
