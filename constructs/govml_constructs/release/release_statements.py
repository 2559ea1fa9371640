"""What the release function may do, and nothing else: read the registry, bring archives to their place, update stacks."""

from __future__ import annotations

from collections.abc import Sequence

from govml_constructs.identity.customer_policy import Statement
from govml_constructs.identity.statements import use_key
from govml_constructs.release.release_scope import ReleaseScope

UPDATED_TYPES = (
    "AWS::ApplicationAutoScaling::ScalableTarget",
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::CloudWatch::Alarm",
    "AWS::SageMaker::Endpoint",
    "AWS::SageMaker::EndpointConfig",
    "AWS::SageMaker::Model",
    "AWS::SSM::Parameter",
)
"""Types of the resources that a release touches. `UpdateStack` runs as the role that deployed the stack, which may do far
more; CloudFormation refuses an update that touches another type than those that the request names."""


def release_statements(scope: ReleaseScope, queue_arn: str) -> list[Statement]:
    """Return what the function needs: its queue, the registry, archives, the ledger and the serving stacks."""
    return [
        Statement(
            sid="TakeEvents",
            actions=["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
            resources=[queue_arn],
        ),
        *_registry(scope),
        *_objects(scope),
        *_stacks(scope),
    ]


def _registry(scope: ReleaseScope) -> list[Statement]:
    groups = [scope.group_arn(slug) for slug in scope.use_cases]
    versions = [f"{scope.packages_prefix(slug)}*" for slug in scope.use_cases]
    runs = [scope.place.arn("sagemaker", f"pipeline/{case.group}/execution/*") for case in scope.use_cases.values()]
    return [
        Statement(sid="SeeMark", actions=["sagemaker:ListTags"], resources=groups),
        Statement(
            sid="SeeVersions",
            actions=["sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages"],
            resources=[*groups, *versions],
        ),
        Statement(sid="SeeWhoTrained", actions=["sagemaker:DescribePipelineExecution"], resources=runs),
        # Never approves: the condition leaves only the way back (service authorization reference, Amazon SageMaker).
        Statement(
            sid="SetBackToPending",
            actions=["sagemaker:UpdateModelPackage"],
            resources=versions,
            conditions={"StringEquals": {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}},
        ),
        Statement(sid="ResolveImages", actions=["ecr:DescribeImages"], resources=[scope.repository_arn]),
    ]


def _objects(scope: ReleaseScope) -> list[Statement]:
    slugs, artifacts, evidence = list(scope.use_cases), scope.artifacts_arn, scope.evidence_arn
    ledgers = [f"ledger/{slug}/*" for slug in slugs]
    return [
        Statement(sid="ReadArchives", actions=["s3:GetObject"], resources=[f"{artifacts}/{slug}/*" for slug in slugs]),
        Statement(
            sid="ReleaseArchives",
            actions=["s3:PutObject"],
            resources=[f"{artifacts}/{slug}/released/*" for slug in slugs],
        ),
        # Whether an archive is missing is told only to those who may list (S3 API reference, GetObject).
        _list("FindArchives", artifacts, [f"{slug}/*" for slug in slugs]),
        _list("FindEntries", evidence, ledgers),
        # Entries are never changed or deleted: Object Lock and the bucket's policy deny it to everybody.
        Statement(
            sid="KeepLedger",
            actions=["s3:GetObject", "s3:PutObject"],
            resources=[f"{evidence}/{each}" for each in ledgers],
        ),
        _list("FindBundles", evidence, [f"bundles/{slug}/*" for slug in slugs]),
        Statement(
            sid="KeepBundles", actions=["s3:PutObject"], resources=[f"{evidence}/bundles/{slug}/*" for slug in slugs]
        ),
        use_key("UseModelKeys", scope.model_keys, via_services=[f"s3.{scope.place.region}.amazonaws.com"]),
    ]


def _list(sid: str, bucket_arn: str, prefixes: Sequence[str]) -> Statement:
    return Statement(
        sid=sid,
        actions=["s3:ListBucket"],
        resources=[bucket_arn],
        conditions={"StringLike": {"s3:prefix": list(prefixes)}},
    )


def _stacks(scope: ReleaseScope) -> list[Statement]:
    stacks = [f"{scope.stack_prefix(slug)}*" for slug in scope.use_cases]
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
