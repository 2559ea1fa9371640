"""The security groups of an environment, by tier, and who may call whom."""

from __future__ import annotations

from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from govml_constructs.network.tier_security_group import TierSecurityGroup
from stacks.environment.context import EnvironmentContext

_HTTPS = 443


class NetworkTiers:
    """Endpoints, jobs, and where they are switched on Studio, builds, telemetry and fetching; imported groups are used as they are.

    Args:
        scope: the stack that gets the groups.
        context: the environment.
        vpc: the VPC.
    """

    def __init__(self, scope: Construct, *, context: EnvironmentContext, vpc: ec2.IVpc) -> None:
        self._scope, self._context, self._vpc = scope, context, vpc
        switches = context.switches
        self.endpoints = self._tier("EndpointTier", "Interface endpoints", "endpoints")
        self.jobs = self._tier("JobTier", "SageMaker jobs", "jobs")
        self._may_call_services(self.jobs, "Jobs")
        self.jobs.may_talk_within("Distributed jobs")
        self.studio = self.builds = self.fetching = self.telemetry = None
        if switches.studio:
            self.studio = self._tier("StudioTier", "SageMaker Studio apps", "studio")
            self._may_call_services(self.studio, "Studio")
            self.studio.may_talk_within("Studio apps and their file system")
        if switches.cicd:
            self.builds = self._tier("BuildTier", "CodeBuild", "builds")
            self._may_call_services(self.builds, "Builds")
        self.grafana = None
        if context.settings.hosts_grafana(context.environment):
            self.grafana = self._tier("GrafanaTier", "Grafana and the publishing of its dashboards", "grafana")
            self._may_call_services(self.grafana, "Grafana")
        if switches.telemetry:
            self.telemetry = self._tier("TelemetryTier", "Forwarder of metrics and traces", "telemetry")
            self._may_call_services(self.telemetry, "Telemetry")
        if context.settings.fetched_sources:
            self.fetching = self._tier("FetchTier", "Fetching of data sources", "fetching")
            self._may_call_services(self.fetching, "Fetching")

    def let_out(self, prefix_list_id: str) -> None:
        """Let the tiers that the agency file names open port 443 to the addresses of a list; the firewall looks at the rest."""
        for name, tier in (("builds", self.builds), ("studio", self.studio)):
            if tier is not None and name in self._context.settings.network.internet_tiers:
                tier.may_call_prefix_list(prefix_list_id, _HTTPS, "Filtered way out")
        if self.fetching is not None:
            self.fetching.may_call_prefix_list(prefix_list_id, _HTTPS, "Filtered way out")

    def _tier(self, construct_id: str, description: str, name: str) -> TierSecurityGroup:
        imported = self._context.environment.network_import
        given = getattr(imported.security_groups, name, None) if imported is not None else None
        return TierSecurityGroup(self._scope, construct_id, vpc=self._vpc, description=description, group_id=given)

    def _may_call_services(self, tier: TierSecurityGroup, who: str) -> None:
        tier.may_call(self.endpoints, _HTTPS, f"{who} to AWS services")
        imported = self._context.environment.network_import
        if imported is None:
            return
        tier.may_call_ranges([str(each) for each in imported.endpoint_cidrs], _HTTPS, f"{who} to AWS services")
        if imported.s3_prefix_list_id is not None:
            tier.may_call_prefix_list(imported.s3_prefix_list_id, _HTTPS, f"{who} to S3")
