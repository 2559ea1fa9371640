"""`TrackingApp`: SageMaker's managed MLflow, where every pipeline run is tracked."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.service_role import ServiceRole
from govml_constructs.ml.tracking_statements import compare_runs, track_runs
from govml_constructs.place import PlacedConstruct


class TrackingApp(PlacedConstruct):
    """A serverless MLflow App; it costs nothing while idle. Model registration stays with the pipeline and its gate.

    Args:
        name: physical name.
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
        artifact_uri: str,
        role: ServiceRole,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        self.resource = sagemaker.CfnMlflowApp(
            self,
            "App",
            name=name,
            artifact_store_uri=artifact_uri,
            role_arn=role.role_arn,
            model_registration_mode="AutoModelRegistrationDisabled",
        )
        self.resource.apply_removal_policy(removal_policy)
        self.arn = self.resource.attr_arn

    def track_statements(self) -> list[Statement]:
        """Return what a job needs to write runs into this app, and only this one."""
        return [
            track_runs(self.arn),
            Statement(
                sid="FindTrackingApp",
                actions=["sagemaker:CallMlflowAppApi", "sagemaker:DescribeMlflowApp"],
                resources=[self.arn],
            ),
        ]

    def view_statements(self) -> list[Statement]:
        """Return what a person needs to open this app and compare its runs; nothing is written."""
        return [
            compare_runs(self.arn),
            Statement(
                sid="OpenTrackingApp",
                actions=[
                    "sagemaker:CallMlflowAppApi",
                    "sagemaker:CreatePresignedMlflowAppUrl",
                    "sagemaker:DescribeMlflowApp",
                ],
                resources=[self.arn],
            ),
        ]
