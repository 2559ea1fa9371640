"""`LakeZones`: one secure bucket a zone, each under its domain's key, all logged in one place; some imported."""

from __future__ import annotations

from collections.abc import Mapping

from bench import Stand
from cfn_templates import Resource


def zones(bench: Mapping[str, Stand]) -> dict[str, Resource]:
    """Return the buckets of the lake by the id of the construct that made them."""
    return {each.path.split("/")[2]: each for each in bench["Lake"].all("AWS::S3::Bucket")}


def test_each_zone_has_a_bucket_of_its_own_but_for_the_imported_one(bench: Mapping[str, Stand]) -> None:
    assert set(zones(bench)) == {"Raw", "Artifacts"}
    assert bench["Lake"].construct.buckets["elsewhere"].bucket_name == "bucket-of-somebody"


def test_versions_are_kept_as_long_as_asked(bench: Mapping[str, Stand]) -> None:
    for bucket in zones(bench).values():
        rules = bucket.properties["LifecycleConfiguration"]["Rules"]
        (rule,) = [each for each in rules if each["Id"] == "tidy-versions"]
        assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}


def test_each_zone_is_encrypted_with_its_domain_s_key(bench: Mapping[str, Stand]) -> None:
    for zone, key in {"Raw": "DataKey", "Artifacts": "LogsKey"}.items():
        (rule,) = zones(bench)[zone].properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"] == bench[key].one("AWS::KMS::Key").arn


def test_each_zone_logs_under_its_own_name(bench: Mapping[str, Stand]) -> None:
    buckets = zones(bench)
    for zone in ("Raw", "Artifacts"):
        logging = buckets[zone].properties["LoggingConfiguration"]
        target = bench["AccessLogs"].one("AWS::S3::Bucket").name
        assert logging == {"DestinationBucketName": target, "LogFilePrefix": f"{zone.lower()}/"}


def test_every_bucket_outlives_its_stack(bench: Mapping[str, Stand]) -> None:
    assert all(bucket.kept() for bucket in zones(bench).values())


def test_every_bucket_has_a_policy(bench: Mapping[str, Stand]) -> None:
    guarded = {each.properties["Bucket"] for each in bench["Lake"].all("AWS::S3::BucketPolicy")}
    assert guarded == {bucket.name for bucket in zones(bench).values()}


def test_only_announced_zones_that_are_ours_tell_eventbridge(bench: Mapping[str, Stand]) -> None:
    announced = {
        each.path.split("/")[2]: each.properties.get("NotificationConfiguration")
        for each in bench["Lake"].all("AWS::S3::Bucket")
    }
    assert announced == {
        "Raw": {"EventBridgeConfiguration": {"EventBridgeEnabled": True}},
        "Artifacts": None,
    }
