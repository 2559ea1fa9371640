"""`govml model feedback`: every line counts or nothing is handed in; the same file is the same feedback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from click.testing import CliRunner, Result
from moto import mock_aws

from govml.cli import feedback as module
from govml.cli.main import govml as cli
from govml.settings.names import Names

BUCKET = "sandbox-dev-artifacts"
LINE = {"inference_id": "order-17", "verdict": "reject", "value": 512000, "at": "2026-03-02T09:00:00+08:00"}


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        region = "ap-southeast-1"
        client = boto3.client("s3", region_name=region)
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": region})
        name = Names("sandbox", "dev").zone_bucket("artifacts")
        boto3.client("ssm", region_name=region).put_parameter(Name=name, Value=BUCKET, Type="String")
        yield client


def hand_in(tmp_path: Path, *lines: Any, use_case: str = "hdb_resale") -> Result:
    file = tmp_path / "said.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return CliRunner().invoke(cli, ["model", "feedback", use_case, str(file)])


def keys(s3: Any) -> list[str]:
    return [each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def test_feedback_lies_by_day_and_twice_the_same_is_once(tmp_path: Path, s3: Any) -> None:
    for _ in range(2):
        found = hand_in(tmp_path, LINE, {**LINE, "inference_id": "order-18"})
        assert found.exit_code == 0, found.output
    [key] = keys(s3)
    assert key.startswith("hdb-resale/feedback/20") and key.endswith(".jsonl")
    content = s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    assert [json.loads(line)["inference_id"] for line in content.splitlines()] == ["order-17", "order-18"]


def test_one_line_that_does_not_count_holds_everything_back(tmp_path: Path, s3: Any) -> None:
    found = hand_in(tmp_path, LINE, {**LINE, "value": "dear"}, {**LINE, "by": "A. Person"})
    assert found.exit_code != 0 and keys(s3) == []
    said = f"{found.output}{found.exception}"
    assert "said.jsonl:2: value is no number" in said and "said.jsonl:3: has a field that is not known" in said


@pytest.mark.parametrize(
    ("use_case", "says"), [("hdb_resale_2", "watches no use case"), ("../other", "watches no use case")]
)
def test_what_is_not_watched_takes_no_feedback(tmp_path: Path, s3: Any, use_case: str, says: str) -> None:
    found = hand_in(tmp_path, LINE, use_case=use_case)
    assert found.exit_code != 0 and says in f"{found.output}{found.exception}" and keys(s3) == []


def test_what_is_too_large_or_not_there_is_said(tmp_path: Path, s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LARGEST", 10)
    assert (
        "hand it in as several" in f"{(found := hand_in(tmp_path, LINE)).output}{getattr(found.exception, 'hint', '')}"
    )
    missing = CliRunner().invoke(cli, ["model", "feedback", "hdb_resale", str(tmp_path / "none.jsonl")])
    assert missing.exit_code != 0 and "cannot be read" in f"{missing.output}{missing.exception}"


def test_an_empty_file_is_called_empty(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_bytes(b"")
    refused = CliRunner().invoke(cli, ["model", "feedback", "hdb_resale", str(tmp_path / "empty.jsonl")])
    assert "hold no line" in str(refused.exception)
