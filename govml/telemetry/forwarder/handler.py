"""The function: lines of a log subscription in, samples and traces out.

REMOTE_WRITE_URL   address that takes samples; without it metrics are left alone
TRACES             `xray`: spans are handed on to X-Ray; without it they are left alone
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cache
from typing import Any

import boto3

from govml.telemetry.forwarder.delivery import Delivered, NotDelivered, Post, deliver, poster
from govml.telemetry.forwarder.lines import messages, read
from govml.telemetry.forwarder.segments import batches


@cache
def _session() -> boto3.Session:
    return boto3.Session()


@cache
def _post(url: str) -> Post:
    session = _session()
    return poster(url, session=session, region=str(session.region_name))


def handle(event: Mapping[str, Any], context: object) -> dict[str, int]:  # noqa: ARG001  as Lambda calls it
    """Hand on what a log tells; return the figures, which stand in the function's log too.

    Raises:
        NotDelivered: something did not take it. Lambda tries twice more, then tells the alert topic.
        ValueError: the event is none of a log subscription.
    """
    told = read(messages(event))
    url = os.environ.get("REMOTE_WRITE_URL", "")
    delivered = deliver(told.metrics, _post(url)) if url and told.metrics else Delivered(0, 0)
    traced = _trace(told.traces) if os.environ.get("TRACES") == "xray" else 0
    figures = {
        "samples": delivered.samples,
        "refused_lines": delivered.refused,
        "unread_lines": told.unread,
        "segments": traced,
    }
    print(json.dumps(figures))
    return figures


def _trace(documents: list[str]) -> int:
    """Hand segments on; return how many were taken. A segment that comes twice replaces itself."""
    taken = 0
    for batch in batches(documents):
        answer = _session().client("xray").put_trace_segments(TraceSegmentDocuments=list(batch))
        left = answer.get("UnprocessedTraceSegments", [])
        taken += len(batch) - len(left)
        if any(each.get("ErrorCode") in ("ServiceUnavailable", "Throttled", "InternalFailure") for each in left):
            raise NotDelivered(f"X-Ray left {len(left)} segments")
    return taken
