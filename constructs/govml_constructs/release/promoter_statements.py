"""What the promoter is allowed by its own policy: to read what the contract shares, to hand it in, and to check it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from govml_constructs.identity.customer_policy import Statement
from govml_constructs.release.promotion_contract import CHECKS, LEDGER, RELEASED, PromotionContract, Side

RECEIVED = "received"
"""Prefix of the evidence bucket with what came with promoted models, each below the use case."""


_SEEN = ("sagemaker:DescribeModelPackage", "sagemaker:ListModelPackages")


@dataclass(frozen=True)
class Served:
    """What a use case is served by.

    Args:
        group: its model package group.
        endpoint: its endpoint.
        stack: its serving stack.
    """

    group: str
    endpoint: str
    stack: str


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
    return [
        Statement(
            sid="FindReleased",
            actions=["s3:ListBucket"],
            resources=[source.artifacts],
            conditions={"StringLike": {"s3:prefix": [f"{slug}/{RELEASED}/*" for slug in slugs]}},
        ),
        _find("VerifySourceLedger", source.evidence, [f"{LEDGER}/{slug}/*" for slug in slugs]),
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
            actions=["sagemaker:DescribeModelPackageGroup", *_SEEN],
            resources=_registry(side, sorted(contract.groups.values())),
        ),
    ]


def handing_in(contract: PromotionContract, own: Stores, groups: Mapping[str, str]) -> list[Statement]:
    """Return what the promoter writes in its own environment: what was released, proof of it, and a pending version.

    It approves nothing: a version that it registers waits for its approval (service authorization reference,
    `sagemaker:ModelApprovalStatus`).

    Args:
        contract: the contract.
        own: the target's stores.
        groups: use case as AWS takes it -> its model package group in the target.
    """
    slugs, side = sorted(contract.groups), contract.target
    return [
        _find("FindReceived", own.evidence, [f"{RECEIVED}/{slug}/*" for slug in slugs]),
        Statement(
            sid="HandIn",
            actions=["s3:GetObject", "s3:PutObject"],
            resources=[
                *(f"{own.artifacts}/{slug}/{RELEASED}/*" for slug in slugs),
                *(f"{own.evidence}/{RECEIVED}/{slug}/*" for slug in slugs),
            ],
        ),
        Statement(
            sid="RegisterPending",
            actions=["sagemaker:CreateModelPackage"],
            resources=_registry(side, [groups[slug] for slug in slugs]),
            conditions={"StringEquals": {"sagemaker:ModelApprovalStatus": "PendingManualApproval"}},
        ),
    ]


def checking(side: Side, own: Stores, served: Mapping[str, Served], parameters: Sequence[str]) -> list[Statement]:
    """Return what it takes to check deployed models: ask them, compare with what was released, tell the ledger.

    Args:
        side: the environment.
        own: its stores.
        served: use case as AWS takes it -> what it is served by.
        parameters: ARNs of the SSM parameters that hold the names of both buckets.
    """
    slugs = sorted(served)
    place = f"{side.region}:{side.account}"
    endpoints = [f"arn:{side.partition}:sagemaker:{place}:endpoint/{served[slug].endpoint}" for slug in slugs]
    stacks = [f"arn:{side.partition}:cloudformation:{place}:stack/{served[slug].stack}/*" for slug in slugs]
    return [
        Statement(sid="AskEndpoints", actions=["sagemaker:InvokeEndpoint"], resources=endpoints),
        Statement(sid="SeeServing", actions=["cloudformation:DescribeStacks"], resources=stacks),
        Statement(
            sid="SeeOwnVersions",
            actions=["sagemaker:DescribeModelPackageGroup", *_SEEN],
            resources=_registry(side, [served[slug].group for slug in slugs]),
        ),
        _find("FindOwnReleased", own.artifacts, [f"{slug}/{RELEASED}/*" for slug in slugs]),
        _find("FindEntries", own.evidence, [f"{LEDGER}/{slug}/*" for slug in slugs]),
        Statement(
            sid="ReadOwnReleased",
            actions=["s3:GetObject"],
            resources=[f"{own.artifacts}/{slug}/{RELEASED}/*" for slug in slugs],
        ),
        # Entries are never changed or deleted: Object Lock and the bucket's policy deny it to everybody.
        Statement(
            sid="KeepReports",
            actions=["s3:GetObject", "s3:PutObject"],
            resources=[f"{own.evidence}/{folder}/{slug}/*" for folder in (LEDGER, CHECKS) for slug in slugs],
        ),
        Statement(
            sid="UseOwnKeys",
            actions=["kms:Decrypt", "kms:GenerateDataKey"],
            resources=list(own.keys),
            conditions={"StringEquals": {"kms:ViaService": f"s3.{side.region}.amazonaws.com"}},
        ),
        Statement(sid="FindOwnBuckets", actions=["ssm:GetParameter"], resources=list(parameters)),
    ]


def _find(sid: str, bucket: str, prefixes: Sequence[str]) -> Statement:
    return Statement(
        sid=sid,
        actions=["s3:ListBucket", "s3:ListBucketVersions"],
        resources=[bucket],
        conditions={"StringLike": {"s3:prefix": list(prefixes)}},
    )


def _registry(side: Side, groups: Sequence[str]) -> list[str]:
    registry = f"arn:{side.partition}:sagemaker:{side.region}:{side.account}"
    return [
        *(f"{registry}:model-package-group/{group}" for group in groups),
        *(f"{registry}:model-package/{group}/*" for group in groups),
    ]
