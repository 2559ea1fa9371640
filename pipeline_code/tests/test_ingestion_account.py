"""The same run against S3 and Glue, as far as moto imitates them: addresses, versions, commits, figures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from lakes import HEADER, SALES, THIS_MONTH
from moto.server import ThreadedMotoServer

from govml_pipeline.errors import UserError
from govml_pipeline.ingestion.lake import Lake, open_lake
from govml_pipeline.ingestion.metrics import age_days, figures, is_stale, publish
from govml_pipeline.ingestion.run import ingest

REGION = "ap-southeast-1"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def account(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name, value in (
        ("AWS_ENDPOINT_URL", endpoint),
        ("AWS_REGION", REGION),
        ("AWS_DEFAULT_REGION", REGION),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
    ):
        monkeypatch.setenv(name, value)
    s3 = boto3.client("s3")
    for bucket in ("raw", "curated"):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    boto3.client("glue").create_database(DatabaseInput={"Name": "lake"})
    yield s3
    boto3.client("s3").close()
    import urllib.request

    urllib.request.urlopen(urllib.request.Request(f"{endpoint}/moto-api/reset", method="POST")).close()


def lake(database: str = "lake") -> Lake:
    return open_lake(SALES, raw="s3://raw/sales", curated="s3://curated/sales", catalogue="glue", database=database)


def test_files_come_in_once_and_glue_names_the_table(account: Any) -> None:
    account.put_object(Bucket="raw", Key="sales/a.csv", Body=f"{HEADER}\n2025-01,A,,1\n2025-01,B,,x\n".encode())
    account.put_object(Bucket="raw", Key="other/a.csv", Body=b"not ours")
    account.put_object(Bucket="raw", Key="sales/../b.csv", Body=b"a trick")
    first = ingest(lake(), SALES, this_month=THIS_MONTH)
    assert {entry.name: entry.outcome for entry in first.taken_in} == {"a.csv": "applied", "../b.csv": "refused"}
    assert not ingest(lake(), SALES, this_month=THIS_MONTH).taken_in

    account.put_object(Bucket="raw", Key="sales/a.csv", Body=f"{HEADER}\n2025-01,A,,5\n2025-02,B,,2\n".encode())
    second = ingest(lake(), SALES, this_month=THIS_MONTH)
    assert [(entry.counts.inserted, entry.counts.updated) for entry in second.taken_in] == [(1, 1)]
    table = boto3.client("glue").get_table(DatabaseName="lake", Name="sales")["Table"]
    assert table["Parameters"]["table_type"] == "ICEBERG"
    assert table["Parameters"]["metadata_location"].startswith("s3://curated/sales/table/metadata/")
    keys = {each["Key"].split("/")[1] for each in account.list_objects_v2(Bucket="curated")["Contents"]}
    assert keys == {"table", "deliveries", "ledger", "history", "manifests", "quarantine", "reports"}


def test_a_database_that_is_not_there_is_named(account: Any) -> None:
    with pytest.raises(UserError, match="no database elsewhere"):
        ingest(lake("elsewhere"), SALES)


def test_figures_reach_cloudwatch(account: Any) -> None:
    account.put_object(Bucket="raw", Key="sales/a.csv", Body=f"{HEADER}\n2025-01,A,,1\n2025-01,B,,x\n".encode())
    run = ingest(lake(), SALES, this_month=THIS_MONTH)
    values = figures(run, now=datetime(2025, 2, 10, tzinfo=UTC))
    assert (values["RowsRead"], values["RowsQuarantined"], values["RowsInTable"], values["AgeDays"]) == (2, 1, 1, 10)
    publish("sales", values)
    listed = boto3.client("cloudwatch").list_metrics(Namespace="GovML/Ingestion")["Metrics"]
    assert {each["MetricName"] for each in listed} == set(values)
    assert listed[0]["Dimensions"] == [{"Name": "DataSource", "Value": "sales"}]


def test_age_and_staleness() -> None:
    from dataclasses import replace

    from govml_pipeline.ingestion.run import Run

    assert age_days("2025-01", datetime(2025, 1, 15, tzinfo=UTC)) == 0
    assert age_days("2024-12", datetime(2025, 1, 10, tzinfo=UTC)) == 10
    now, fresh = datetime(2025, 3, 1, tzinfo=UTC), replace(SALES, max_age_days=30)
    assert not is_stale(Run(newest_month="2025-01"), fresh, now=now)
    assert is_stale(Run(newest_month="2024-12"), fresh, now=now)
    assert not is_stale(Run(), fresh, now=now)
