"""OTLP spans in their JSON form -> segment documents of X-Ray.

PutTraceSegments rather than X-Ray's OTLP address, which takes spans only where the whole account has Transaction Search on.
Form: X-Ray developer guide, "AWS X-Ray segment documents".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

Json = Mapping[str, Any]
#: PutTraceSegments takes so many documents at most (X-Ray API reference).
MOST: Final = 50
_UNFIT: Final = re.compile(r"[^\w\s.:/%&#=+\\\-@]")


def segments(entry: Json) -> list[str]:
    """Return the documents of one line: an `ExportTraceServiceRequest` in JSON.

    Args:
        entry: the line, parsed.

    Raises:
        ValueError: it is none.
    """
    try:
        return [json.dumps(document, separators=(",", ":")) for document in _documents(entry)]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no OTLP spans: {error!r}") from error


def _documents(entry: Json) -> Iterator[dict[str, Any]]:
    for resource in entry["resourceSpans"]:
        named = _attributes(resource.get("resource", {}).get("attributes", ()))
        for scope in resource["scopeSpans"]:
            for span in scope["spans"]:
                yield _document(span, str(named.get("service.name", "unknown")))


def _document(span: Json, service: str) -> dict[str, Any]:
    attributes = _attributes(span.get("attributes", ()))
    status = int(attributes.get("http.response.status_code", 0))
    trace = span["traceId"]
    document: dict[str, Any] = {
        "name": _UNFIT.sub("_", service)[:200],
        "id": span["spanId"],
        "trace_id": f"1-{trace[:8]}-{trace[8:]}",
        "start_time": int(span["startTimeUnixNano"]) / 1e9,
        "end_time": int(span["endTimeUnixNano"]) / 1e9,
        # What traces can be searched by: X-Ray takes letters, digits and underscores for a key.
        "annotations": {
            key.removeprefix("govml.").replace(".", "_"): value
            for key, value in attributes.items()
            if key.startswith("govml.") or key == "error.type"
        },
        "http": {
            "request": {
                "method": attributes.get("http.request.method", "POST"),
                "url": attributes.get("http.route", "/"),
            },
            "response": {"status": status},
        },
        "fault": status >= 500,
        "error": 400 <= status < 500,
        "throttle": status == 429,
    }
    if span.get("parentSpanId"):
        document["parent_id"] = span["parentSpanId"]
    return document


def _attributes(attributes: Sequence[Json]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in attributes:
        [(kind, value)] = item["value"].items()
        found[item["key"]] = int(value) if kind == "intValue" else value
    return found


def batches(documents: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut documents into what one call takes."""
    for start in range(0, len(documents), MOST):
        yield documents[start : start + MOST]
