"""The first half of a trace: what the log tells of a request, and what was captured of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Request:
    """One request, as its container logged it.

    Args:
        at: when the line was written.
        endpoint: endpoint name.
        told: the line.
        span: its span, if it was traced (OTLP in JSON).
    """

    at: datetime
    endpoint: str
    told: Json
    span: Json | None = None

    @property
    def trace_id(self) -> str:
        """Trace id as X-Ray writes it; empty without a span."""
        trace = str(self.span["traceId"]) if self.span else ""
        return f"1-{trace[:8]}-{trace[8:]}" if trace else ""


@dataclass(frozen=True)
class Captured:
    """What was captured of a request.

    Args:
        uri: the file.
        prediction: the answer's body, as it was captured.
        inference_id: the caller's inference id; empty if it gave none.
    """

    uri: str
    prediction: str
    inference_id: str


def find_requests(logs: Any, endpoint: str, correlation: str, *, since: datetime) -> list[Request]:
    """Return the requests with a correlation id that an endpoint's log tells of; a caller may use an id again.

    Args:
        logs: boto3 client of CloudWatch Logs.
        endpoint: endpoint name.
        correlation: the id.
        since: how far back the log is searched.

    Raises:
        ClientError: the log cannot be read, or there is none.
    """
    found: list[tuple[datetime, Json]] = []
    spans: list[Json] = []
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=f"/aws/sagemaker/Endpoints/{endpoint}",
        startTime=int(since.timestamp() * 1000),
        filterPattern=f'"{correlation}"',
    )
    for event in (event for page in pages for event in page.get("events", [])):
        entry = _json(event["message"])
        if entry.get("correlation_id") == correlation:
            found.append((datetime.fromtimestamp(event["timestamp"] / 1000, UTC), entry))
        spans += [span for span in _spans(entry) if _attribute(span, "govml.correlation_id") == correlation]
    return [
        Request(at, endpoint, entry, spans[place] if len(spans) == len(found) else next(iter(spans), None))
        for place, (at, entry) in enumerate(sorted(found, key=lambda each: each[0]))
    ]


def find_captured(s3: Any, bucket: str, prefix: str, request: Request) -> Captured | None:
    """Return what was captured of a request; None: nothing was, or not yet.

    Files lie by variant and hour (SageMaker developer guide, "Capture data from real-time endpoint").

    Args:
        s3: boto3 client of S3.
        bucket: bucket of captured data.
        prefix: prefix of the use case's captures.
        request: the request.

    Raises:
        ClientError: the caller may not read it.
    """
    correlation = str(request.told["correlation_id"])
    for key in _keys(s3, bucket, f"{prefix}/{request.endpoint}/", request.at):
        body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        if correlation.encode() not in body:
            continue
        for line in body.decode("utf-8", errors="replace").splitlines():
            entry = _json(line)
            metadata = entry.get("eventMetadata", {})
            if correlation in metadata.get("customAttributes", []):
                answer = entry.get("captureData", {}).get("endpointOutput", {}).get("data", "")
                return Captured(f"s3://{bucket}/{key}", str(answer), str(metadata.get("inferenceId", "")))
    return None


def _keys(s3: Any, bucket: str, prefix: str, at: datetime) -> Iterator[str]:
    hours = [at.astimezone(UTC) + timedelta(hours=shift) for shift in (0, -1, 1)]
    variants = s3.list_objects_v2(Bucket=bucket, Prefix=prefix, Delimiter="/").get("CommonPrefixes", [])
    for hour in hours:
        for variant in variants:
            folder = f"{variant['Prefix']}{hour:%Y/%m/%d/%H}/"
            for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=folder):
                yield from (each["Key"] for each in page.get("Contents", []))


def _spans(entry: Json) -> Iterator[Json]:
    for resource in entry.get("resourceSpans", []):
        for scope in resource["scopeSpans"]:
            yield from scope["spans"]


def _attribute(span: Json, key: str) -> str:
    return next((str(item["value"].get("stringValue")) for item in span["attributes"] if item["key"] == key), "")


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
