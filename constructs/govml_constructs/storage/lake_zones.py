"""`LakeZones`: the zones of the data lake, each a `SecureBucket` under its domain's key, made or imported."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from aws_cdk import RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from govml_constructs.place import PlacedConstruct
from govml_constructs.storage.replication import acknowledge_no_replication
from govml_constructs.storage.secure_bucket import Partners, SecureBucket
from govml_constructs.storage.zone_grants import ZoneGrants
from govml_constructs.storage.zone_lifecycle import ZoneLifecycle


class LakeZones(PlacedConstruct):
    """One bucket a zone.

    Args:
        zones: zone name -> key of its domain, as in `{"raw": data_key, "artifacts": ml_key}`.
        access_logs: name of the bucket that receives their access logs.
        noncurrent_days: how long overwritten versions are kept, in days.
        lifecycles: zone name -> what becomes of its objects as they grow old.
        grants: zone name -> roles for people that its policy names.
        partners: zone name -> statements for the environments that take models from this one.
        imported: zone name -> name of a bucket to use instead; nothing is made or changed there.
        announced: zones that tell EventBridge about their objects.
        removal_policy: `RETAIN` unless the environment may be destroyed with its data.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        zones: Mapping[str, kms.IKey],
        access_logs: str,
        noncurrent_days: int = 90,
        lifecycles: Mapping[str, ZoneLifecycle] | None = None,
        grants: Mapping[str, ZoneGrants] | None = None,
        partners: Mapping[str, Partners] | None = None,
        imported: Mapping[str, str] | None = None,
        announced: Collection[str] = (),
        removal_policy: RemovalPolicy = RemovalPolicy.RETAIN,
    ) -> None:
        super().__init__(scope, construct_id)
        self.buckets: dict[str, s3.IBucket] = {}
        for zone, key in zones.items():
            existing = (imported or {}).get(zone)
            if existing:
                self.buckets[zone] = s3.Bucket.from_bucket_name(self, zone.title(), existing)
                continue
            secure = SecureBucket(
                self,
                zone.title(),
                key=key,
                access_logs=access_logs,
                log_prefix=zone,
                noncurrent_days=noncurrent_days,
                lifecycle=(lifecycles or {}).get(zone),
                grants=(grants or {}).get(zone),
                partners=(partners or {}).get(zone),
                removal_policy=removal_policy,
            )
            if zone in announced:
                secure.announce_objects()
            self.buckets[zone] = secure.bucket
        if set(zones) - set(imported or {}):
            acknowledge_no_replication(self)
