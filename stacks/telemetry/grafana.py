"""Grafana: one workspace for the agency, and its dashboards. Duty: operations."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from aws_cdk import aws_ssm as ssm
from constructs import Construct

from govml.grafana.publishing import sources
from govml.grafana.publishing.plan import AGENCY_FILE, agency_text
from govml.service_levels.promised import promised
from govml.settings.grafana import GrafanaSettings, SamlSettings
from govml.settings.names import Names
from govml_constructs.grafana.publisher import DashboardPublisher
from govml_constructs.grafana.workspace import GrafanaWorkspace, Saml, WorkspaceNetwork
from govml_constructs.monitoring.alarm_set import AlarmRule
from govml_constructs.monitoring.dashboard_widgets import LogTable
from govml_constructs.pascal import pascal
from stacks.dashboards.functions import LAST_LINES, function_graphs
from stacks.dashboards.page import add_page
from stacks.environment.alarms import add_alarms, function_alarm
from stacks.environment.base import EnvironmentStack
from stacks.environment.context import EnvironmentContext
from stacks.environment.function_code import function_archive
from stacks.environment.job_code import BUILD_FOLDER
from stacks.foundation.network import NetworkStack
from stacks.foundation.security import SecurityStack
from stacks.telemetry.telemetry import TelemetryStack

CODE = ("govml/__init__.py", "govml/grafana/__init__.py", "govml/grafana/publishing", "govml/grafana/dashboards")
"""What goes into the function's archive, relative to the repository; beside it, what differs between agencies."""


class GrafanaStack(EnvironmentStack):
    """The workspace, and the function that publishes the dashboards.

    Args:
        grafana: what the agency file says of it.
        telemetry: the workspace of Prometheus of this environment; those of others are known by their parameters.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        context: EnvironmentContext,
        grafana: GrafanaSettings,
        security: SecurityStack,
        network: NetworkStack,
        telemetry: TelemetryStack | None,
    ) -> None:
        super().__init__(scope, construct_id, context=context, description="Dashboards of the agency (operations)")
        if network.grafana_tier is None:
            raise ValueError("the network was made without its tier for Grafana")
        names, group_id = context.names, network.grafana_tier.group_id
        prometheus, traces = self._workspaces(telemetry), context.switches.tracing
        workspace = GrafanaWorkspace(
            self,
            "Grafana",
            name=names.resource("grafana"),
            version=grafana.version,
            saml=_saml(grafana.saml) if grafana.saml else None,
            network=WorkspaceNetwork(
                network.subnet_ids, group_id, network.endpoint_ids["grafana-workspace"], grafana.reached_from
            ),
            prometheus_arns=[self.place.arn("aps", f"workspace/{each}") for each in prometheus.values()],
            traces=traces,
            rules=context.role_rules,
        )
        log = security.log_group(self, "Log")
        wanted = self._sources(prometheus, traces=traces)
        publisher = DashboardPublisher(
            self,
            "Dashboards",
            archive=archive(context),
            workspace=workspace,
            sources=wanted,
            where=network.private_place(network.grafana_tier),
            log_group=log,
            key=security.logs_key,
            alerts=security.alerts,
            rules=context.role_rules,
        )
        for what, value in (
            ("workspace-id", workspace.workspace_id),
            ("url", workspace.url),
            ("sources", wanted),
        ):
            self.publish(f"{pascal(what)}Parameter", names.grafana(what), value)
        alarms = add_alarms(self, [unpublished_alarm(publisher.function_name)], topic=security.alerts)
        add_page(
            self,
            "grafana",
            title="Publishing of dashboards",
            runbook="docs/dashboards.md",
            graphs=function_graphs([publisher.function_name]),
            tables=[LogTable("Last publications", [log.log_group_name], LAST_LINES)],
            alarm_arns=alarms,
        )

    def _workspaces(self, telemetry: TelemetryStack | None) -> dict[str, str]:
        """Return prefix of an environment -> id of its Prometheus workspace."""
        settings = self.context.settings
        if telemetry is None or telemetry.workspace is None:
            return {}
        others = [Names(settings.agency, each) for each in settings.seen_by_grafana(self.context.environment_name)[:-1]]
        parameter = ssm.StringParameter.value_for_string_parameter
        known = {each.prefix: parameter(self, each.prometheus("workspace-id")) for each in others}
        return {**known, self.context.names.prefix: telemetry.workspace.workspace_id}

    def _sources(self, workspaces: Mapping[str, str], *, traces: bool) -> str:
        """Return the data sources as JSON: Prometheus of each environment, this one's first, CloudWatch, X-Ray."""
        region = self.context.settings.region
        endpoint = f"https://aps-workspaces.{region}.amazonaws.com/workspaces"
        found = [
            sources.prometheus(prefix, f"{endpoint}/{id_}", region, first=prefix == self.context.names.prefix)
            for prefix, id_ in workspaces.items()
        ]
        found.append(sources.cloudwatch(region))
        if traces:
            found.append(sources.xray(region))
        return self.to_json_string(found)


def unpublished_alarm(function_name: str) -> AlarmRule:
    """Return the alarm on a publisher that fails: Grafana shows what was published before."""
    return function_alarm(
        "DashboardsUnpublished",
        function_name,
        description="Dashboards and data sources could not be put into Grafana, which shows those of before.",
        severity="ticket",
        owner="operations engineer",
        runbook="docs/operations/grafana.md",
    )


def archive(context: EnvironmentContext) -> Path:
    """Return the function's archive: its code, the dashboards, and what this agency fills into them."""
    seen = context.settings.seen_by_grafana(context.environment_name)
    text = agency_text(
        promised(context.settings, seen), [Names(context.settings.agency, name).prefix for name in reversed(seen)]
    )
    BUILD_FOLDER.mkdir(parents=True, exist_ok=True)
    filled = BUILD_FOLDER / f"grafana-{context.names.prefix}.json"
    filled.write_text(text, encoding="utf-8")
    return function_archive(CODE, {filled: f"govml/grafana/{AGENCY_FILE}"})


def _saml(settings: SamlSettings) -> Saml:
    return Saml(
        metadata_url=settings.metadata_url,
        admins=settings.admins,
        editors=settings.editors,
        role=settings.role_attribute,
        login=settings.login_attribute,
        email=settings.email_attribute,
        name=settings.name_attribute,
        session_minutes=settings.session_minutes,
    )
