"""`POST /invocations`: read, check, predict, answer, and tell the observers."""

from __future__ import annotations

import asyncio
import sys
import time
import traceback
from collections.abc import Sequence
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from govml_pipeline.features.matrix import FEW
from govml_pipeline.model.artefact import Model
from govml_pipeline.serving.admission import Admission
from govml_pipeline.serving.answer import Answer, answer, refusal, wanted
from govml_pipeline.serving.errors import RequestError
from govml_pipeline.serving.explaining import explanations
from govml_pipeline.serving.identity import MODEL_VERSION, Identity
from govml_pipeline.serving.inference import Predictions, Predictor
from govml_pipeline.serving.limits import Limits
from govml_pipeline.serving.observation import Observation, Observer
from govml_pipeline.serving.payload import Payload, read_payload

#: Bodies up to this size are read on the event loop, in less time than handing them to a thread takes.
_SMALL: Final = 16 * 1024


class Invocations:
    """Answers invocations of one model.

    Args:
        model: the model.
        limits: limits of the process.
        observers: told about each request.
    """

    def __init__(self, model: Model, limits: Limits, observers: Sequence[Observer]) -> None:
        self._model = model
        self._contract = model.use_case.contract
        self._limits = limits
        self._observers = tuple(observers)
        self._predictor = Predictor(model)
        self._admission = Admission(limits)

    async def answer(self, request: Request) -> Response:
        """Answer one request; an error is an answer too."""
        started = time.perf_counter()
        identity = Identity.of(request.headers)
        headers = {MODEL_VERSION: self._model.version, **identity.headers()}
        predictions: Predictions | None = None
        error: RequestError | None = None
        try:
            with self._admission.admitted():
                predictions, found = await self._answered(request)
        except RequestError as refused:
            error = refused
        except ClientDisconnect:
            error = RequestError("malformed_request", "the body ended before its time")
        except Exception:  # noqa: BLE001  a defect of ours: the caller gets a typed answer, the log the traceback
            traceback.print_exc(file=sys.stderr)
            error = RequestError("internal", "the server failed: report the correlation id")
        if error is not None:
            found = refusal(error, self._model.version)
            headers |= error.headers
        observation = Observation(
            identity=identity,
            model_version=self._model.version,
            status=found.status,
            error=error.kind if error else None,
            rows=len(predictions.output) if predictions else 0,
            seconds=time.perf_counter() - started,
            ended=time.time_ns(),
            predictions=predictions,
            headers=request.headers,
        )
        for observer in self._observers:
            observer(observation)
        return Response(found.body, found.status, headers, found.media_type)

    async def _answered(self, request: Request) -> tuple[Predictions, Answer]:
        media_type = wanted(request.headers.get("accept", "*/*"))
        content_type = request.headers.get("content-type", "")
        body = await self._body(request)
        if len(body) > _SMALL:
            return await self._admission.in_turn(
                lambda: self._predicted(read_payload(body, content_type, self._contract), media_type)
            )
        payload = read_payload(body, content_type, self._contract)
        if payload.explain or len(payload.rows) > FEW:
            return await self._admission.in_turn(lambda: self._predicted(payload, media_type))
        return self._predicted(payload, media_type)

    def _predicted(self, payload: Payload, media_type: str) -> tuple[Predictions, Answer]:
        if payload.explain and len(payload.rows) > self._limits.explained_rows:
            most = self._limits.explained_rows
            raise RequestError("explanation_unavailable", f"at most {most} rows are explained at a time")
        predictions = self._predictor.predict(payload.rows)
        explained = explanations(predictions) if payload.explain else None
        return predictions, answer(predictions, media_type, explained)

    async def _body(self, request: Request) -> bytes:
        """Read the body; stop as soon as it is too large, whatever its header says, or too slow."""
        most = self._limits.max_bytes
        too_large = RequestError("payload_too_large", f"more than {most:,} bytes: send fewer instances at a time")
        declared = request.headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > most:
            raise too_large
        body = bytearray()
        try:
            async with asyncio.timeout(self._limits.read_seconds):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > most:
                        raise too_large
        except TimeoutError as error:
            raise RequestError(
                "request_timeout", f"the body had not come within {self._limits.read_seconds:g} s"
            ) from error
        return bytes(body)
