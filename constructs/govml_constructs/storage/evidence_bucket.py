"""`EvidenceBucket`: where evidence is kept so that nobody can change or delete it before its time."""

from __future__ import annotations

from typing import Literal

from aws_cdk import RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from govml_constructs.place import PlacedConstruct
from govml_constructs.storage.secure_bucket import Partners, SecureBucket
from govml_constructs.storage.zone_grants import ZoneGrants

_UNDO = [
    "s3:BypassGovernanceRetention",
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:PutObjectRetention",
]


class EvidenceBucket(PlacedConstruct):
    """A `SecureBucket` whose every object is locked from the moment it is written.

    Args:
        key: key of the evidence.
        access_logs: name of the bucket that receives the access logs.
        lock: `COMPLIANCE` (nobody can lift it) or `GOVERNANCE`, whose lifting the bucket's policy denies to all.
        retention_days: how long each object is locked, in days.
        grants: roles for people that may read.
        partners: statements for the environments that take models from this one.
        removal_policy: `RETAIN` unless the environment may be destroyed with its data; CloudFormation deletes no bucket
            that holds anything.

    Raises:
        ValueError: fewer than 365 days.

    Controls: those of `SecureBucket`, Object Lock with default retention, no deletion and no change of a lock by anybody.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        key: kms.IKey,
        access_logs: str,
        lock: Literal["GOVERNANCE", "COMPLIANCE"],
        retention_days: int,
        grants: ZoneGrants | None = None,
        partners: Partners | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        if retention_days < 365:
            raise ValueError(f"{self.node.path}: evidence is kept for at least 365 days, not {retention_days}")
        store = SecureBucket(
            self,
            "Store",
            key=key,
            access_logs=access_logs,
            log_prefix="evidence",
            noncurrent_days=retention_days,
            grants=grants,
            partners=partners,
            denied={"DenyUndoing": _UNDO},
            removal_policy=removal_policy,
        )
        self.bucket: s3.Bucket = store.bucket
        store.resource.object_lock_enabled = True
        store.resource.object_lock_configuration = s3.CfnBucket.ObjectLockConfigurationProperty(
            object_lock_enabled="Enabled",
            rule=s3.CfnBucket.ObjectLockRuleProperty(
                default_retention=s3.CfnBucket.DefaultRetentionProperty(mode=lock, days=retention_days)
            ),
        )
