"""`EvidenceBucket`, `AuditStore`: evidence is locked as it is written, and nobody undoes that."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from bench import BenchStack, Stand
from iam_simulator import Request, decide

from govml_constructs.storage.evidence_bucket import EvidenceBucket

EVERYTHING = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
TLS = {"aws:SecureTransport": "true", "s3:TlsVersion": "1.3"}


def test_every_object_is_locked_as_it_is_written(bench: Mapping[str, Stand]) -> None:
    properties = bench["Evidence"].one("AWS::S3::Bucket").properties
    assert properties["ObjectLockEnabled"] is True
    lock = properties["ObjectLockConfiguration"]
    assert lock["ObjectLockEnabled"] == "Enabled"
    assert lock["Rule"] == {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1096}}
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}


def test_versions_are_kept_for_as_long_as_the_lock(bench: Mapping[str, Stand]) -> None:
    (rule,) = bench["Evidence"].one("AWS::S3::Bucket").properties["LifecycleConfiguration"]["Rules"]
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1096}


@pytest.mark.parametrize(
    "action", ["DeleteObject", "DeleteObjectVersion", "BypassGovernanceRetention", "PutObjectRetention"]
)
def test_nobody_deletes_evidence_or_changes_its_lock(bench: Mapping[str, Stand], action: str) -> None:
    stand = bench["Evidence"]
    policies = [EVERYTHING, stand.policy("AWS::S3::BucketPolicy")]
    evidence = f"{stand.one('AWS::S3::Bucket').arn}/2026/gate.json"
    assert decide(policies, Request("s3:PutObject", evidence, TLS)) == "allowed"
    assert decide(policies, Request(f"s3:{action}", evidence, TLS)) == "denied"


def test_the_auditor_reads_it_by_name_and_nobody_writes_by_name(bench: Mapping[str, Stand]) -> None:
    stand = bench["Evidence"]
    policy, evidence = stand.policy("AWS::S3::BucketPolicy"), f"{stand.one('AWS::S3::Bucket').arn}/gate.json"
    people = {each.path.split("/")[2]: each.arn for each in bench["Personas"].all("AWS::IAM::Role")}
    for name, arn in people.items():
        asked = Request("s3:GetObject", evidence, TLS, principal=arn)
        assert (decide([policy], asked) == "allowed") is (name == "Auditor")
        assert decide([policy], Request("s3:PutObject", evidence, TLS, principal=arn)) == "not allowed"


def test_its_accesses_are_logged_beside_it(bench: Mapping[str, Stand]) -> None:
    logging = bench["Evidence"].one("AWS::S3::Bucket").properties["LoggingConfiguration"]
    (logs,) = [each for each in bench["Audit"].all("AWS::S3::Bucket") if "/Logs/" in each.path]
    assert logging == {"DestinationBucketName": logs.name, "LogFilePrefix": "evidence/"}


def test_both_buckets_outlive_their_stack(bench: Mapping[str, Stand]) -> None:
    buckets = bench["Audit"].all("AWS::S3::Bucket")
    assert len(buckets) == 2
    assert all(each.kept() for each in buckets)


def test_less_than_a_year_is_refused(scratch: BenchStack, bench: Mapping[str, Stand]) -> None:
    key = bench["DataKey"].construct.key
    with pytest.raises(ValueError, match="at least 365 days, not 30"):
        EvidenceBucket(scratch, "Short", key=key, access_logs="logs", lock="GOVERNANCE", retention_days=30)
