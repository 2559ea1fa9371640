"""A trace as a tree of lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from govml.telemetry.trace.models import Model
from govml.telemetry.trace.requests import Captured, Request

_LONGEST: Final = 200


def lines(request: Request, captured: Captured | str | None, model: Model | str | None) -> Iterator[str]:
    """Yield the lines.

    Args:
        request: the request.
        captured: what was captured of it; a text: why that cannot be told; None: nothing was.
        model: the model that answered; a text: why that cannot be told; None: it came from no release.
    """
    told = request.told
    failed = f", {told['error']}" if told.get("error") else ""
    yield f"request {told['correlation_id']}"
    yield f"├─ {request.at:%Y-%m-%d %H:%M:%S} UTC at {request.endpoint}: status {told['status']}{failed}, " + (
        f"{told['rows']} rows in {told['milliseconds']:g} ms"
    )
    if request.span is not None:
        yield f"├─ span {request.span['spanId']} of trace {request.trace_id}"
    else:
        yield "├─ no span: the request was not among those that are traced"
    if isinstance(captured, Captured):
        yield f"├─ captured in {captured.uri}"
        if captured.inference_id:
            yield f"│  ├─ inference id {captured.inference_id}: true values are joined by it"
        yield f"│  └─ answer {_short(captured.prediction)}"
    else:
        yield f"├─ not captured{': ' + captured if captured else ''}"
    yield f"└─ model {told['model_version']}"
    yield from (f"   {line}" for line in _model(model))


def _model(model: Model | str | None) -> Iterator[str]:
    if model is None:
        yield "└─ of no release: it was handed over, or runs on a laptop"
        return
    if isinstance(model, str):
        yield f"└─ {model}"
        return
    yield f"├─ version {model.version} of the registry" + (f", archive {model.digest}" if model.digest else "")
    for entry in model.entries:
        why = f": {_short(entry.why)}" if entry.why else ""
        yield f"├─ {entry.action} {entry.at} by {entry.who or 'the release'}{why} (ledger entry {entry.sequence})"
    run = model.run
    if run is None:
        yield "└─ no training run: somebody registered it"
        return
    yield f"└─ trained by {run.arn}"
    if run.status:
        yield f"   ├─ {run.status}, started {run.started}"
    yield f"   ├─ code {run.code or 'unknown'}"
    yield f"   └─ data {run.dataset or 'unknown'}"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else f"{flat[:_LONGEST]}..."
