"""`LakeZones`: the zones of the data lake, each a `SecureBucket` under its domain's key."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from govml_constructs.storage.access_log_bucket import AccessLogBucket
from govml_constructs.storage.secure_bucket import SecureBucket
from govml_constructs.validation.acknowledgement import acknowledge


class LakeZones(Construct):
    """One bucket a zone, and one that takes their access logs.

    Args:
        zones: zone name -> key of its domain, as in `{"raw": data_key, "artifacts": ml_key}`.
        log_retention_days: how long access logs are kept, at least 365.
        removal_policy: `RETAIN` unless the environment may be destroyed with its data.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        zones: Mapping[str, kms.IKey],
        log_retention_days: int,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        logs = AccessLogBucket(self, "Logs", retention_days=log_retention_days, removal_policy=removal_policy)
        self.log_bucket: s3.Bucket = logs.bucket
        self.buckets: dict[str, s3.Bucket] = {
            zone: SecureBucket(
                self,
                zone.title(),
                key=key,
                access_logs=logs.bucket.bucket_name,
                log_prefix=zone,
                removal_policy=removal_policy,
            ).bucket
            for zone, key in zones.items()
        }
        acknowledge_no_replication(self)


def acknowledge_no_replication(scope: Construct) -> None:
    """Acknowledge, once for all buckets below `scope`, that they are not replicated."""
    acknowledge(
        scope,
        "NIST.800.53.R5-S3BucketReplicationEnabled",
        reason=(
            "Data stays in the one allowed region (data residency, control DP-1), so there is no second region to "
            "replicate to; versioning and retention protect against deletion, and S3 keeps each object in three zones."
        ),
        owner="data-protection",
        expires="2027-11-20",
    )
