"""Properties of a bucket that MiniStack's provisioner drops, and a delete that refuses a bucket with objects in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from govml.local.emulator.account import client
from govml.local.emulator.cloudformation.spec import Properties


def _rule_filter(rule: Properties) -> dict[str, Any]:
    """CloudFormation states prefix, tags and sizes flat; the API wants one condition, or `And` around several."""
    conditions: dict[str, Any] = {}
    for given, member in (
        ("Prefix", "Prefix"),
        ("ObjectSizeGreaterThan", "ObjectSizeGreaterThan"),
        ("ObjectSizeLessThan", "ObjectSizeLessThan"),
    ):
        if given in rule:
            conditions[member] = rule[given] if given == "Prefix" else int(rule[given])
    tags = rule.get("TagFilters") or []
    if not conditions and not tags:
        return {"Prefix": ""}
    if len(conditions) + len(tags) == 1:
        return conditions or {"Tag": tags[0]}
    return {"And": {**conditions, **({"Tags": tags} if tags else {})}}


def _transition(rule: Properties, days: str) -> dict[str, Any]:
    moved: dict[str, Any] = {"StorageClass": rule["StorageClass"]}
    if "TransitionInDays" in rule:
        moved[days] = int(rule["TransitionInDays"])
    if "TransitionDate" in rule:
        moved["Date"] = rule["TransitionDate"]
    if "NewerNoncurrentVersions" in rule:
        moved["NewerNoncurrentVersions"] = int(rule["NewerNoncurrentVersions"])
    return moved


def lifecycle_rule(rule: Properties) -> dict[str, Any]:
    """One lifecycle rule in the API's form."""
    result: dict[str, Any] = {"Status": rule["Status"], "Filter": _rule_filter(rule)}
    if "Id" in rule:
        result["ID"] = rule["Id"]
    expiration: dict[str, Any] = {}
    if "ExpirationInDays" in rule:
        expiration["Days"] = int(rule["ExpirationInDays"])
    if "ExpirationDate" in rule:
        expiration["Date"] = rule["ExpirationDate"]
    if "ExpiredObjectDeleteMarker" in rule:
        expiration["ExpiredObjectDeleteMarker"] = str(rule["ExpiredObjectDeleteMarker"]).lower() == "true"
    if expiration:
        result["Expiration"] = expiration
    noncurrent = rule.get("NoncurrentVersionExpiration")
    if noncurrent:
        result["NoncurrentVersionExpiration"] = {name: int(value) for name, value in noncurrent.items()}
    if "AbortIncompleteMultipartUpload" in rule:
        days = int(rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"])
        result["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": days}
    if rule.get("Transitions"):
        result["Transitions"] = [_transition(item, "Days") for item in rule["Transitions"]]
    if rule.get("NoncurrentVersionTransitions"):
        moves = [_transition(item, "NoncurrentDays") for item in rule["NoncurrentVersionTransitions"]]
        result["NoncurrentVersionTransitions"] = moves
    return result


def _lifecycle(name: str, value: Properties) -> None:
    rules = [lifecycle_rule(rule) for rule in value["Rules"]]
    client("s3").put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})


def _encryption(name: str, value: Properties) -> None:
    rules = []
    for given in value["ServerSideEncryptionConfiguration"]:
        default = given["ServerSideEncryptionByDefault"]
        if default.get("KMSMasterKeyID"):
            client("kms").describe_key(KeyId=default["KMSMasterKeyID"])
        rule: dict[str, Any] = {"ApplyServerSideEncryptionByDefault": default}
        if "BucketKeyEnabled" in given:
            rule["BucketKeyEnabled"] = str(given["BucketKeyEnabled"]).lower() == "true"
        rules.append(rule)
    client("s3").put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": rules})


def _logging(name: str, value: Properties) -> None:
    target = {"TargetBucket": value.get("DestinationBucketName", name), "TargetPrefix": value.get("LogFilePrefix", "")}
    client("s3").put_bucket_logging(Bucket=name, BucketLoggingStatus={"LoggingEnabled": target})


def _ownership(name: str, value: Properties) -> None:
    client("s3").put_bucket_ownership_controls(Bucket=name, OwnershipControls={"Rules": value["Rules"]})


def _versioning(name: str, value: Properties) -> None:
    client("s3").put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": value["Status"]})


def _object_lock(name: str, value: Properties) -> None:
    rule = value.get("Rule")
    configuration: dict[str, Any] = {"ObjectLockEnabled": "Enabled"}
    if rule:
        retention = dict(rule["DefaultRetention"])
        for period in ("Days", "Years"):
            if period in retention:
                retention[period] = int(retention[period])
        configuration["Rule"] = {"DefaultRetention": retention}
    client("s3").put_object_lock_configuration(Bucket=name, ObjectLockConfiguration=configuration)


def _tags(name: str, value: Any) -> None:
    client("s3").put_bucket_tagging(Bucket=name, Tagging={"TagSet": value})


# property -> (how to set it, the operation that removes it again)
_CONFIGURATIONS: dict[str, tuple[Callable[[str, Any], None], str | None]] = {
    "BucketEncryption": (_encryption, "delete_bucket_encryption"),
    "LifecycleConfiguration": (_lifecycle, "delete_bucket_lifecycle"),
    "OwnershipControls": (_ownership, "delete_bucket_ownership_controls"),
    "VersioningConfiguration": (_versioning, None),
    "LoggingConfiguration": (_logging, None),
    "ObjectLockConfiguration": (_object_lock, None),
    "Tags": (_tags, "delete_bucket_tagging"),
}


def bucket(name: str, new: Properties, old: Properties) -> None:
    """Apply what the template states and take away what it no longer states."""
    if str(new.get("ObjectLockEnabled", "")).lower() == "true" and "ObjectLockConfiguration" not in new:
        _object_lock(name, {})
    for property_name, (put, remove) in _CONFIGURATIONS.items():
        if property_name in new:
            put(name, new[property_name])
        elif property_name in old and remove:
            getattr(client("s3"), remove)(Bucket=name)
        elif property_name in old and property_name == "LoggingConfiguration":
            client("s3").put_bucket_logging(Bucket=name, BucketLoggingStatus={})


def delete_bucket(name: str, _properties: Properties) -> None:
    """Delete a bucket as S3 does: one with objects in it is refused.

    Raises:
        ClientError: `BucketNotEmpty`.
    """
    try:
        client("s3").delete_bucket(Bucket=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchBucket":
            raise
