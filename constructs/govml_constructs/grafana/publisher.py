"""`DashboardPublisher`: after each deployment, and once a day, the dashboards are put in place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from aws_cdk import Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from constructs import Construct

from govml_constructs.functions.private_function import PrivateFunction, PrivatePlace
from govml_constructs.grafana.workspace import GrafanaWorkspace
from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.service_role import RoleRules
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.place import PlacedConstruct, place_of

HANDLER = "govml.grafana.publishing.handler.handle"


class DashboardPublisher(PlacedConstruct):
    """A function in the private subnets, from where alone the workspace is reached; EventBridge calls it.

    It cannot be a custom resource: CloudFormation waits for an answer in a bucket of AWS, which the VPC does not reach.

    Args:
        archive: the function's code and the dashboards, a zip.
        workspace: where they go.
        sources: data sources, as JSON.
        where: its place in the VPC.
        log_group: where it logs.
        key: key of its environment and of the alert topic.
        alerts: topic that hears when it has failed three times.
        rules: rules of its role.

    Controls: it makes tokens of one workspace, each for a quarter of an hour and deleted after the run; no token is stored.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        archive: Path,
        workspace: GrafanaWorkspace,
        sources: str,
        where: PrivatePlace,
        log_group: EncryptedLogGroup,
        key: kms.IKey,
        alerts: sns.ITopic,
        rules: RoleRules,
    ) -> None:
        super().__init__(scope, construct_id)
        made = PrivateFunction(
            self,
            "Publish",
            archive=archive,
            handler=HANDLER,
            purpose="Puts dashboards and data sources into Grafana",
            environment={"WORKSPACE_ID": workspace.workspace_id, "URL": workspace.url, "SOURCES": sources},
            statements=[
                Statement(
                    sid="MakeTokens",
                    actions=[
                        "grafana:CreateWorkspaceServiceAccount",
                        "grafana:CreateWorkspaceServiceAccountToken",
                        "grafana:DeleteWorkspaceServiceAccountToken",
                        "grafana:ListWorkspaceServiceAccounts",
                    ],
                    resources=[workspace.arn],
                )
            ],
            log_group=log_group,
            key=key,
            failures=alerts,
            rules=rules,
            timeout_seconds=300,
            where=where,
        )
        self.function_name = made.function.function_name
        deployed = {
            "source": ["aws.cloudformation"],
            "detail-type": ["CloudFormation Stack Status Change"],
            "detail": {
                "stack-id": [Stack.of(self).stack_id],
                "status-details": {"status": ["CREATE_COMPLETE", "UPDATE_COMPLETE"]},
            },
        }
        self._call(made.function, "Deployed", "The stack was deployed", pattern=deployed)
        self._call(made.function, "Daily", "What somebody changed by hand goes back", schedule="rate(1 day)")

    def _call(
        self,
        function: lambda_.Function,
        construct_id: str,
        description: str,
        *,
        pattern: Mapping[str, object] | None = None,
        schedule: str | None = None,
    ) -> None:
        rule = events.CfnRule(
            self,
            construct_id,
            description=f"{description}: dashboards are published",
            event_pattern=pattern,
            schedule_expression=schedule,
            state="ENABLED",
            targets=[events.CfnRule.TargetProperty(id="Publish", arn=function.function_arn)],
        )
        lambda_.CfnPermission(
            self,
            f"{construct_id}May",
            action="lambda:InvokeFunction",
            function_name=function.function_arn,
            principal="events.amazonaws.com",
            source_account=place_of(self).account,
            source_arn=rule.attr_arn,
        )
