"""What the target's promoter is allowed by its own policy: to read what the contract shares, and to hand it in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from govml_constructs.identity.customer_policy import Statement
from govml_constructs.release.promotion_contract import CHECKS, LEDGER, RELEASED, PromotionContract

RECEIVED = "received"
"""Prefix of the evidence bucket with what came with promoted models, each below the use case."""


@dataclass(frozen=True)
class Stores:
    """Buckets and keys of one side.

    Args:
        artifacts: ARN of the artefact bucket.
        evidence: ARN of the evidence bucket.
        keys: ARNs of the keys of both.
    """

    artifacts: str
    evidence: str
    keys: tuple[str, ...]


def reading(contract: PromotionContract, source: Stores) -> list[Statement]:
    """Return what the promoter reads of the source, to the same extent as the contract's other half.

    Args:
        contract: the contract.
        source: the source's stores.
    """
    slugs, side = sorted(contract.groups), contract.source
    registry = f"arn:{side.partition}:sagemaker:{side.region}:{side.account}"
    groups = sorted(contract.groups.values())
    seen = ["sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages"]
    return [
        Statement(
            sid="FindReleased",
            actions=["s3:ListBucket"],
            resources=[source.artifacts],
            conditions={"StringLike": {"s3:prefix": [f"{slug}/{RELEASED}/*" for slug in slugs]}},
        ),
        Statement(
            sid="VerifySourceLedger",
            actions=["s3:ListBucket", "s3:ListBucketVersions"],
            resources=[source.evidence],
            conditions={"StringLike": {"s3:prefix": [f"{LEDGER}/{slug}/*" for slug in slugs]}},
        ),
        Statement(
            sid="ReadReleased",
            actions=["s3:GetObject"],
            resources=[
                *(f"{source.artifacts}/{slug}/{RELEASED}/*" for slug in slugs),
                *(f"{source.evidence}/{LEDGER}/{slug}/*" for slug in slugs),
                *(f"{source.evidence}/{CHECKS}/{slug}/*" for slug in slugs),
            ],
        ),
        Statement(
            sid="DecryptReleased",
            actions=["kms:Decrypt"],
            resources=list(source.keys),
            conditions={"StringEquals": {"kms:ViaService": f"s3.{side.region}.amazonaws.com"}},
        ),
        Statement(
            sid="SeeSourceVersions",
            actions=["sagemaker:DescribeModelPackageGroup", *seen],
            resources=[
                *(f"{registry}:model-package-group/{group}" for group in groups),
                *(f"{registry}:model-package/{group}/*" for group in groups),
            ],
        ),
    ]


def handing_in(
    contract: PromotionContract, own: Stores, groups: Mapping[str, str], parameters: Sequence[str]
) -> list[Statement]:
    """Return what the promoter writes in its own environment: artefacts, a pending version, the ledger.

    It approves nothing: a version that it registers waits for its approval (service authorization reference,
    `sagemaker:ModelApprovalStatus`).

    Args:
        contract: the contract.
        own: the target's stores.
        groups: use case as AWS takes it -> its model package group in the target.
        parameters: ARNs of the SSM parameters that hold the names of both buckets.
    """
    slugs, side = sorted(contract.groups), contract.target
    registry = f"arn:{side.partition}:sagemaker:{side.region}:{side.account}"
    named = [groups[slug] for slug in slugs]
    packages = [f"{registry}:model-package/{group}/*" for group in named]
    own_groups = [f"{registry}:model-package-group/{group}" for group in named]
    written = [
        *(f"{own.artifacts}/{slug}/{RELEASED}/*" for slug in slugs),
        *(f"{own.evidence}/{folder}/{slug}/*" for folder in (LEDGER, RECEIVED) for slug in slugs),
    ]
    return [
        Statement(
            sid="FindOwn",
            actions=["s3:ListBucket", "s3:ListBucketVersions"],
            resources=[own.artifacts, own.evidence],
            conditions={
                "StringLike": {
                    "s3:prefix": [
                        *(f"{slug}/{RELEASED}/*" for slug in slugs),
                        *(f"{folder}/{slug}/*" for folder in (LEDGER, RECEIVED) for slug in slugs),
                    ]
                }
            },
        ),
        Statement(sid="HandIn", actions=["s3:GetObject", "s3:PutObject"], resources=written),
        Statement(
            sid="UseOwnKeys",
            actions=["kms:Decrypt", "kms:GenerateDataKey"],
            resources=list(own.keys),
            conditions={"StringEquals": {"kms:ViaService": f"s3.{side.region}.amazonaws.com"}},
        ),
        Statement(
            sid="SeeOwnVersions",
            actions=[
                "sagemaker:DescribeModelPackage",
                "sagemaker:DescribeModelPackageGroup",
                "sagemaker:ListModelPackages",
            ],
            resources=[*own_groups, *packages],
        ),
        Statement(
            sid="RegisterPending",
            actions=["sagemaker:CreateModelPackage"],
            resources=[*own_groups, *packages],
            conditions={"StringEquals": {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}},
        ),
        Statement(sid="FindOwnBuckets", actions=["ssm:GetParameter"], resources=list(parameters)),
    ]
