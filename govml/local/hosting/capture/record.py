"""One captured request in SageMaker's JSON-lines form: a pure function.

Form: SageMaker developer guide, "Capture data from real-time endpoint": one object a line with `captureData`,
`eventMetadata` and `eventVersion`, below `<prefix>/<endpoint>/<variant>/yyyy/mm/dd/hh/`.
"""

from __future__ import annotations

import base64
import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Capture:
    """A request and its answer.

    Args:
        config: `DataCaptureConfig` of the endpoint's configuration.
        endpoint: endpoint name.
        variant: variant that answered.
        event: id of this event.
        inference: the client's inference id, if it gave one.
        attributes: the client's custom attributes, if it gave some.
        at: Unix time of the request.
        request: content type and body.
        response: content type and body.
    """

    config: Mapping[str, Any]
    endpoint: str
    variant: str
    event: str
    inference: str | None
    attributes: str | None
    at: float
    request: tuple[str, bytes]
    response: tuple[str, bytes]


def encoding(content_type: str, config: Mapping[str, Any]) -> str:
    """Return how a body of this type is written: JSON or CSV where the configuration lists the type, else BASE64."""
    listed = config.get("CaptureContentTypeHeader") or {}
    plain = content_type.partition(";")[0].strip().lower()
    if plain in {item.lower() for item in listed.get("JsonContentTypes", [])}:
        return "JSON"
    if plain in {item.lower() for item in listed.get("CsvContentTypes", [])}:
        return "CSV"
    return "BASE64"


def _side(mode: str, content: tuple[str, bytes], config: Mapping[str, Any]) -> dict[str, str]:
    content_type, body = content
    form = encoding(content_type, config)
    if form != "BASE64":
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            form = "BASE64"
    if form == "BASE64":
        text = base64.b64encode(body).decode()
    return {"observedContentType": content_type, "mode": mode, "data": text, "encoding": form}


def line(capture: Capture) -> bytes:
    """Return the line of one capture, with its end."""
    modes = {option["CaptureMode"] for option in capture.config.get("CaptureOptions", [])}
    data: dict[str, Any] = {}
    if modes & {"Input", "InputAndOutput"}:
        data["endpointInput"] = _side("INPUT", capture.request, capture.config)
    if modes & {"Output", "InputAndOutput"}:
        data["endpointOutput"] = _side("OUTPUT", capture.response, capture.config)
    metadata: dict[str, Any] = {"eventId": capture.event}
    if capture.attributes is not None:
        metadata["customAttributes"] = [capture.attributes]
    if capture.inference is not None:
        metadata["inferenceId"] = capture.inference
    metadata["inferenceTime"] = _time(capture.at).strftime("%Y-%m-%dT%H:%M:%SZ")
    told = {"captureData": data, "eventMetadata": metadata, "eventVersion": "0"}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def folder(capture: Capture) -> str:
    """Return the S3 URI of the folder that a capture belongs into, with the slash at its end."""
    prefix = str(capture.config["DestinationS3Uri"]).rstrip("/")
    return f"{prefix}/{capture.endpoint}/{capture.variant}/{_time(capture.at):%Y/%m/%d/%H}/"


def _time(at: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(at, datetime.UTC)
