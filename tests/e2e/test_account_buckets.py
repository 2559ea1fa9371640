"""Buckets of the deployed sandbox, read back with boto3 and nothing of the adapter's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from deployed_resources import Resource, document, of_type

from govml.local import Connection
from govml.settings import Names, Settings

pytestmark = pytest.mark.local_account


@pytest.fixture(scope="session")
def s3(local_account: Connection) -> Any:
    return local_account.client("s3")


@pytest.fixture(scope="session")
def buckets(found: list[Resource]) -> list[str]:
    names = of_type(found, "S3::Bucket")
    assert len(names) >= 6
    return names


@pytest.fixture(scope="session")
def log_bucket(s3: Any, buckets: list[str]) -> str:
    (target,) = {
        s3.get_bucket_logging(Bucket=name)["LoggingEnabled"]["TargetBucket"]
        for name in buckets
        if "LoggingEnabled" in s3.get_bucket_logging(Bucket=name)
    }
    return str(target)


@pytest.fixture(scope="session")
def evidence(local_account: Connection, settings: Settings) -> str:
    name = Names(settings.agency, "dev").evidence_bucket()
    return str(local_account.client("ssm").get_parameter(Name=name)["Parameter"]["Value"])


def test_evidence_is_locked_as_its_class_asks(s3: Any, buckets: list[str], evidence: str, settings: Settings) -> None:
    assert evidence in buckets
    lock = s3.get_object_lock_configuration(Bucket=evidence)["ObjectLockConfiguration"]
    retention = {"Mode": settings.handling.evidence_lock, "Days": settings.handling.evidence_days}
    assert lock == {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention}}
    policy = document(s3.get_bucket_policy(Bucket=evidence)["Policy"])
    (undoing,) = [each for each in policy["Statement"] if each.get("Sid") == "DenyUndoing"]
    assert "s3:BypassGovernanceRetention" in undoing["Action"]


def test_raw_data_is_closed_by_its_own_policy_to_all_but_the_data_engineer(
    s3: Any, local_account: Connection, settings: Settings, prefix: str
) -> None:
    name = Names(settings.agency, "dev").zone_bucket("raw")
    raw = local_account.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]
    policy = document(s3.get_bucket_policy(Bucket=raw)["Policy"])
    (closed,) = [each for each in policy["Statement"] if each.get("Sid") == "ClosedToNamedRoles"]
    names = {arn.rsplit("/", 1)[1] for arn in closed["Principal"]["AWS"]}
    assert names == {f"{prefix}.{duty}" for duty in ("data-scientist", "ml-engineer", "approver", "auditor")}


def test_every_data_bucket_encrypts_with_a_key_of_the_environment(
    s3: Any, buckets: list[str], log_bucket: str, keys: dict[str, str]
) -> None:
    for name in set(buckets) - {log_bucket}:
        (rule,) = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
        default = rule["ApplyServerSideEncryptionByDefault"]
        assert default["SSEAlgorithm"] == "aws:kms"
        assert default["KMSMasterKeyID"] in keys.values()
        assert rule["BucketKeyEnabled"]


def test_an_object_that_asks_for_nothing_is_encrypted_with_that_key(
    s3: Any, buckets: list[str], log_bucket: str, evidence: str, keys: dict[str, str]
) -> None:
    name = next(bucket for bucket in buckets if bucket not in (log_bucket, evidence))
    stored = s3.put_object(Bucket=name, Key="probe", Body=b"x")
    assert stored["SSEKMSKeyId"] in keys.values()
    s3.delete_object(Bucket=name, Key="probe", VersionId=stored["VersionId"])


def test_the_log_bucket_encrypts_with_s3s_own_key(s3: Any, log_bucket: str) -> None:
    (rule,) = s3.get_bucket_encryption(Bucket=log_bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"


def test_every_bucket_blocks_all_public_access(s3: Any, buckets: list[str]) -> None:
    for name in buckets:
        block = s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]
        assert len(block) == 4
        assert all(block.values())


def test_every_bucket_keeps_versions_and_tidies_them(s3: Any, buckets: list[str]) -> None:
    for name in buckets:
        assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
        rules = s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
        tidied = [rule for rule in rules if "AbortIncompleteMultipartUpload" in rule]
        assert any(rule["NoncurrentVersionExpiration"]["NoncurrentDays"] >= 30 for rule in tidied)
        assert [rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"] for rule in tidied] == [7] * len(tidied)


def test_every_bucket_belongs_to_its_owner_only(s3: Any, buckets: list[str]) -> None:
    for name in buckets:
        (rule,) = s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"]["Rules"]
        assert rule["ObjectOwnership"] == "BucketOwnerEnforced"


def test_every_bucket_denies_plain_http_and_old_tls(s3: Any, buckets: list[str]) -> None:
    for name in buckets:
        statements = document(s3.get_bucket_policy(Bucket=name)["Policy"])["Statement"]
        denied = [statement.get("Condition", {}) for statement in statements if statement["Effect"] == "Deny"]
        assert {"Bool": {"aws:SecureTransport": "false"}} in denied
        assert any("s3:TlsVersion" in json.dumps(condition) for condition in denied)


def test_every_data_bucket_denies_other_keys(s3: Any, buckets: list[str], log_bucket: str) -> None:
    for name in set(buckets) - {log_bucket}:
        statements = document(s3.get_bucket_policy(Bucket=name)["Policy"])["Statement"]
        assert any(
            statement["Effect"] == "Deny" and "aws-kms-key-id" in json.dumps(statement.get("Condition", {}))
            for statement in statements
        )


def test_every_data_bucket_logs_its_accesses(s3: Any, buckets: list[str], log_bucket: str) -> None:
    for name in set(buckets) - {log_bucket}:
        target = s3.get_bucket_logging(Bucket=name)["LoggingEnabled"]
        assert target["TargetBucket"] == log_bucket
        assert target["TargetPrefix"]
