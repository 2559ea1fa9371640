"""What ingestion and fetching may touch: their own source's prefix of the zones, and one table of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from bench import SOURCE_SLUG, Stand
from cfn_templates import ACCOUNT, REGION
from identities import Identity

GLUE = f"arn:aws:glue:{REGION}:{ACCOUNT}"


def identity(bench: Mapping[str, Stand], stand: str, kind: str = "Job") -> Identity:
    (role,) = [each for each in bench[stand].all("AWS::IAM::Role") if f"/{kind}/" in each.path]
    return Identity(role, bench[stand].template.all())


@pytest.fixture
def ingest(bench: Mapping[str, Stand]) -> Identity:
    return identity(bench, "IngestRoles")


@pytest.fixture
def fetch(bench: Mapping[str, Stand]) -> Identity:
    return identity(bench, "FetchRoles")


@pytest.fixture
def raw(bench: Mapping[str, Stand]) -> str:
    (bucket,) = [each for each in bench["Lake"].all("AWS::S3::Bucket") if "/Raw/" in each.path]
    return bucket.arn


@pytest.fixture
def curated(bench: Mapping[str, Stand]) -> str:
    return bench["Bucket"].one("AWS::S3::Bucket").arn


def test_ingestion_reads_deliveries_and_changes_none(ingest: Identity, raw: str) -> None:
    file = f"{raw}/{SOURCE_SLUG}/2026-01.csv"
    assert ingest.may("s3:GetObject", file)
    assert not ingest.may("s3:PutObject", file)
    assert not ingest.may("s3:DeleteObject", file)


def test_ingestion_keeps_its_own_table(ingest: Identity, curated: str) -> None:
    for action in ("s3:GetObject", "s3:PutObject"):
        assert ingest.may(action, f"{curated}/{SOURCE_SLUG}/table/data/a.parquet")
        assert not ingest.may(action, f"{curated}/other/table/data/a.parquet")


def test_ingestion_deletes_replaced_history_only(ingest: Identity, curated: str) -> None:
    assert ingest.may("s3:DeleteObject", f"{curated}/{SOURCE_SLUG}/history/2026-01/a.parquet")
    for key in ("table/data/a.parquet", "ledger/1.json", "quarantine/a.parquet"):
        assert not ingest.may("s3:DeleteObject", f"{curated}/{SOURCE_SLUG}/{key}")
    assert not ingest.may("s3:DeleteObject", f"{curated}/other/history/a.parquet")
    assert not ingest.may("s3:DeleteObjectVersion", f"{curated}/{SOURCE_SLUG}/history/a.parquet")


def test_ingestion_lists_its_own_prefix(ingest: Identity, raw: str, curated: str) -> None:
    for bucket in (raw, curated):
        assert ingest.may("s3:ListBucket", bucket, {"s3:prefix": f"{SOURCE_SLUG}/"})
        for prefix in ("", "other/", f"{SOURCE_SLUG}-2/"):
            assert not ingest.may("s3:ListBucket", bucket, {"s3:prefix": prefix})


def test_ingestion_without_its_tag_reaches_nothing(ingest: Identity, raw: str, curated: str) -> None:
    ingest.tags.clear()
    assert not ingest.may("s3:GetObject", f"{raw}/{SOURCE_SLUG}/a.csv")
    assert not ingest.may("s3:PutObject", f"{curated}/{SOURCE_SLUG}/table/a.parquet")


def test_ingestion_commits_to_one_table(ingest: Identity) -> None:
    for action in ("GetTable", "GetTables", "CreateTable", "UpdateTable"):
        for resource in ("catalog", "database/bench_dev", "table/bench_dev/resale_prices"):
            assert ingest.may(f"glue:{action}", f"{GLUE}:{resource}")
        assert not ingest.may(f"glue:{action}", f"{GLUE}:table/bench_dev/other")
        assert not ingest.may(f"glue:{action}", f"{GLUE}:table/bench_prod/resale_prices")
    assert ingest.may("glue:GetDatabase", f"{GLUE}:database/bench_dev")
    for action in ("DeleteTable", "CreateDatabase", "UpdateDatabase", "DeleteDatabase"):
        assert not ingest.may(f"glue:{action}", f"{GLUE}:table/bench_dev/resale_prices")
        assert not ingest.may(f"glue:{action}", f"{GLUE}:database/bench_dev")


def test_ingestion_publishes_its_own_metrics(ingest: Identity) -> None:
    assert ingest.may("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": "GovML/Ingestion"})
    assert not ingest.may("cloudwatch:PutMetricData", "*", {"cloudwatch:namespace": "AWS/S3"})


def test_a_source_s_pipeline_registers_no_model(bench: Mapping[str, Stand]) -> None:
    orchestrator = identity(bench, "IngestRoles", "Pipeline")
    group = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package-group/bench-dev-"
    for name in (SOURCE_SLUG, "hdb-resale", ""):
        assert not orchestrator.may("sagemaker:CreateModelPackage", group + name)


def test_fetching_puts_whole_files_and_reads_nothing(fetch: Identity, raw: str, curated: str) -> None:
    assert fetch.may("s3:PutObject", f"{raw}/{SOURCE_SLUG}/complete/2026-01-01-a.csv")
    for key in (f"{SOURCE_SLUG}/a.csv", "other/complete/a.csv"):
        assert not fetch.may("s3:PutObject", f"{raw}/{key}")
    assert not fetch.may("s3:GetObject", f"{raw}/{SOURCE_SLUG}/complete/2026-01-01-a.csv")
    assert not fetch.may("s3:PutObject", f"{curated}/{SOURCE_SLUG}/complete/a.csv")
    assert not fetch.may("glue:GetTable", f"{GLUE}:table/bench_dev/resale_prices")


@pytest.mark.parametrize("stand", ["SourceData", "SourceFetch"])
def test_the_zone_s_key_is_usable_through_s3_only(bench: Mapping[str, Stand], stand: str) -> None:
    (use,) = [each for each in bench[stand].policy()["Statement"] if "kms:Decrypt" in each["Action"]]
    assert use["Resource"] in (bench["DataKey"].one("AWS::KMS::Key").arn, [bench["DataKey"].one("AWS::KMS::Key").arn])
    assert use["Condition"] == {"StringEquals": {"kms:ViaService": [f"s3.{REGION}.amazonaws.com"]}}


def test_a_model_s_job_reads_table_and_manifests_of_its_source_only(bench: Mapping[str, Stand], curated: str) -> None:
    job = identity(bench, "Roles")
    for key in ("table/data/a.parquet", "manifests/latest.manifest"):
        assert job.may("s3:GetObject", f"{curated}/{SOURCE_SLUG}/{key}")
        assert not job.may("s3:PutObject", f"{curated}/{SOURCE_SLUG}/{key}")
        assert not job.may("s3:GetObject", f"{curated}/other/{key}")
    for key in ("quarantine/a.parquet", "deliveries/1/a.parquet", "reports/a.html", "ledger/1.json", "tables/a"):
        assert not job.may("s3:GetObject", f"{curated}/{SOURCE_SLUG}/{key}")
    assert job.may("s3:ListBucket", curated, {"s3:prefix": f"{SOURCE_SLUG}/manifests/latest.manifest"})
    for prefix in ("", f"{SOURCE_SLUG}/", f"{SOURCE_SLUG}/quarantine/", "other/table/"):
        assert not job.may("s3:ListBucket", curated, {"s3:prefix": prefix})
