"""Network: a VPC without internet, its endpoints and tiers. Duty: network administrator."""

from __future__ import annotations

from constructs import Construct

from govml.settings.features import Switches
from govml_constructs.account_setting import AccountSetting
from govml_constructs.identity.customer_policy import Statement
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.network.isolated_vpc import IsolatedVpc, TierSecurityGroup
from govml_constructs.network.private_endpoints import PrivateEndpoints
from govml_constructs.validation.acknowledgement import acknowledge
from stacks.base import EnvironmentStack
from stacks.context import EnvironmentContext
from stacks.security import SecurityStack

_HTTPS = 443
_BASE: tuple[str, ...] = (
    "s3",
    "kms",
    "logs",
    "monitoring",
    "sts",
    "ecr.api",
    "ecr.dkr",
    "sagemaker.api",
    "sagemaker.runtime",
)


def endpoint_services(switches: Switches, region: str) -> list[str]:
    """Return the services that the chosen components call, in a fixed order; each costs money in every zone."""
    services = list(_BASE)
    if switches.experiment_tracking:
        services.append(f"aws.sagemaker.{region}.experiments")
    if switches.studio:
        services.append(f"aws.sagemaker.{region}.studio")
    if switches.catalogue:
        services += ["athena", "glue"]
    if switches.ai_service:
        services.append("bedrock-runtime")
    if switches.cicd:
        services += ["codeartifact.api", "codeartifact.repositories", "cloudformation", "ssm"]
    return services


class NetworkStack(EnvironmentStack):
    """Isolated subnets, endpoints with policies, flow logs, a security group per tier, the default one closed."""

    def __init__(
        self, scope: Construct, construct_id: str, *, context: EnvironmentContext, security: SecurityStack
    ) -> None:
        super().__init__(
            scope, construct_id, context=context, description="VPC without internet, private endpoints (network admin)"
        )
        flow_logs = EncryptedLogGroup(
            self,
            "FlowLogs",
            key=security.logs_key,
            retention_days=context.settings.observability.log_retention_days,
            subscription=security.log_subscription,
            removal_policy=context.removal_policy,
        )
        network = IsolatedVpc(
            self,
            "Network",
            name=context.names.prefix,
            cidr=str(context.environment.cidr),
            zone_count=context.settings.network.availability_zones,
            flow_logs=flow_logs,
            rules=context.role_rules,
        )
        self.vpc, self.subnet_ids = network.vpc, network.subnet_ids
        self._make_tiers(context.switches)
        PrivateEndpoints(
            self,
            "Endpoints",
            vpc_id=self.vpc.vpc_id,
            subnet_ids=self.subnet_ids,
            security_group_id=self.endpoint_tier.group_id,
            services=endpoint_services(context.switches, self.region),
        )
        self._close_default_group(context, security)
        self.publish("VpcParameter", context.names.parameter("network", "vpc-id"), self.vpc.vpc_id)

    def _make_tiers(self, switches: Switches) -> None:
        self.endpoint_tier = TierSecurityGroup(self, "EndpointTier", vpc=self.vpc, description="Interface endpoints")
        self.job_tier = TierSecurityGroup(self, "JobTier", vpc=self.vpc, description="SageMaker jobs")
        self.job_tier.may_call(self.endpoint_tier, _HTTPS, "Jobs to AWS services")
        self.job_tier.may_talk_within("Distributed jobs")
        self.studio_tier = self.build_tier = None
        if switches.studio:
            self.studio_tier = TierSecurityGroup(self, "StudioTier", vpc=self.vpc, description="SageMaker Studio apps")
            self.studio_tier.may_call(self.endpoint_tier, _HTTPS, "Studio to AWS services")
            self.studio_tier.may_talk_within("Studio apps and their file system")
        if switches.cicd:
            self.build_tier = TierSecurityGroup(self, "BuildTier", vpc=self.vpc, description="CodeBuild")
            self.build_tier.may_call(self.endpoint_tier, _HTTPS, "Builds to AWS services")

    def _close_default_group(self, context: EnvironmentContext, security: SecurityStack) -> None:
        group_id = self.vpc.vpc_default_security_group
        group_arn = self.place.arn("ec2", f"security-group/{group_id}")
        acknowledge(
            self.vpc,
            "NIST.800.53.R5-VPCDefaultSecurityGroupClosed",
            reason=(
                "CloudFormation cannot remove the default group's rules, so the rule warns of every VPC; the setting "
                "DefaultGroupClosed beside this VPC revokes them."
            ),
            owner="platform-security",
            expires="2027-11-20",
        )
        AccountSetting(
            self,
            "DefaultGroupClosed",
            setting="default_security_group",
            resource_type="Custom::DefaultSecurityGroupClosed",
            properties={"SecurityGroupId": group_id},
            statements=[
                Statement(
                    sid="CloseDefaultGroup",
                    actions=["ec2:RevokeSecurityGroupIngress", "ec2:RevokeSecurityGroupEgress"],
                    resources=[group_arn],
                )
            ],
            log_group=security.settings_log,
            key=security.logs_key,
            failures=security.alerts,
            rules=context.role_rules,
        )
