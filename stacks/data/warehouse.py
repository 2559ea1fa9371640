"""Warehouse: Redshift Serverless beside the lake. Duty: data engineer."""

from __future__ import annotations

from constructs import Construct

from govml_constructs.account_setting import AccountSetting
from govml_constructs.identity.customer_policy import Statement
from govml_constructs.storage.warehouse import Warehouse
from govml_constructs.validation.acknowledgement import acknowledge
from stacks.data.data import DataStack
from stacks.environment.base import EnvironmentStack
from stacks.environment.context import EnvironmentContext
from stacks.foundation.network import NetworkStack
from stacks.foundation.security import SecurityStack


class WarehouseStack(EnvironmentStack):
    """The warehouse, who may connect to it, and the limit beyond which it refuses queries."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        context: EnvironmentContext,
        security: SecurityStack,
        network: NetworkStack,
        data: DataStack,
    ) -> None:
        super().__init__(
            scope, construct_id, context=context, description="Warehouse in private subnets (data engineer)"
        )
        names, settings = context.names, context.settings.data.warehouse
        warehouse = Warehouse(
            self,
            "Warehouse",
            name=names.warehouse(),
            database="analytics",
            key=security.data_key,
            logs_key=security.logs_key,
            retention_days=context.settings.observability.log_retention_days,
            subscription=security.log_subscription,
            loads=data.curated_tables(),
            vpc_id=network.vpc.vpc_id,
            subnet_ids=network.subnet_ids,
            callers={"Jobs": network.job_tier},
            endpoints=network.endpoint_tier,
            base_capacity_rpu=settings.base_capacity_rpu,
            rules=context.role_rules,
            removal_policy=context.removal_policy,
        )
        self._limit(warehouse.workgroup_arn, settings.max_rpu_hours_per_day, security)
        self.publish("NameParameter", names.parameter("data", "warehouse"), warehouse.workgroup_name)

    def _limit(self, workgroup_arn: str, rpu_hours: int, security: SecurityStack) -> None:
        """Limit a day's use; CloudFormation has no type for it."""
        limit = AccountSetting(
            self,
            "UsageLimit",
            setting="warehouse_usage_limit",
            resource_type="Custom::WarehouseUsageLimit",
            properties={"WorkgroupArn": workgroup_arn, "RpuHoursPerDay": str(rpu_hours)},
            statements=[
                Statement(
                    sid="LimitUsage",
                    actions=[
                        "redshift-serverless:CreateUsageLimit",
                        "redshift-serverless:ListUsageLimits",
                        "redshift-serverless:UpdateUsageLimit",
                    ],
                    resources=["*"],
                )
            ],
            log_group=security.settings_log,
            key=security.logs_key,
            failures=security.alerts,
            rules=self.context.role_rules,
        )
        acknowledge(
            limit,
            "AwsSolutions-IAM5",
            reason=(
                "The three actions take no resource (service authorization reference, Redshift Serverless). The function "
                "limits the workgroup that the stack names, deletes no limit, and is called by deployments alone."
            ),
            owner="platform-security",
            expires="2027-11-20",
            finding="Resource::*",
        )
