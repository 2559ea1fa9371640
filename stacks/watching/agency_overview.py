"""One page for the whole agency, in the account of one environment; accounts of the others are linked to it."""

from __future__ import annotations

from constructs import Construct

from govml.settings.names import Names
from govml_constructs.monitoring.account_links import ObservabilityLink, ObservabilitySink
from govml_constructs.monitoring.dashboard_widgets import Graph, Row
from govml_constructs.monitoring.overview_dashboard import OverviewDashboard
from govml_constructs.serving.endpoint_plan import LIVE
from stacks.dashboards.jobs import PIPELINES
from stacks.environment.context import EnvironmentContext
from stacks.serving.endpoint_requests import requests

_HOUR, _DAY = 3600, 86_400


def make_agency_overview(scope: Construct, *, context: EnvironmentContext) -> str | None:
    """Make the page and the sink in the environment that has them, and the link in the accounts that show themselves.

    Args:
        scope: the stack Observability.
        context: the environment.

    Returns:
        ARN of the sink, where one is made here.
    """
    chosen = context.settings.observability.agency_overview
    if chosen is None:
        return None
    own = context.environment.account
    home = context.settings.environment(chosen.environment).account
    if context.environment_name == chosen.environment:
        OverviewDashboard(
            scope,
            "Agency",
            name=f"{context.settings.agency}-agency",
            heading=f"# {context.settings.agency}: all environments\nA page of one: {context.names.dashboard()}.",
            alarm_arns=[],
            graphs=agency_graphs(context),
        )
        others = sorted({each.account for each in context.settings.environments.values()} - {home})
        if others:
            return ObservabilitySink(scope, "Sink", name=f"{context.settings.agency}-agency", accounts=others).arn
    elif chosen.sink_arn is not None and own != home and context.account_owner == context.environment_name:
        ObservabilityLink(scope, "Link", sink_arn=chosen.sink_arn, label=context.names.prefix)
    return None


def agency_graphs(context: EnvironmentContext) -> list[Graph]:
    """Return the graphs of every environment, and of the foundation models of every account."""
    settings, own = context.settings, context.environment.account
    graphs: list[Graph] = []
    accounts: set[str] = set()
    for name, environment in settings.environments.items():
        account = None if environment.account == own else environment.account
        graphs += _of_environment(context, Names(settings.agency, name), account)
        if settings.switches.ai_service and settings.ai is not None and environment.account not in accounts:
            accounts.add(environment.account)
            tokens = [["AWS/Bedrock", "OutputTokenCount", "ModelId", model] for model in settings.ai.models]
            title = f"Account of {name}: tokens out of foundation models"
            graphs.append(Graph(title=title, metrics=tokens, period_seconds=_HOUR, account=account))
    return graphs


def _of_environment(context: EnvironmentContext, names: Names, account: str | None) -> list[Graph]:
    settings, graphs = context.settings, []
    calls: list[Row] = []
    for use_case, served in settings.served.items():
        failed = ["AWS/SageMaker", "Invocation5XXErrors", "EndpointName", names.endpoint(use_case), "VariantName", LIVE]
        calls += [requests(names.endpoint(use_case), served.kind), failed]
    if calls:
        graphs.append(Graph(title=f"{names.prefix}: requests, and those that failed", metrics=calls, account=account))
    if settings.switches.training_pipeline:
        runs = [[PIPELINES, "ExecutionFailed", "PipelineName", names.pipeline(each)] for each in settings.use_cases]
        title = f"{names.prefix}: pipeline runs that failed"
        graphs.append(Graph(title=title, metrics=runs, period_seconds=_HOUR, account=account))
    watched = [names.endpoint(use_case) for use_case in settings.watched]
    if watched:
        found = [
            ["GovML/Monitoring", metric, "Endpoint", each] for each in watched for metric in ("Drifted", "BrokenFeed")
        ]
        title = f"{names.prefix}: models that drift, feeds that are broken"
        graphs.append(Graph(title=title, metrics=found, statistic="Maximum", period_seconds=_DAY, account=account))
    return graphs
