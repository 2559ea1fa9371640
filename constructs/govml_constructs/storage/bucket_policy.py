"""A bucket's policy as plain data, written once: what every bucket refuses, and what its owner adds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import aws_s3 as s3
from constructs import Construct

Statement = Mapping[str, object]


def write_bucket_policy(bucket: s3.Bucket, statements: Sequence[Statement]) -> s3.CfnBucketPolicy:
    """Give a bucket its policy, under the construct id that the L2 would use.

    Plain data on purpose: the L2 asks for each statement across the process border several times.

    Args:
        bucket: a bucket that has no policy yet.
        statements: statements in IAM's own terms (may hold CDK tokens).
    """
    document = {"Version": "2012-10-17", "Statement": [dict(each) for each in statements]}
    holder = Construct(bucket, "Policy")
    return s3.CfnBucketPolicy(holder, "Resource", bucket=bucket.bucket_name, policy_document=document)


def tls_only(bucket_arn: str) -> list[Statement]:
    """Return the statements that refuse plain HTTP, and TLS before 1.2, to everybody and for every action."""
    everything = [bucket_arn, f"{bucket_arn}/*"]
    return [
        deny("DenyPlainHttp", "s3:*", everything, {"Bool": {"aws:SecureTransport": "false"}}),
        deny("DenyOldTls", "s3:*", everything, {"NumericLessThan": {"s3:TlsVersion": "1.2"}}),
    ]


def deny(
    sid: str, actions: str | Sequence[str], resources: Sequence[str], conditions: Mapping[str, object] | None = None
) -> Statement:
    """Return a statement that denies actions to everybody, whatever their own policies say."""
    statement: dict[str, object] = {
        "Sid": sid,
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": actions if isinstance(actions, str) else list(actions),
        "Resource": list(resources),
    }
    if conditions:
        statement["Condition"] = conditions
    return statement
