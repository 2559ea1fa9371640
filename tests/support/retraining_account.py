"""An account in memory as the retraining handler sees it, and the messages that it is sent."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

RUNTIME = Path(__file__).resolve().parents[2] / "constructs" / "govml_constructs" / "retraining" / "runtime"
NOW = datetime.now(UTC)
LIVE = "s3://artifacts/hdb-resale/released/ab12/model.tar.gz"


class FakeAccount:
    """SageMaker, CloudWatch, Systems Manager and SNS as the handler sees them."""

    def __init__(self) -> None:
        self.runs: list[dict[str, Any]] = []
        self.looks: list[dict[str, Any]] = []
        self.objects: list[str] = []
        self.writes: list[str] = []
        self.written: dict[str, bytes] = {}
        self.tokens: dict[str, str] = {}
        self.feed = "OK"
        self.live: str | None = LIVE
        self.told: list[str] = []
        self.errors: list[Exception] = []

    def _fail(self) -> None:
        if self.errors:
            raise self.errors.pop(0)

    def list_pipeline_executions(self, **request: Any) -> dict[str, Any]:
        assert request["SortOrder"] == "Descending"
        self._fail()
        return {"PipelineExecutionSummaries": list(reversed(self._of(request["PipelineName"])))}

    def _of(self, pipeline: str) -> list[dict[str, Any]]:
        return {"mini-dev-hdb-resale": self.runs, "mini-dev-monitor-hdb-resale": self.looks}[pipeline]

    def list_objects_v2(self, **request: Any) -> dict[str, Any]:
        assert request["Bucket"] == "artifacts"
        self._fail()
        found = [{"Key": key} for key in self.objects if key.startswith(request["Prefix"])]
        return {"Contents": found[: request["MaxKeys"]]} if found else {}

    def get_paginator(self, operation: str) -> FakeAccount:
        assert operation == "list_objects_v2"
        return self

    def paginate(self, **request: Any) -> list[dict[str, Any]]:
        """Two objects a page, as S3 lists them."""
        prefix, after = request["Prefix"], request.get("StartAfter", "")
        keys = sorted(key for key in self.objects if key.startswith(prefix) and key > after)
        if "Delimiter" in request:
            folders = dict.fromkeys(prefix + key.removeprefix(prefix).partition("/")[0] + "/" for key in keys)
            return [{"CommonPrefixes": [{"Prefix": folder} for folder in folders]}]
        return [
            {"Contents": [{"Key": key} for key in keys[start : start + 2]]} for start in range(0, len(keys), 2)
        ] or [{}]

    def get_object(self, **request: Any) -> dict[str, Any]:
        self._fail()
        key = request["Key"]
        if key not in self.written:
            raise ClientError({"Error": {"Code": "NoSuchKey", "Message": "none"}}, "GetObject")
        return {"Body": io.BytesIO(self.written[key])}

    def head_object(self, **request: Any) -> dict[str, Any]:
        content = self.written.get(f"{request['Bucket']}/{request['Key']}")
        if content is None:
            raise ClientError({"Error": {"Code": "403", "Message": "Forbidden"}}, "HeadObject")
        return {"ChecksumSHA256": base64.b64encode(hashlib.sha256(content).digest()).decode()}

    def put_object(self, **request: Any) -> None:
        self._fail()
        assert request["ChecksumAlgorithm"] == "SHA256"
        self.written[f"{request['Bucket']}/{request['Key']}"] = request["Body"]
        self.writes.append(request["Key"])

    def start_pipeline_execution(self, **request: Any) -> dict[str, str]:
        self._fail()
        token = request["ClientRequestToken"]
        assert 32 <= len(token) <= 128
        if token not in self.tokens:
            self.tokens[token] = f"arn:run/{len(self.tokens)}"
            self.add(
                request["PipelineExecutionDisplayName"],
                parameters=request["PipelineParameters"],
                pipeline=request["PipelineName"],
            )
        return {"PipelineExecutionArn": self.tokens[token]}

    def add(
        self,
        name: str,
        status: str = "Executing",
        *,
        days_ago: float = 0,
        parameters: Any = None,
        pipeline: str = "mini-dev-hdb-resale",
    ) -> None:
        run = {"PipelineExecutionDisplayName": name, "PipelineExecutionStatus": status, "PipelineExecutionArn": "arn:x"}
        self._of(pipeline).append({**run, "StartTime": NOW - timedelta(days=days_ago), "parameters": parameters})

    def describe_alarms(self, **request: Any) -> dict[str, Any]:
        assert request["AlarmNames"] == ["mini-dev-hdb-resale-feed"]
        return {"MetricAlarms": [{"StateValue": self.feed}] if self.feed else []}

    def get_parameter(self, **request: Any) -> dict[str, Any]:
        assert request["Name"] == "/govml/mini/dev/serving/hdb-resale/live-model"
        if self.live is None:
            raise ClientError({"Error": {"Code": "ParameterNotFound", "Message": "none"}}, "GetParameter")
        return {"Parameter": {"Value": self.live}}

    def publish(self, **request: Any) -> None:
        assert len(request["Subject"]) <= 100
        self.told.append(request["Message"])


def mode(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    case = {"pipeline": "mini-dev-hdb-resale", "drift_alarm": "mini-dev-hdb-resale-drift", "cool_down_days": 14}
    case |= {"feed_alarm": "mini-dev-hdb-resale-feed", "live_model": "/govml/mini/dev/serving/hdb-resale/live-model"}
    case |= {"monitor": "mini-dev-monitor-hdb-resale", "endpoint": "mini-dev-hdb-resale"}
    case |= {"quality_schedule": "mini-dev-hdb-resale-quality", "mode": name}
    table = Path(tempfile.mkdtemp()) / "use_cases.json"
    table.write_text(json.dumps({"hdb-resale": case}))
    monkeypatch.setenv("USE_CASES", str(table))
    monkeypatch.setenv("ARTIFACTS", "artifacts")


def drift(
    moment: str = "2026-11-28T01:00:00Z", *, value: str = "ALARM", alarm: str = "mini-dev-hdb-resale-drift"
) -> str:
    detail = {"alarmName": alarm, "state": {"value": value, "timestamp": moment}}
    return json.dumps({"source": "aws.cloudwatch", "detail-type": "CloudWatch Alarm State Change", "detail": detail})


def asked(why: str, moment: str = "2026-11-28T01:00:00Z", **more: str) -> str:
    return json.dumps({"retrain": "hdb-resale", "why": why, "moment": moment, **more})


def send(handler: Any, *bodies: str) -> list[str]:
    """Return the numbers of the messages that are to be seen again."""
    records = [{"messageId": str(number), "body": body} for number, body in enumerate(bodies)]
    answer = handler.handle({"Records": records}, None)
    return [item["itemIdentifier"] for item in answer["batchItemFailures"]]


RELEASED = "hdb-resale/released/ab12/"
LOOK = json.dumps({"look": "hdb-resale", "moment": "2026-11-28T20:00:00Z"})
