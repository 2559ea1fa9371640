"""The ASGI application: one loaded model behind `/ping` and `/invocations`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from govml_pipeline.model.artefact import Model
from govml_pipeline.serving.answer import JSON, as_json, refusal
from govml_pipeline.serving.errors import RequestError
from govml_pipeline.serving.identity import MODEL_VERSION, Identity
from govml_pipeline.serving.invocation import Invocations
from govml_pipeline.serving.limits import Limits
from govml_pipeline.serving.observation import Observer
from govml_pipeline.serving.openapi import document
from govml_pipeline.serving.telemetry.log import log


def create_app(
    model: Model,
    *,
    max_bytes: int | None = None,
    limits: Limits | None = None,
    observers: Sequence[Observer] = (log,),
) -> Starlette:
    """Return the application; its `state.draining` is set when the server is to stop.

    Args:
        model: the loaded model.
        max_bytes: largest request body in bytes, if another than that of the limits; more is answered with 413.
        limits: limits of the process.
        observers: told about each invocation.
    """
    chosen = limits or Limits()
    chosen = chosen if max_bytes is None else replace(chosen, max_bytes=max_bytes)
    version = {MODEL_VERSION: model.version}
    described = as_json(document(model, chosen))
    parameters = as_json(
        {
            "MaxConcurrentTransforms": 1,  # requests of a batch are answered one after the other
            "BatchStrategy": "MULTI_RECORD",
            "MaxPayloadInMB": max(1, chosen.max_bytes // 2**20),
        }
    )

    async def ping(_: Request) -> Response:
        draining = getattr(app.state, "draining", False)
        status = {"status": "draining" if draining else "ok", "model_version": model.version}
        return Response(as_json(status), 503 if draining else 200, version, JSON)

    async def openapi(_: Request) -> Response:
        return Response(described, 200, version, JSON)

    async def execution_parameters(_: Request) -> Response:
        return Response(parameters, 200, version, JSON)

    async def unrouted(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101  registered for it alone
        allowed: Mapping[str, str] = error.headers or {}
        if error.status_code == 405:
            return _refused(
                request, RequestError("method_not_allowed", f"allowed: {allowed.get('Allow', '')}"), allowed
            )
        return _refused(request, RequestError("not_found", "there are /ping, /invocations and /openapi.json"), {})

    async def failed(request: Request, _: Exception) -> Response:
        return _refused(request, RequestError("internal", "the server failed: report the correlation id"), {})

    def _refused(request: Request, error: RequestError, headers: Mapping[str, str]) -> Response:
        answer = refusal(error, model.version)
        ids = Identity.of(request.headers).headers()
        return Response(answer.body, answer.status, {**version, **ids, **headers}, answer.media_type)

    app = Starlette(
        routes=[
            Route("/ping", ping, methods=["GET"]),
            Route("/openapi.json", openapi, methods=["GET"]),
            Route("/execution-parameters", execution_parameters, methods=["GET"]),
            Route("/invocations", Invocations(model, chosen, observers).answer, methods=["POST"]),
        ],
        exception_handlers={HTTPException: unrouted, Exception: failed},
    )
    return app
