"""`SecureBucket`: a zone of the lake, or any other bucket that holds the agency's data."""

from __future__ import annotations

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct


class SecureBucket(Construct):
    """A bucket that is private, versioned, logged, TLS-only and encrypted with one key only.

    Args:
        key: the domain's customer-managed key; writes under any other key are denied.
        access_logs: bucket that receives the server access logs, under the prefix `<log_prefix>/`.
        log_prefix: the zone's name.
        noncurrent_days: how long overwritten versions are kept, in days.
        removal_policy: `RETAIN` unless the environment may be destroyed with its data.

    Controls: SSE-KMS with the domain key and bucket keys, all public access blocked, owner-enforced ACLs, TLS 1.2 or
    newer only, versioning, access logs, other keys denied.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        key: kms.IKey,
        access_logs: s3.IBucket,
        log_prefix: str,
        noncurrent_days: int = 90,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            bucket_key_enabled=True,
            encryption=s3.BucketEncryption.KMS,
            encryption_key=key,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            server_access_logs_bucket=access_logs,
            server_access_logs_prefix=f"{log_prefix}/",
            versioned=True,
            removal_policy=removal_policy,
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="tidy-versions",
                    noncurrent_version_expiration=Duration.days(noncurrent_days),
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                )
            ],
        )
        self.bucket.add_to_resource_policy(deny_other_keys(self.bucket, key))


def deny_other_keys(bucket: s3.Bucket, key: kms.IKey) -> iam.PolicyStatement:
    """Return the statement that refuses a write which asks for any other key (a write that names none gets ours).

    `Null: false` is needed beside `StringNotEquals`: a negated operator is true for a request without the header
    (IAM user guide, "IAM JSON policy elements: Condition operators"), which would deny every default-encrypted write.
    """
    header = "s3:x-amz-server-side-encryption-aws-kms-key-id"
    return iam.PolicyStatement(
        sid="DenyOtherKeys",
        effect=iam.Effect.DENY,
        principals=[iam.AnyPrincipal()],
        actions=["s3:PutObject"],
        resources=[bucket.arn_for_objects("*")],
        conditions={"StringNotEquals": {header: key.key_arn}, "Null": {header: "false"}},
    )
