"""`AccessLogBucket`: where the other buckets of an environment write their server access logs."""

from __future__ import annotations

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct

from govml_constructs.place import PlacedConstruct, place_of
from govml_constructs.storage.bucket_policy import Statement, tls_only, write_bucket_policy
from govml_constructs.validation.acknowledgement import acknowledge


class AccessLogBucket(PlacedConstruct):
    """The target of S3 server access logs: private, versioned, TLS-only.

    Its encryption is S3's own (SSE-S3): S3 log delivery refuses a target bucket with a default KMS key
    (S3 user guide, "Enabling Amazon S3 server access logging"). It has no access log of its own: it would log its logs.

    Args:
        retention_days: how long logs are kept, at least 365.
        removal_policy: `RETAIN` unless the environment may be destroyed with its data.

    Raises:
        ValueError: when `retention_days` is below 365.

    Controls: all public access blocked, TLS 1.2 or newer only, versioned, expiry after the retention.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        retention_days: int,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        if retention_days < 365:
            raise ValueError(f"{self.node.path}: logs are kept for at least 365 days, not {retention_days}")
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            versioned=True,
            removal_policy=removal_policy,
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="expire-logs",
                    expiration=Duration.days(retention_days),
                    noncurrent_version_expiration=Duration.days(30),
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                )
            ],
        )
        arn = self.bucket.bucket_arn
        write_bucket_policy(self.bucket, [*tls_only(arn), allow_delivery(arn, place_of(scope).account)])
        acknowledge(
            self.bucket,
            "NIST.800.53.R5-S3DefaultEncryptionKMS",
            reason=(
                "S3 delivers access logs only to buckets encrypted with SSE-S3; the logs hold no content of objects."
            ),
            owner="platform-security",
            expires="2027-11-20",
        )


def allow_delivery(bucket_arn: str, account: str) -> Statement:
    """Return the statement that lets S3 deliver access logs of this account's buckets, and of no other account's."""
    return {
        "Sid": "AllowLogDelivery",
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"{bucket_arn}/*",
        "Condition": {"StringEquals": {"aws:SourceAccount": account}},
    }
