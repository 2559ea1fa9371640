"""`AccessLogBucket`: only S3's log delivery of this account writes, over TLS, and logs expire."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from bench import BenchStack, Stand
from cfn_templates import ACCOUNT
from iam_simulator import Request, decide

from govml_constructs.storage.access_log_bucket import AccessLogBucket

DELIVERY = "logging.s3.amazonaws.com"
TLS = {"aws:SecureTransport": "true", "s3:TlsVersion": "1.3"}


def put(bench: Mapping[str, Stand], principal: str, context: Mapping[str, str]) -> str:
    stand = bench["AccessLogs"]
    bucket = stand.one("AWS::S3::Bucket").arn
    policy = stand.policy("AWS::S3::BucketPolicy")
    return decide([policy], Request("s3:PutObject", f"{bucket}/bucket/x", {**TLS, **context}, principal=principal))


def test_s3_delivers_logs_of_this_account_only(bench: Mapping[str, Stand]) -> None:
    assert put(bench, DELIVERY, {"aws:SourceAccount": ACCOUNT}) == "allowed"
    assert put(bench, DELIVERY, {"aws:SourceAccount": "999999999999"}) == "not allowed"
    assert put(bench, "events.amazonaws.com", {"aws:SourceAccount": ACCOUNT}) == "not allowed"


def test_plain_http_and_old_tls_are_denied(bench: Mapping[str, Stand]) -> None:
    ours = {"aws:SourceAccount": ACCOUNT}
    assert put(bench, DELIVERY, {**ours, "aws:SecureTransport": "false"}) == "denied"
    assert put(bench, DELIVERY, {**ours, "s3:TlsVersion": "1.1"}) == "denied"


def test_all_public_access_is_blocked(bench: Mapping[str, Stand]) -> None:
    block = bench["AccessLogs"].one("AWS::S3::Bucket").properties["PublicAccessBlockConfiguration"]
    assert len(block) == 4
    assert all(value is True for value in block.values())


def test_the_bucket_is_versioned_and_outlives_its_stack(bench: Mapping[str, Stand]) -> None:
    bucket = bench["AccessLogs"].one("AWS::S3::Bucket")
    assert bucket.properties["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket.kept()


def test_the_encryption_is_one_that_log_delivery_accepts(bench: Mapping[str, Stand]) -> None:
    encryption = bench["AccessLogs"].one("AWS::S3::Bucket").properties["BucketEncryption"]
    (rule,) = encryption["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def test_logs_expire_after_the_retention(bench: Mapping[str, Stand]) -> None:
    (rule,) = bench["AccessLogs"].one("AWS::S3::Bucket").properties["LifecycleConfiguration"]["Rules"]
    assert (rule["Status"], rule["ExpirationInDays"]) == ("Enabled", 400)


def test_less_than_a_year_is_refused(scratch: BenchStack) -> None:
    with pytest.raises(ValueError, match=r"Bench/Short.*365 days, not 364"):
        AccessLogBucket(scratch, "Short", retention_days=364)
