"""What the release function may do, and nothing else: read the registry, bring archives to their place, update stacks."""

from __future__ import annotations

from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.statements import use_key
from govml_constructs.release.release_scope import ReleaseScope

UPDATED_TYPES = (
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::SageMaker::DataQualityJobDefinition",
    "AWS::SageMaker::Endpoint",
    "AWS::SageMaker::EndpointConfig",
    "AWS::SageMaker::Model",
    "AWS::SageMaker::MonitoringSchedule",
    "AWS::SageMaker::Pipeline",
    "AWS::SSM::Parameter",
    "AWS::Scheduler::Schedule",
)
"""Types of the resources that a release touches. `UpdateStack` runs as the role that deployed the stack, which may do far
more; CloudFormation refuses an update that touches another type than those that the request names."""


def release_statements(scope: ReleaseScope) -> list[Statement]:
    """Return what the function needs beside its queue: the registry, archives, the ledger and the serving stacks.

    By the environment's prefix, not by use case: a managed policy holds 6,144 characters, which three use cases would fill.
    """
    return [*_registry(scope), *_objects(scope), *_stacks(scope)]


def _registry(scope: ReleaseScope) -> list[Statement]:
    place = scope.place
    groups = place.arn("sagemaker", f"model-package-group/{scope.prefix}-*")
    versions = place.arn("sagemaker", f"model-package/{scope.prefix}-*")
    runs = place.arn("sagemaker", f"pipeline/{scope.prefix}-*")
    return [
        Statement(sid="SeeMark", actions=["sagemaker:ListTags"], resources=[groups]),
        Statement(
            sid="SeeVersions",
            actions=["sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages"],
            resources=[groups, versions],
        ),
        Statement(sid="SeeWhoTrained", actions=["sagemaker:DescribePipelineExecution"], resources=[runs]),
        # Never approves: the condition leaves only the way back (service authorization reference, Amazon SageMaker).
        Statement(
            sid="SetBackToPending",
            actions=["sagemaker:UpdateModelPackage"],
            resources=[versions],
            conditions={"StringEquals": {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}},
        ),
        Statement(sid="ResolveImages", actions=["ecr:DescribeImages"], resources=[scope.repository_arn]),
    ]


def _objects(scope: ReleaseScope) -> list[Statement]:
    return [
        Statement(sid="ReadArchives", actions=["s3:GetObject"], resources=[f"{scope.artifacts_arn}/*"]),
        Statement(sid="ReleaseArchives", actions=["s3:PutObject"], resources=[f"{scope.artifacts_arn}/*/released/*"]),
        # Whether an archive is missing is told only to those who may list (S3 API reference, GetObject).
        Statement(sid="FindArchives", actions=["s3:ListBucket"], resources=[scope.artifacts_arn]),
        Statement(
            sid="FindEvidence",
            actions=["s3:ListBucket"],
            resources=[scope.evidence_arn],
            conditions={"StringLike": {"s3:prefix": ["ledger/*", "bundles/*"]}},
        ),
        # Entries are never changed or deleted: Object Lock and the bucket's policy deny it to everybody.
        Statement(
            sid="KeepLedger", actions=["s3:GetObject", "s3:PutObject"], resources=[f"{scope.evidence_arn}/ledger/*"]
        ),
        Statement(sid="KeepBundles", actions=["s3:PutObject"], resources=[f"{scope.evidence_arn}/bundles/*"]),
        use_key("UseModelKeys", scope.model_keys, via_services=[f"s3.{scope.place.region}.amazonaws.com"]),
    ]


def _stacks(scope: ReleaseScope) -> list[Statement]:
    stacks = [scope.place.arn("cloudformation", f"stack/{scope.prefix}-Serving-*")]
    return [
        Statement(
            sid="SeeStacks",
            actions=["cloudformation:DescribeStacks", "cloudformation:DescribeStackEvents"],
            resources=stacks,
        ),
        Statement(
            sid="UpdateStacks",
            actions=["cloudformation:UpdateStack"],
            resources=stacks,
            conditions={
                "ForAllValues:StringEquals": {"cloudformation:ResourceTypes": list(UPDATED_TYPES)},
                # Without the first, a request that names no types would pass the line above.
                "Null": {
                    "cloudformation:ResourceTypes": "false",
                    "cloudformation:RoleArn": "true",
                    "cloudformation:TemplateUrl": "true",
                },
            },
        ),
        Statement(sid="StopUpdates", actions=["cloudformation:CancelUpdateStack"], resources=stacks),
    ]


def sign_off_statements(scope: ReleaseScope, slug: str, consumer: str) -> list[Statement]:
    """Return what a consumer needs to sign versions off: to see them, and to add one note to them."""
    versions = f"{scope.packages_prefix(slug)}*"
    return [
        Statement(
            sid="SeeVersions",
            actions=["sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages"],
            resources=[scope.group_arn(slug), versions],
        ),
        Statement(
            sid="SignOff",
            actions=["sagemaker:UpdateModelPackage"],
            resources=[versions],
            conditions={
                "Null": {
                    f"sagemaker:CustomerMetadataProperties/signed-off.{consumer}": "false",
                    "sagemaker:CustomerMetadataPropertiesToRemove": "true",
                    "sagemaker:ModelApprovalStatus": "true",
                }
            },
        ),
    ]
