"""Predictions as answers, in JSON or CSV: numbers where the model gives one per row, named values where it gives more."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from govml_pipeline.serving.errors import RequestError
from govml_pipeline.serving.inference import Predictions

JSON: Final = "application/json"
CSV: Final = "text/csv"


@dataclass(frozen=True)
class Answer:
    """An answer's body.

    Args:
        status: HTTP status.
        body: the bytes.
        media_type: their media type.
    """

    status: int
    body: bytes
    media_type: str


def wanted(accept: str) -> str:
    """Decide the form of the answer from the Accept header; without one, JSON.

    Raises:
        RequestError: none of the forms is accepted.
    """
    for part in accept.split(","):
        media_type = part.partition(";")[0].strip().lower()
        if media_type in (JSON, "application/*", "*/*", ""):
            return JSON
        if media_type in (CSV, "text/*"):
            return CSV
    raise RequestError("not_acceptable", "answers are application/json or text/csv")


def answer(predictions: Predictions, media_type: str, explained: list[dict[str, Any]] | None) -> Answer:
    """Write predictions: in JSON with the model's version, in CSV one line per row.

    CSV has no header, the columns of `Model.predict` in their order, and every digit of its numbers.
    """
    if media_type == CSV:
        return Answer(200, predictions.frame().write_csv(include_header=False).encode(), CSV)
    body: dict[str, Any] = {"predictions": predictions.values(), "model_version": predictions.model.version}
    if explained is not None:
        body["explanations"] = explained
    return Answer(200, as_json(body), JSON)


def refusal(error: RequestError, model_version: str) -> Answer:
    """Write an error, always in JSON."""
    return Answer(error.status, as_json(error.body(model_version)), JSON)


def as_json(body: dict[str, Any]) -> bytes:
    """Bytes of a JSON document; NaN and infinities, which JSON does not know, are refused."""
    return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
