"""`AuditStore`: the two buckets that an auditor reads: access logs of all other buckets, and evidence."""

from __future__ import annotations

from typing import Literal

from aws_cdk import RemovalPolicy
from aws_cdk import aws_kms as kms
from constructs import Construct

from govml_constructs.place import PlacedConstruct
from govml_constructs.storage.access_log_bucket import AccessLogBucket
from govml_constructs.storage.evidence_bucket import EvidenceBucket
from govml_constructs.storage.replication import acknowledge_no_replication
from govml_constructs.storage.secure_bucket import Partners
from govml_constructs.storage.zone_grants import ZoneGrants


class AuditStore(PlacedConstruct):
    """Both stand under the security administrator's duty, away from those whose work they record.

    Args:
        key: key of the evidence.
        log_retention_days: how long access logs are kept, at least 365.
        lock: Object Lock of the evidence, `COMPLIANCE` or `GOVERNANCE`.
        evidence_days: how long evidence is locked, at least 365.
        grants: roles for people that may read the evidence.
        partners: statements on the evidence for the environments that take models from this one.
        removal_policy: `RETAIN` unless the environment may be destroyed with its data.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        key: kms.IKey,
        log_retention_days: int,
        lock: Literal["GOVERNANCE", "COMPLIANCE"],
        evidence_days: int,
        grants: ZoneGrants | None = None,
        partners: Partners | None = None,
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        self.log_bucket = AccessLogBucket(
            self, "Logs", retention_days=log_retention_days, removal_policy=removal_policy
        ).bucket
        self.evidence = EvidenceBucket(
            self,
            "Evidence",
            key=key,
            access_logs=self.log_bucket.bucket_name,
            lock=lock,
            retention_days=evidence_days,
            grants=grants,
            partners=partners,
            removal_policy=removal_policy,
        ).bucket
        acknowledge_no_replication(self)
