"""The ASGI application: one loaded model behind `/ping` and `/invocations`."""

from __future__ import annotations

import json
import re
import time
import uuid
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from govml_pipeline.model.artefact import Model
from govml_pipeline.serving.answer import csv_answer, json_answer
from govml_pipeline.serving.errors import RequestError
from govml_pipeline.serving.payload import parse

#: SageMaker's limit for real-time invocations.
MAX_BYTES = 6 * 1024 * 1024
CORRELATION = "X-Correlation-Id"
#: SageMaker passes this header through in both directions, and no other of the caller's.
CUSTOM_ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes"
_CORRELATION_FORM = re.compile(r"[A-Za-z0-9._:=/+-]{1,128}")


def create_app(model: Model, *, max_bytes: int = MAX_BYTES) -> Starlette:
    """Return the application.

    Args:
        model: the loaded model.
        max_bytes: largest request body in bytes; more is answered with 413.
    """

    async def ping(_: Request) -> Response:
        return JSONResponse({"status": "ok", "model_version": model.version})

    async def invocations(request: Request) -> Response:
        started = time.perf_counter()
        correlation = correlation_id(request)
        rows = 0
        try:
            as_csv = _wants_csv(request)
            body = await _read(request, max_bytes)
            frame = await run_in_threadpool(
                parse, body, request.headers.get("content-type", ""), model.use_case.contract
            )
            rows = frame.height
            predictions = await run_in_threadpool(model.predict, frame)
            response: Response
            if as_csv:
                response = PlainTextResponse(csv_answer(predictions), media_type="text/csv")
            else:
                response = JSONResponse({"predictions": json_answer(predictions), "model_version": model.version})
        except RequestError as error:
            response = JSONResponse(error.body(), status_code=error.status)
        response.headers[CORRELATION] = correlation
        response.headers[CUSTOM_ATTRIBUTES] = correlation
        _log(correlation, model.version, response.status_code, rows, time.perf_counter() - started)
        return response

    return Starlette(
        routes=[Route("/ping", ping, methods=["GET"]), Route("/invocations", invocations, methods=["POST"])]
    )


def correlation_id(request: Request) -> str:
    """The caller's correlation id if it is harmless to log and to echo, a new one otherwise."""
    for header in (CORRELATION, CUSTOM_ATTRIBUTES):
        value = request.headers.get(header, "")
        if _CORRELATION_FORM.fullmatch(value):
            return value
    return uuid.uuid4().hex


async def _read(request: Request, max_bytes: int) -> bytes:
    """Read the body; stop as soon as it is too large, whatever its header said."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > max_bytes:
            raise RequestError(
                413, "payload_too_large", f"more than {max_bytes:,} bytes: send fewer instances at a time"
            )
    return bytes(body)


def _wants_csv(request: Request) -> bool:
    """Decide the form of the answer from the Accept header; without one, JSON."""
    accepted = [part.partition(";")[0].strip().lower() for part in request.headers.get("accept", "*/*").split(",")]
    for media_type in accepted:
        if media_type in ("application/json", "application/*", "*/*", ""):
            return False
        if media_type in ("text/csv", "text/*"):
            return True
    raise RequestError(406, "not_acceptable", "answers are application/json or text/csv")


def _log(correlation: str, version: str, status: int, rows: int, seconds: float) -> None:
    """One line of JSON per request, without any of its content."""
    entry: dict[str, Any] = {
        "correlation_id": correlation,
        "model_version": version,
        "status": status,
        "rows": rows,
        "milliseconds": round(seconds * 1000, 2),
    }
    print(json.dumps(entry), flush=True)
