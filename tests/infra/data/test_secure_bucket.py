"""`SecureBucket`: private, versioned, logged, TLS only, and encrypted with one key whatever a caller asks for."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from bench import Stand
from iam_simulator import Request, decide

SSE = "s3:x-amz-server-side-encryption"
KEY_ID = f"{SSE}-aws-kms-key-id"
OTHER_KEY = "arn:aws:kms:ap-southeast-1:123456789012:key/other"
CALLER_MAY = {"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}


def ask(bench: Mapping[str, Stand], context: Mapping[str, str], action: str = "s3:PutObject") -> str:
    """Ask for a caller who may do anything with S3: what the bucket's own policy leaves of it."""
    stand = bench["Bucket"]
    asked = {"aws:SecureTransport": "true", "s3:TlsVersion": "1.3", **context}
    request = Request(action, f"{stand.one('AWS::S3::Bucket').arn}/a/key", asked)
    return decide([CALLER_MAY, stand.policy("AWS::S3::BucketPolicy")], request)


@pytest.fixture
def our_key(bench: Mapping[str, Stand]) -> str:
    return bench["DataKey"].one("AWS::KMS::Key").arn


def test_a_write_that_asks_for_nothing_is_allowed_and_gets_our_key(bench: Mapping[str, Stand], our_key: str) -> None:
    assert ask(bench, {}) == "allowed"
    encryption = bench["Bucket"].one("AWS::S3::Bucket").properties["BucketEncryption"]
    (rule,) = encryption["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": our_key}
    assert rule["BucketKeyEnabled"] is True


def test_a_write_that_asks_for_our_key_is_allowed(bench: Mapping[str, Stand], our_key: str) -> None:
    assert ask(bench, {SSE: "aws:kms", KEY_ID: our_key}) == "allowed"


def test_a_write_under_another_key_is_denied(bench: Mapping[str, Stand]) -> None:
    assert ask(bench, {SSE: "aws:kms", KEY_ID: OTHER_KEY}) == "denied"


def test_a_write_under_the_service_s_key_is_denied(bench: Mapping[str, Stand]) -> None:
    assert ask(bench, {SSE: "aws:kms"}) == "denied"  # S3 would take aws/s3


@pytest.mark.parametrize("algorithm", ["AES256", "aws:kms:dsse"])
def test_a_write_with_another_algorithm_is_denied(bench: Mapping[str, Stand], algorithm: str) -> None:
    assert ask(bench, {SSE: algorithm}) == "denied"


def test_a_write_with_a_key_of_the_caller_s_own_is_denied(bench: Mapping[str, Stand]) -> None:
    assert ask(bench, {f"{SSE}-customer-algorithm": "AES256"}) == "denied"


@pytest.mark.parametrize("action", ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"])
def test_plain_http_and_old_tls_are_denied(bench: Mapping[str, Stand], action: str) -> None:
    assert ask(bench, {}, action) == "allowed"
    assert ask(bench, {"aws:SecureTransport": "false"}, action) == "denied"
    assert ask(bench, {"s3:TlsVersion": "1.1"}, action) == "denied"


def test_all_public_access_is_blocked(bench: Mapping[str, Stand]) -> None:
    block = bench["Bucket"].one("AWS::S3::Bucket").properties["PublicAccessBlockConfiguration"]
    assert len(block) == 4
    assert all(value is True for value in block.values())


def test_access_control_lists_are_off(bench: Mapping[str, Stand]) -> None:
    ownership = bench["Bucket"].one("AWS::S3::Bucket").properties["OwnershipControls"]
    assert ownership == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


def test_versions_are_kept_for_their_time(bench: Mapping[str, Stand]) -> None:
    properties = bench["Bucket"].one("AWS::S3::Bucket").properties
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    (rule,) = properties["LifecycleConfiguration"]["Rules"]
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 90}
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
    assert "ExpirationInDays" not in rule


def test_access_is_logged(bench: Mapping[str, Stand]) -> None:
    logging = bench["Bucket"].one("AWS::S3::Bucket").properties["LoggingConfiguration"]
    target = bench["AccessLogs"].one("AWS::S3::Bucket").name
    assert logging == {"DestinationBucketName": target, "LogFilePrefix": "bucket/"}


def test_the_bucket_outlives_its_stack(bench: Mapping[str, Stand]) -> None:
    assert bench["Bucket"].one("AWS::S3::Bucket").kept()
