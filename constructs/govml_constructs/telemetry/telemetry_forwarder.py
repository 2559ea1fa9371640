"""`TelemetryForwarder`: lines of logs -> the function that hands their metrics and traces on."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from constructs import Construct

from govml_constructs.functions.private_function import PrivateFunction, PrivatePlace
from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.service_role import RoleRules
from govml_constructs.monitoring.encrypted_log_group import EncryptedLogGroup
from govml_constructs.place import PlacedConstruct, place_of
from govml_constructs.telemetry.prometheus_workspace import PrometheusWorkspace
from govml_constructs.validation.acknowledgement import acknowledge

HANDLER = "govml.telemetry.forwarder.handler.handle"


class TelemetryForwarder(PlacedConstruct):
    """A function in the private subnets that reads lines of telemetry and hands them on.

    Args:
        archive: the function's code, a zip.
        workspace: takes metrics; None: they are left alone.
        traces: whether X-Ray takes traces.
        where: its place in the VPC.
        log_group: where it logs.
        key: key of its environment and of the alert topic.
        alerts: topic that hears of events which it failed on three times.
        rules: rules of its role.

    Attributes:
        function: the function; `LogFeed` subscribes it to a log group.

    Controls: it writes samples to one workspace and segments to X-Ray, reads nothing, and reaches AWS by the VPC's endpoints;
    only this account's SageMaker log groups call it.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        archive: Path,
        workspace: PrometheusWorkspace | None,
        traces: bool,
        where: PrivatePlace,
        log_group: EncryptedLogGroup,
        key: kms.IKey,
        alerts: sns.ITopic,
        rules: RoleRules,
    ) -> None:
        super().__init__(scope, construct_id)
        place = place_of(self)
        statements, environment = [], {}
        if workspace is not None:
            statements.append(Statement(sid="WriteSamples", actions=["aps:RemoteWrite"], resources=[workspace.arn]))
            environment["REMOTE_WRITE_URL"] = workspace.remote_write_url
        if traces:
            statements.append(Statement(sid="WriteTraces", actions=["xray:PutTraceSegments"], resources=["*"]))
            environment["TRACES"] = "xray"
        made = PrivateFunction(
            self,
            "Forwarder",
            archive=archive,
            handler=HANDLER,
            purpose="Hands on metrics and traces from logs, since the containers that write them have no network",
            environment=environment,
            statements=statements,
            where=where,
            log_group=log_group,
            key=key,
            failures=alerts,
            rules=rules,
        )
        if traces:
            acknowledge(
                made,
                "AwsSolutions-IAM5",
                finding="Resource::*",
                reason="X-Ray's actions take no resource (service authorization reference, AWS X-Ray); it only writes.",
                owner="platform-security",
                expires="2027-11-20",
            )
        self.function = made.function
        lambda_.CfnPermission(
            self,
            "ByLogs",
            action="lambda:InvokeFunction",
            function_name=made.function.function_arn,
            principal="logs.amazonaws.com",
            source_account=place.account,
            source_arn=place.arn("logs", "log-group:/aws/sagemaker/*"),
        )
