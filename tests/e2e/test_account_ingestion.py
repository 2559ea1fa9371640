"""A delivered file's event in the local account: bucket, rule, queue, function, and a start of the source's pipeline."""

from __future__ import annotations

import json
from typing import Any

import pytest

from govml.local import Connection
from govml.settings.names import Names

pytestmark = pytest.mark.local_account

NAMES = Names("sandbox", "dev")


@pytest.fixture(scope="module")
def raw(local_account: Connection) -> str:
    parameter = local_account.client("ssm").get_parameter(Name=NAMES.zone_bucket("raw"))
    name: str = parameter["Parameter"]["Value"]
    return name


def executions(local_account: Connection) -> list[Any]:
    found: list[Any] = local_account.client("sagemaker").list_pipeline_executions(
        PipelineName=NAMES.ingestion_pipeline("hdb_resale")
    )["PipelineExecutionSummaries"]
    return found


def mapping_of(local_account: Connection) -> Any:
    """What feeds the ingestion's function."""
    found = local_account.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    (mapping,) = [each for each in found if "sandbox-dev-Ingestion" in each["EventSourceArn"]]
    return mapping


def test_the_raw_zone_tells_eventbridge(local_account: Connection, raw: str) -> None:
    answer = local_account.client("s3").get_bucket_notification_configuration(Bucket=raw)
    assert "EventBridgeConfiguration" in answer


def test_the_queue_feeds_the_function_message_by_message(local_account: Connection) -> None:
    assert mapping_of(local_account)["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_the_function_starts_the_deployed_pipeline(local_account: Connection, raw: str) -> None:
    mapping = mapping_of(local_account)
    body = json.dumps({"detail": {"bucket": {"name": raw}, "object": {"key": "hdb-resale/2026-01.csv"}}})
    event = {"Records": [{"messageId": "1", "body": body}, {"messageId": "2", "body": "no event"}]}
    before = len(executions(local_account))
    answer = local_account.client("lambda").invoke(FunctionName=mapping["FunctionArn"], Payload=json.dumps(event))
    assert json.loads(answer["Payload"].read()) == {"batchItemFailures": []}
    assert len(executions(local_account)) == before + 1


def test_glue_refuses_a_commit_upon_an_old_version(local_account: Connection) -> None:
    """What the table's commit relies on (Glue API reference, UpdateTable, `VersionId`)."""
    glue, database = local_account.client("glue"), NAMES.database()
    table = {"Name": "probe", "Parameters": {"metadata_location": "one"}}
    glue.create_table(DatabaseName=database, TableInput=table)
    try:
        version = glue.get_table(DatabaseName=database, Name="probe")["Table"]["VersionId"]
        change = {"DatabaseName": database, "TableInput": table, "SkipArchive": True, "VersionId": version}
        glue.update_table(**change)
        with pytest.raises(glue.exceptions.ConcurrentModificationException):
            glue.update_table(**change)
        with pytest.raises(glue.exceptions.AlreadyExistsException):
            glue.create_table(DatabaseName=database, TableInput=table)
    finally:
        glue.delete_table(DatabaseName=database, Name="probe")
