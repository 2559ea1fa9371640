"""`TrackingServer`: SageMaker's managed MLflow on an instance of its own, which a VPC reaches through its endpoint."""

from __future__ import annotations

from typing import Literal

from aws_cdk import RemovalPolicy
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.service_role import ServiceRole
from govml_constructs.ml.tracking_statements import compare_runs, track_runs
from govml_constructs.place import PlacedConstruct

Size = Literal["small", "medium", "large"]
# UTC: early on Monday in Singapore. The service is away for some minutes.
_MAINTENANCE = "Sun:18:00"


class TrackingServer(PlacedConstruct):
    """An MLflow tracking server; it is paid for by the hour, used or not. Model registration stays with the pipeline.

    It runs the newest MLflow that the service offers when it is made; a server's version cannot be changed afterwards.

    Args:
        name: physical name.
        size: how many users and runs it serves at a time.
        artifact_uri: S3 URI prefix for artefacts.
        role: role that MLflow uses to reach that prefix.
        removal_policy: `RETAIN` unless the environment may be destroyed with its data.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        size: Size,
        artifact_uri: str,
        role: ServiceRole,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        self.resource = sagemaker.CfnMlflowTrackingServer(
            self,
            "Server",
            tracking_server_name=name,
            tracking_server_size=size.title(),
            artifact_store_uri=artifact_uri,
            role_arn=role.role_arn,
            automatic_model_registration=False,
            weekly_maintenance_window_start=_MAINTENANCE,
        )
        self.resource.apply_removal_policy(removal_policy)
        self.arn = self.resource.attr_tracking_server_arn

    def track_statements(self) -> list[Statement]:
        """Return what a job needs to write runs into this server, and only this one."""
        return [
            track_runs(self.arn),
            Statement(
                sid="FindTrackingServer", actions=["sagemaker:DescribeMlflowTrackingServer"], resources=[self.arn]
            ),
        ]

    def view_statements(self) -> list[Statement]:
        """Return what a person needs to open this server and compare its runs; nothing is written."""
        return [
            compare_runs(self.arn),
            Statement(
                sid="OpenTrackingServer",
                actions=["sagemaker:CreatePresignedMlflowTrackingServerUrl", "sagemaker:DescribeMlflowTrackingServer"],
                resources=[self.arn],
            ),
        ]
