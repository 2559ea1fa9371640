"""`SecureBucket`: a zone of the lake, or any other bucket that holds the agency's data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from govml_constructs.place import PlacedConstruct
from govml_constructs.storage.bucket_policy import Statement, deny, tls_only, write_bucket_policy
from govml_constructs.storage.zone_grants import ZoneGrants
from govml_constructs.storage.zone_lifecycle import ZoneLifecycle

Partners = Callable[[str], Sequence[Statement]]
"""From a bucket's ARN to the statements for roles of other environments."""


class SecureBucket(PlacedConstruct):
    """A bucket that is private, versioned, logged, TLS-only and encrypted with one key only.

    Args:
        key: the domain's customer-managed key; a write under any other key is denied.
        access_logs: name of the bucket that receives the server access logs, under the prefix `<log_prefix>/`.
        log_prefix: the zone's name.
        noncurrent_days: how long overwritten versions are kept, in days.
        lifecycle: what becomes of current objects as they grow old.
        grants: roles for people that the bucket's policy lets in, or shuts out, by name.
        partners: gives statements for roles of other environments, from the bucket's ARN.
        denied: statement id -> actions on objects that the bucket's policy denies to everybody.
        removal_policy: `RETAIN` unless the environment may be destroyed with its data.

    Controls: SSE-KMS with the domain key and bucket keys, all public access blocked, owner-enforced ACLs, TLS 1.2 or
    newer only, versioning, access logs, other keys and other kinds of encryption denied.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        key: kms.IKey,
        access_logs: str,
        log_prefix: str,
        noncurrent_days: int = 90,
        lifecycle: ZoneLifecycle | None = None,
        grants: ZoneGrants | None = None,
        partners: Partners | None = None,
        denied: Mapping[str, Sequence[str]] | None = None,
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
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            versioned=True,
            removal_policy=removal_policy,
            lifecycle_rules=[
                s3.LifecycleRule(
                    id="tidy-versions",
                    noncurrent_version_expiration=Duration.days(noncurrent_days),
                    abort_incomplete_multipart_upload_after=Duration.days(7),
                ),
                *(lifecycle.rules() if lifecycle else ()),
            ],
        )
        # The L2 would write this bucket's ARN into the policy of the log bucket, and so make two stacks depend on each
        # other; the log bucket's own policy already lets S3 deliver for the whole account.
        resource = self.bucket.node.default_child
        if not isinstance(resource, s3.CfnBucket):
            raise TypeError(f"{self.node.path}: the bucket has no CloudFormation resource")
        self.resource = resource
        resource.logging_configuration = s3.CfnBucket.LoggingConfigurationProperty(
            destination_bucket_name=access_logs, log_file_prefix=f"{log_prefix}/"
        )
        arn = self.bucket.bucket_arn
        statements = [*tls_only(arn), *deny_other_encryption(arn, key.key_arn)]
        statements += [deny(sid, actions, [f"{arn}/*"]) for sid, actions in (denied or {}).items()]
        statements += grants.statements(arn) if grants else ()
        statements += partners(arn) if partners else ()
        write_bucket_policy(self.bucket, statements)

    def announce_objects(self) -> None:
        """Let the bucket tell EventBridge about its objects.

        The L2's way would add a custom resource with a function; CloudFormation knows the setting itself.
        """
        self.resource.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(event_bridge_enabled=True)
        )


def deny_other_encryption(bucket_arn: str, key_arn: str) -> list[Statement]:
    """Return the statements that refuse a write which asks for anything but our key; one that asks for nothing gets it.

    `Null: false` is needed beside `StringNotEquals`: a negated operator is true for a request without the header
    (IAM user guide, "IAM JSON policy elements: Condition operators"), which would deny every default-encrypted write.
    A write that asks for SSE-KMS without naming a key gets AWS's own key `aws/s3`, not the bucket's (S3 API reference,
    PutObject).
    """
    algorithm = "s3:x-amz-server-side-encryption"
    named_key = f"{algorithm}-aws-kms-key-id"
    refused: dict[str, dict[str, dict[str, str]]] = {
        "DenyOtherKeys": {"StringNotEquals": {named_key: key_arn}, "Null": {named_key: "false"}},
        "DenyOtherAlgorithms": {"StringNotEquals": {algorithm: "aws:kms"}, "Null": {algorithm: "false"}},
        "DenyKmsWithoutKey": {"StringEquals": {algorithm: "aws:kms"}, "Null": {named_key: "true"}},
        "DenyCallersOwnKeys": {"Null": {f"{algorithm}-customer-algorithm": "false"}},
    }
    return [deny(sid, "s3:PutObject", [f"{bucket_arn}/*"], conditions) for sid, conditions in refused.items()]
