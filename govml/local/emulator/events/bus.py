"""Puts an event of an AWS service onto the default bus of the account; rules with its pattern pass it on."""

from __future__ import annotations

import asyncio
import contextvars
import json
from collections.abc import Iterable, Mapping
from typing import Any

import ministack.app
from ministack.services import eventbridge


def put(source: str, detail_type: str, detail: Mapping[str, Any], resources: Iterable[str] = ()) -> None:
    """Put one event, in the account and region of the request or stack that is being served.

    The rules' targets are queues and functions of the event loop's thread, so the event is handed over to it. It arrives
    before the answer of the request that caused it, because that answer takes the same way later.

    Args:
        source: as in `aws.sagemaker`.
        detail_type: as in `SageMaker Model Package State Change`.
        detail: the service's own fields.
        resources: ARNs.
    """
    entry = {
        "Source": source,
        "DetailType": detail_type,
        "Detail": json.dumps(detail, default=str),
        "Resources": list(resources),
    }
    context = contextvars.copy_context()
    loop: asyncio.AbstractEventLoop = ministack.app._MAIN_LOOP
    loop.call_soon_threadsafe(context.run, _put, entry)


def _put(entry: dict[str, Any]) -> None:
    eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)
