"""What is told about a request that has been answered, and who listens: the log always, metrics and traces if asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from govml_pipeline.serving.identity import Identity
from govml_pipeline.serving.inference import Predictions


@dataclass(frozen=True)
class Observation:
    """One request; nothing of its content.

    Args:
        identity: its ids.
        model_version: version of the model that answered.
        status: HTTP status of the answer.
        error: type of the error; None: it was answered.
        rows: instances that were predicted, 0 for an error.
        seconds: from its head to the answer.
        ended: when it was answered, nanoseconds since 1970.
        predictions: what was predicted; None for an error.
        headers: the request's headers, for the context of a trace.
    """

    identity: Identity
    model_version: str
    status: int
    error: str | None
    rows: int
    seconds: float
    ended: int
    predictions: Predictions | None
    headers: Mapping[str, str]


#: Told about each request, on the event loop: must be quick, and must not raise.
Observer = Callable[[Observation], None]
