"""`UseCaseDataPolicy`: a use case reaches its own prefix of each zone, and no other use case's."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from bench import SLUG, Stand
from cfn_templates import REGION
from identities import Identity


@pytest.fixture
def job(bench: Mapping[str, Stand]) -> Identity:
    """Return the job role of the use case `hdb-resale`."""
    (role,) = [each for each in bench["Roles"].all("AWS::IAM::Role") if "/Job/" in each.path]
    return Identity(role, bench["Roles"].template.all())


def zone(bench: Mapping[str, Stand], name: str) -> str:
    (bucket,) = [each for each in bench["Lake"].all("AWS::S3::Bucket") if f"/{name}/" in each.path]
    return bucket.arn


def test_it_reads_its_own_prefix_of_every_zone(bench: Mapping[str, Stand], job: Identity) -> None:
    for name in ("Raw", "Artifacts"):
        assert job.may("s3:GetObject", f"{zone(bench, name)}/{SLUG}/2026/data.csv")


def test_it_writes_its_own_prefix_of_writable_zones_only(bench: Mapping[str, Stand], job: Identity) -> None:
    assert job.may("s3:PutObject", f"{zone(bench, 'Artifacts')}/{SLUG}/runs/1/model.tar.gz")
    assert not job.may("s3:PutObject", f"{zone(bench, 'Raw')}/{SLUG}/data.csv")
    assert not job.may("s3:DeleteObject", f"{zone(bench, 'Artifacts')}/{SLUG}/runs/1/model.tar.gz")


@pytest.mark.parametrize("prefix", ["other", f"{SLUG}-2", f"x{SLUG}", "", f"other/{SLUG}"])
def test_it_reaches_no_other_prefix(bench: Mapping[str, Stand], job: Identity, prefix: str) -> None:
    for action in ("s3:GetObject", "s3:PutObject"):
        assert not job.may(action, f"{zone(bench, 'Artifacts')}/{prefix}/key")


def test_it_lists_its_own_prefix_only(bench: Mapping[str, Stand], job: Identity) -> None:
    bucket = zone(bench, "Raw")
    for prefix in (SLUG, f"{SLUG}/", f"{SLUG}/2026"):
        assert job.may("s3:ListBucket", bucket, {"s3:prefix": prefix})
    for prefix in ("other/", f"{SLUG}-2/", ""):
        assert not job.may("s3:ListBucket", bucket, {"s3:prefix": prefix})
    assert not job.may("s3:ListBucket", bucket)


def test_a_role_without_the_tag_reaches_nothing(bench: Mapping[str, Stand], job: Identity) -> None:
    job.tags.clear()
    assert not job.may("s3:GetObject", f"{zone(bench, 'Raw')}/{SLUG}/data.csv")
    assert not job.may("s3:ListBucket", zone(bench, "Raw"), {"s3:prefix": SLUG})


def test_another_use_case_s_role_with_the_same_policy_reaches_its_own_prefix(
    bench: Mapping[str, Stand], job: Identity
) -> None:
    job.tags["aws:PrincipalTag/govml-use-case"] = "other"
    assert job.may("s3:GetObject", f"{zone(bench, 'Raw')}/other/data.csv")
    assert not job.may("s3:GetObject", f"{zone(bench, 'Raw')}/{SLUG}/data.csv")


def test_the_zone_s_key_is_usable_through_s3_only(bench: Mapping[str, Stand]) -> None:
    key = bench["DataKey"].one("AWS::KMS::Key").arn
    statements = bench["UseCaseData"].policy()["Statement"]
    (use,) = [each for each in statements if "kms:Decrypt" in each["Action"]]
    assert use["Resource"] in (key, [key])
    assert use["Condition"]["StringEquals"]["kms:ViaService"] in (
        f"s3.{REGION}.amazonaws.com",
        [f"s3.{REGION}.amazonaws.com"],
    )


def test_what_the_policy_allows_the_bucket_still_guards(bench: Mapping[str, Stand], job: Identity) -> None:
    policies = {each.properties["Bucket"]: each.properties for each in bench["Lake"].all("AWS::S3::BucketPolicy")}
    bucket = zone(bench, "Artifacts")
    guard = policies[bucket.rsplit(":", 1)[1]]["PolicyDocument"]
    own = f"{bucket}/{SLUG}/model.tar.gz"
    tls = {"aws:SecureTransport": "true", "s3:TlsVersion": "1.2"}
    assert job.asks("s3:PutObject", own, tls, guard) == "allowed"
    assert job.asks("s3:PutObject", own, {**tls, "s3:x-amz-server-side-encryption": "AES256"}, guard) == "denied"
    assert job.asks("s3:PutObject", own, {**tls, "aws:SecureTransport": "false"}, guard) == "denied"
