"""Observability: alarms, alerts, the overview page, budgets. Duty: operations."""

from __future__ import annotations

from collections.abc import Sequence

from constructs import Construct

from govml_constructs.monitoring.alarm_set import AlarmSet
from govml_constructs.monitoring.event_alert import EventAlert
from govml_constructs.monitoring.overview_dashboard import OverviewDashboard
from govml_constructs.monitoring.saved_queries import SavedQueries
from stacks.environment.base import EnvironmentStack
from stacks.environment.context import EnvironmentContext
from stacks.foundation.network import NetworkStack
from stacks.foundation.security import SecurityStack
from stacks.ingestion.ingestion import IngestionStack
from stacks.ingestion.ingestion_watch import event_alarms, ingestion_graphs, source_alarms
from stacks.ml.feature_store import feature_pipelines
from stacks.watching.agency_overview import make_agency_overview
from stacks.watching.canary_watch import canary_alarms, canary_graphs, canary_targets, make_canary
from stacks.watching.cost_watch import watch_costs, watches_costs
from stacks.watching.endpoint_dashboard import EndpointDashboards
from stacks.watching.overview_alarms import model_alarms, pipeline_alarms, undelivered_alarm
from stacks.watching.overview_graphs import overview_graphs
from stacks.watching.saved_queries import saved_queries


class ObservabilityStack(EnvironmentStack):
    """Alarms on pipelines, foundation models and undelivered messages; an alert for failed runs; one dashboard; budgets."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        context: EnvironmentContext,
        security: SecurityStack,
        network: NetworkStack,
        ingestion: IngestionStack | None = None,
    ) -> None:
        super().__init__(scope, construct_id, context=context, description="Alarms and dashboard (operations)")
        pipelines = (
            [
                *(context.names.pipeline(use_case) for use_case in context.settings.use_cases),
                *feature_pipelines(context),
            ]
            if context.switches.training_pipeline
            else []
        )
        sources = list(context.settings.sources) if ingestion is not None else []
        pipelines += [context.names.ingestion_pipeline(source) for source in sources]
        pipelines += [context.names.fetch_pipeline(source) for source in context.settings.fetched_sources]
        pipelines += [context.names.batch_pipeline(use_case) for use_case in context.settings.batched]
        pipelines += [context.names.monitoring_pipeline(use_case) for use_case in context.settings.watched]
        queue, targets = security.dead_letters.queue_name, canary_targets(context)
        alarm_arns: list[str] = []
        if context.switches.alarms:
            rules = [*pipeline_alarms(pipelines), undelivered_alarm(queue)]
            if ingestion is not None:
                rules += [*source_alarms(sources), *event_alarms(ingestion.trigger)]
            if context.switches.ai_service:
                rules += model_alarms(context.settings.ai.models if context.settings.ai else ())
            rules += canary_alarms(targets)
            alarms = AlarmSet(self, "Alarms", name_prefix=context.names.prefix, rules=rules, topic=security.alerts)
            alarm_arns = alarms.alarm_arns
            if pipelines:
                self._alert_on_failed_runs(context, pipelines, security)
        if context.switches.dashboards:
            OverviewDashboard(
                self,
                "Overview",
                name=context.names.dashboard(),
                heading=f"# {context.settings.agency} / {context.environment_name}\n"
                f"Owner {context.settings.owner}. Data up to {context.settings.data_classification}.",
                alarm_arns=alarm_arns,
                graphs=[
                    *overview_graphs(context, pipelines, queue),
                    *ingestion_graphs(sources),
                    *canary_graphs(targets),
                ],
            )
            EndpointDashboards(self, "Endpoints", context=context)
            if queries := saved_queries(context):
                SavedQueries(self, "Queries", folder=context.names.prefix, queries=queries)
        if targets:
            make_canary(self, context=context, targets=targets, security=security, network=network)
        if context.switches.dashboards and (sink := make_agency_overview(self, context=context)):
            self.publish("SinkParameter", context.names.sink_arn(), sink)
        if watches_costs(context):
            watch_costs(self, context, security.alerts)

    def _alert_on_failed_runs(
        self, context: EnvironmentContext, pipelines: Sequence[str], security: SecurityStack
    ) -> None:
        arns = [self.place.arn("sagemaker", f"pipeline/{name}") for name in pipelines]
        EventAlert(
            self,
            "FailedRuns",
            description="A pipeline run failed or was rejected by its acceptance criteria",
            pattern={
                "source": ["aws.sagemaker"],
                "detail-type": ["SageMaker Model Building Pipeline Execution Status Change"],
                "detail": {"pipelineArn": arns, "currentPipelineExecutionStatus": ["Failed", "Stopped"]},
            },
            message=f"{context.names.prefix}: pipeline run <run> is <status>. Look at its steps in SageMaker Pipelines.",
            fields={"run": "$.detail.pipelineExecutionArn", "status": "$.detail.currentPipelineExecutionStatus"},
            topic=security.alerts,
            dead_letters=security.dead_letters,
            severity="ticket",
            owner="ML engineer",
            runbook="docs/operations/pipeline-failed.md",
        )
