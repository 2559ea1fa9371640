"""Observability: alarms, alerts, the overview page, budgets. Duty: operations."""

from __future__ import annotations

from collections.abc import Sequence

from constructs import Construct

from govml_constructs.monitoring.alarm_set import AlarmRule, AlarmSet, Severity
from govml_constructs.monitoring.dashboard_widgets import Graph
from govml_constructs.monitoring.event_alert import EventAlert
from govml_constructs.monitoring.overview_dashboard import OverviewDashboard
from govml_constructs.monitoring.saved_queries import SavedQueries
from stacks.dashboards.foundation_models import guardrail_graph
from stacks.dashboards.jobs import PIPELINES
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
                graphs=[*graphs(context, pipelines, queue), *ingestion_graphs(sources), *canary_graphs(targets)],
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


def _id(name: str) -> str:
    return "".join(part.title() for part in name.replace(".", "-").replace(":", "-").split("-"))


def pipeline_alarms(pipelines: Sequence[str]) -> list[AlarmRule]:
    """Return one alarm a pipeline: a run has failed."""
    return [
        AlarmRule(
            construct_id=f"PipelineFailed{_id(name)}",
            description=f"A run of pipeline {name} failed.",
            namespace=PIPELINES,
            metric="ExecutionFailed",
            dimensions={"PipelineName": name},
            severity="ticket",
            owner="ML engineer",
            runbook="docs/operations/pipeline-failed.md",
        )
        for name in pipelines
    ]


def undelivered_alarm(queue_name: str) -> AlarmRule:
    """Return the alarm on messages that nobody could handle: an alert or a scheduled start was lost."""
    return AlarmRule(
        construct_id="UndeliveredMessages",
        description="An alert or a scheduled start was not delivered, and lies in the queue of dead letters.",
        namespace="AWS/SQS",
        metric="ApproximateNumberOfMessagesVisible",
        dimensions={"QueueName": queue_name},
        statistic="Maximum",
        severity="page",
        owner="operations engineer",
        runbook="docs/operations/undelivered-messages.md",
    )


def model_alarms(models: Sequence[str]) -> list[AlarmRule]:
    """Return two alarms a foundation model: it fails, and it refuses calls for their number."""
    rules = []
    for model in models:
        kinds: list[tuple[str, str, int, Severity]] = [
            ("Failing", "InvocationServerErrors", 5, "page"),
            ("Throttled", "InvocationThrottles", 20, "ticket"),
        ]
        for kind, metric, threshold, severity in kinds:
            rules.append(
                AlarmRule(
                    construct_id=f"Model{kind}{_id(model)}",
                    description=f"Foundation model {model}: {metric} is at {threshold} or more in 5 minutes.",
                    namespace="AWS/Bedrock",
                    metric=metric,
                    dimensions={"ModelId": model},
                    threshold=threshold,
                    severity=severity,
                    owner="platform engineer",
                    runbook="docs/operations/foundation-models.md",
                )
            )
    return rules


def graphs(context: EnvironmentContext, pipelines: Sequence[str], queue_name: str) -> list[Graph]:
    """Return the graphs that the chosen components can fill."""
    out = []
    if pipelines:
        for title, metric in (
            ("Pipeline runs started", "ExecutionStarted"),
            ("Pipeline runs failed", "ExecutionFailed"),
        ):
            metrics = [[PIPELINES, metric, "PipelineName", name] for name in pipelines]
            out.append(Graph(title=title, metrics=metrics, period_seconds=3600))
        metrics = [[PIPELINES, "ExecutionDuration", "PipelineName", name] for name in pipelines]
        out.append(Graph(title="Length of pipeline runs", metrics=metrics, statistic="Maximum", period_seconds=3600))
    undelivered = [["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue_name]]
    out.append(Graph(title="Undelivered messages", metrics=undelivered, statistic="Maximum"))
    if context.switches.ai_service and context.settings.ai:
        models = context.settings.ai.models
        for title, metric, statistic in (
            ("Model calls", "Invocations", "Sum"),
            ("Model latency, p99 (ms)", "InvocationLatency", "p99"),
            ("Model tokens out", "OutputTokenCount", "Sum"),
        ):
            metrics = [["AWS/Bedrock", metric, "ModelId", model] for model in models]
            out.append(Graph(title=title, metrics=metrics, statistic=statistic))
        out.append(guardrail_graph())
    return out
