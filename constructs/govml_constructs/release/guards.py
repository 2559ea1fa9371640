"""What the buckets themselves refuse, so that no role's own policy can get round it: ledger and released archives."""

from __future__ import annotations

from collections.abc import Sequence

from govml_constructs.storage.bucket_policy import Statement, deny


def ledger_guard(bucket_arn: str, writers: Sequence[str]) -> list[Statement]:
    """Return what the evidence bucket refuses: entries by anybody else, and entries in the place of others.

    Object Lock keeps what was written; it does not keep a second version from being written over it. The condition key
    does (S3 user guide, "Enforce conditional writes on Amazon S3 buckets").

    Args:
        bucket_arn: ARN of the bucket.
        writers: ARN patterns of the roles that keep the ledger.
    """
    entries, received = f"{bucket_arn}/ledger/*", f"{bucket_arn}/received/*"  # the latter: what came with a promotion
    strangers = {"ArnNotLike": {"aws:PrincipalArn": list(writers)}}
    return [
        deny("DenyForeignEntries", "s3:PutObject", [entries, received], strangers),
        deny("DenyOverwrittenEntries", "s3:PutObject", [entries, received], {"Null": {"s3:if-none-match": "true"}}),
    ]


def released_guard(bucket_arn: str, writers: Sequence[str], adds_only: Sequence[str] = ()) -> list[Statement]:
    """Return what the bucket of model archives refuses: released archives put or taken away by anybody else.

    A training job may write everywhere below its use case's prefix; an instance that starts later would load its bytes.
    So it would those that a person has put, through the promoter's role, in the place of what was approved.

    Args:
        bucket_arn: ARN of the bucket.
        writers: ARN patterns of the roles that release.
        adds_only: those of them that hand archives in, and never replace one.
    """
    actions = ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObject"]
    released = [f"{bucket_arn}/*/released/*"]
    guard = [deny("DenyForeignReleases", actions, released, {"ArnNotLike": {"aws:PrincipalArn": list(writers)}})]
    if adds_only:
        replacing = {"ArnLike": {"aws:PrincipalArn": list(adds_only)}, "Null": {"s3:if-none-match": "true"}}
        guard.append(deny("DenyReplacedReleases", "s3:PutObject", released, replacing))
    return guard
