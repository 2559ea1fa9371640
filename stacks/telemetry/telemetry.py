"""Telemetry: Managed Prometheus with its rules, and the function that hands on what logs tell. Duty: operations."""

from __future__ import annotations

from constructs import Construct

from govml.service_levels.promised import objectives
from govml.settings import Settings
from govml.settings.names import Names
from govml.telemetry.alert_routes import alert_manager
from govml.telemetry.forwarder.lines import FILTER_PATTERN
from govml.telemetry.rules import all_groups, as_yaml
from govml_constructs.monitoring.alarm_set import AlarmRule
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.pascal import pascal
from govml_constructs.telemetry.log_feed import LogFeed
from govml_constructs.telemetry.prometheus_workspace import PrometheusWorkspace
from govml_constructs.telemetry.telemetry_forwarder import TelemetryForwarder
from stacks.dashboards.functions import function_graphs
from stacks.dashboards.page import add_page
from stacks.environment.alarms import add_alarms, function_alarm
from stacks.environment.base import EnvironmentStack
from stacks.environment.context import EnvironmentContext
from stacks.environment.function_code import function_archive
from stacks.foundation.network import NetworkStack
from stacks.foundation.security import SecurityStack

CODE = ("govml/__init__.py", "govml/telemetry/__init__.py", "govml/telemetry/forwarder")
"""What goes into the function's archive, relative to the repository."""


class TelemetryStack(EnvironmentStack):
    """The workspace (switch `managed_prometheus`) and the forwarder.

    Attributes:
        workspace: the workspace; None without its switch.
        forwarder: the function.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        context: EnvironmentContext,
        security: SecurityStack,
        network: NetworkStack,
    ) -> None:
        super().__init__(scope, construct_id, context=context, description="Metrics and traces (operations)")
        if network.telemetry_tier is None:
            raise ValueError("the network was made without its tier for telemetry")
        self._security = security
        self.workspace = self._make_workspace(security) if context.switches.managed_prometheus else None
        self.forwarder = TelemetryForwarder(
            self,
            "Telemetry",
            archive=function_archive(CODE),
            workspace=self.workspace,
            traces=context.switches.tracing,
            where=network.private_place(network.telemetry_tier),
            log_group=self._log("Log"),
            key=security.logs_key,
            alerts=security.alerts,
            rules=context.role_rules,
        )
        function = self.forwarder.function.function_name
        alarms = add_alarms(self, [forwarder_alarm(function)], topic=security.alerts)
        add_page(
            self,
            "telemetry",
            title="Telemetry",
            runbook="docs/operations/telemetry.md",
            graphs=function_graphs([function]),
            alarm_arns=alarms,
        )

    def _make_workspace(self, security: SecurityStack) -> PrometheusWorkspace:
        names, settings = self.context.names, self.context.settings
        made = PrometheusWorkspace(
            self,
            "Prometheus",
            alias=names.prefix,
            key=security.logs_key,
            log_group=self._log("PrometheusLog", name=f"/aws/vendedlogs/prometheus/{names.prefix}"),
            rules=prometheus_rules(settings, names),
            alert_manager=alert_manager(security.alerts.topic_arn, settings.region),
        )
        for what, value in (("workspace-id", made.workspace_id), ("workspace-arn", made.arn)):
            self.publish(f"Prometheus{pascal(what)}", names.prometheus(what), value)
        return made

    def _log(self, construct_id: str, name: str | None = None) -> EncryptedLogGroup:
        return self._security.log_group(self, construct_id, name=name)


def feed(scope: Construct, construct_id: str, *, telemetry: TelemetryStack | None, log_group_name: str) -> None:
    """Let the forwarder read a log group, where there is a forwarder."""
    if telemetry is not None:
        LogFeed(
            scope,
            construct_id,
            log_group_name=log_group_name,
            function_arn=telemetry.forwarder.function.function_arn,
            pattern=FILTER_PATTERN,
        )


def prometheus_rules(settings: Settings, names: Names) -> str:
    """Return the rules file of an environment: what its endpoints promise, and what holds for all."""
    promised = [
        each
        for use_case, endpoint in settings.served.items()
        for each in objectives(names.endpoint(use_case), endpoint.objectives)
    ]
    return as_yaml(all_groups(promised))


def forwarder_alarm(function_name: str) -> AlarmRule:
    """Return the alarm on a forwarder that fails again and again."""
    return function_alarm(
        "TelemetryFailing",
        function_name,
        description="The forwarder of metrics and traces has failed for a quarter of an hour; alerts of Prometheus judge nothing.",
        periods=3,
        severity="ticket",
        owner="operations engineer",
        runbook="docs/operations/telemetry.md",
    )
