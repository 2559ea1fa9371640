"""The offline store as the account has it: a feature group, its Iceberg table in Glue and S3, as far as moto imitates them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import boto3
import pyarrow as pa
import pytest
from feature_groups import GROUP, keys, moment
from moto.server import ThreadedMotoServer

from govml_pipeline.feature_store.sagemaker import SageMakerStore
from govml_pipeline.ingestion.catalogue import GLUE, open_catalogue

REGION = "ap-southeast-1"
NAME = "sandbox-dev-hdb-resale-block-history-v1"


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in (
        ("AWS_ENDPOINT_URL", f"http://{host}:{port}"),
        ("AWS_REGION", REGION),
        ("AWS_DEFAULT_REGION", REGION),
        ("AWS_ACCESS_KEY_ID", "test"),
        ("AWS_SECRET_ACCESS_KEY", "test"),
    ):
        monkeypatch.setenv(name, value)
    boto3.client("s3").create_bucket(Bucket="features", CreateBucketConfiguration={"LocationConstraint": REGION})
    yield
    server.stop()


def deploy() -> tuple[str, str]:
    """Make the group; return database and table as the service tells them."""
    sagemaker = boto3.client("sagemaker")
    sagemaker.create_feature_group(
        FeatureGroupName=NAME,
        RecordIdentifierFeatureName=GROUP.record_identifier,
        EventTimeFeatureName="event_time",
        FeatureDefinitions=[{"FeatureName": name, "FeatureType": kind} for name, kind, _ in GROUP.definitions],
        OfflineStoreConfig={"S3StorageConfig": {"S3Uri": "s3://features/hdb-resale"}, "TableFormat": "Iceberg"},
        RoleArn="arn:aws:iam::123456789012:role/features",
    )
    told = sagemaker.describe_feature_group(FeatureGroupName=NAME)["OfflineStoreConfig"]["DataCatalogConfig"]
    return told["Database"], told["TableName"]


def row(event_time: str, written: str, level: float, *, deleted: bool = False) -> dict[str, object]:
    at = datetime.datetime.fromisoformat(written)
    return {
        "block_key": "A",
        "event_time": event_time,
        "level": level,
        "sales": 3,
        "model": None,
        "write_time": at,
        "api_invocation_time": at,
        "is_deleted": deleted,
    }


def test_training_sets_come_from_the_groups_iceberg_table(account: None) -> None:
    database, table = deploy()
    boto3.client("glue").create_database(DatabaseInput={"Name": database})
    schema = pa.schema(
        [
            ("block_key", pa.string()),
            ("event_time", pa.string()),
            ("level", pa.float64()),
            ("sales", pa.int64()),
            ("model", pa.string()),
            ("write_time", pa.timestamp("us")),
            ("api_invocation_time", pa.timestamp("us")),
            ("is_deleted", pa.bool_()),
        ]
    )
    made = open_catalogue(GLUE, database).create_table((database, table), schema, location="s3://features/hdb-resale/t")
    writes = [
        row("2020-01-31T15:59:59Z", "2020-02-02", 0.1),
        row("2020-02-29T15:59:59Z", "2020-03-02", 0.2),
        row("2020-01-31T15:59:59Z", "2020-06-01", 0.9),  # a correction
        row("2020-03-31T15:59:59Z", "2020-04-02", 0.4),
        row("2020-03-31T15:59:59Z", "2020-07-01", 0.4, deleted=True),
    ]
    for write in writes:  # a commit each, as the service makes them
        made.append(pa.Table.from_pylist([write], schema=schema))

    store = SageMakerStore.connect("sandbox-dev-hdb-resale")
    asked = keys(("A", "2020-02-10"), ("A", "2020-03-10"), ("A", "2020-05-01"))
    assert store.as_of(GROUP, asked)["level"].to_list() == [0.9, 0.2, 0.2]
    assert store.as_of(GROUP, asked, known_by=moment("2020-05-01"))["level"].to_list() == [0.1, 0.2, 0.4]
    assert store.latest(GROUP, ["A", "B"])["level"].to_list() == [0.2, None]
