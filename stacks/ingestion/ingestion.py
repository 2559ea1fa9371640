"""Ingestion: delivered files become curated tables, source by source. Duty: data engineer."""

from __future__ import annotations

from functools import partial

from constructs import Construct

from govml_constructs.identity.customer_policy import CustomerPolicy
from govml_constructs.ingestion_trigger import IngestionTrigger
from govml_constructs.ml.code_archive import CodeArchive
from govml_constructs.ml.job_network import JobNetworkPolicy
from govml_constructs.pascal import pascal
from stacks.dashboards.functions import function_graphs, queue_graphs
from stacks.dashboards.jobs import pipeline_graphs
from stacks.dashboards.page import add_page
from stacks.data.data import DataStack
from stacks.environment.base import EnvironmentStack
from stacks.environment.context import EnvironmentContext
from stacks.environment.job_code import BUILD_FOLDER, archive_sources
from stacks.foundation.network import NetworkStack
from stacks.foundation.security import SecurityStack
from stacks.ingestion.ingestion_watch import ingestion_graphs
from stacks.ingestion.source_job import fetching_job, ingestion_job
from stacks.ingestion.source_pipeline import make_source_pipeline
from stacks.ml.ml_platform import MlPlatformStack


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
        names, sources = context.names, context.settings.sources
        self.job_roles: dict[str, str] = {}
        pipelines: dict[str, str] = {}
        fetch_network = self._fetch_network(network) if context.settings.fetched_sources else None
        for source, settings in sources.items():
            part = Construct(self, pascal(source))
            code = CodeArchive(
                part,
                "Code",
                sources=archive_sources(source),
                build_folder=BUILD_FOLDER,
                read=context.read_folders,
            )
            make = partial(
                make_source_pipeline,
                part,
                context=context,
                code=code,
                settings=settings,
                security=security,
                platform=platform,
            )
            roles, pipeline = make(
                ingestion_job(
                    source,
                    schedule=settings.sweep,
                    place=self.place,
                    network=network,
                    data=data,
                    platform=platform,
                )
            )
            self.job_roles[source] = roles.job.role_arn
            if data.formation is not None:
                data.formation.let_make_tables(part, "Grant", roles.job.role_arn)
            pipelines[names.slug(source)] = pipeline.arn
            if settings.fetch is not None and fetch_network is not None:
                make(
                    fetching_job(
                        source,
                        schedule=settings.fetch,
                        interfaces=fetch_network,
                        network=network,
                        data=data,
                        platform=platform,
                    )
                )
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

    def _fetch_network(self, network: NetworkStack) -> CustomerPolicy:
        """Return what jobs with a way out need: of all jobs, they alone may open interfaces in those subnets."""
        tier = network.fetch_tier
        return JobNetworkPolicy(
            self,
            "FetchNetwork",
            subnet_arns=[self.place.arn("ec2", f"subnet/{subnet}") for subnet in network.fetch_subnet_ids],
            security_group_arns=[self.place.arn("ec2", f"security-group/{tier.group_id}")] if tier else [],
            rules=self.context.role_rules,
        ).policy
