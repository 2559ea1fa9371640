"""Bodies of captured requests and answers, read leniently: what was answered counts, whatever else was in it."""

from __future__ import annotations

import base64
import binascii
import csv
import io
import json
from collections.abc import Sequence
from typing import Any


class UnreadableBody(ValueError):
    """A captured body cannot be read; the message says why. Its line is counted, nothing else happens."""


def captured_text(part: Any) -> tuple[str, str]:
    """Text and media type of a captured input or output.

    Args:
        part: `endpointInput` or `endpointOutput`: `data`, `encoding` (`CSV`, `JSON`, `BASE64`), `observedContentType`.

    Raises:
        UnreadableBody: no data, or not text.
    """
    if not isinstance(part, dict) or not isinstance(part.get("data"), str):
        raise UnreadableBody("no data")
    text, encoding = part["data"], str(part.get("encoding", "")).upper()
    if encoding == "BASE64":
        try:
            text = base64.b64decode(text, validate=True).decode("utf-8-sig")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise UnreadableBody(f"not text in base64 ({error})") from error
    media = str(part.get("observedContentType") or "").partition(";")[0].strip().lower()
    if not media:
        media = "application/json" if encoding == "JSON" or text.lstrip()[:1] in ("{", "[") else "text/csv"
    return text, media


def instances(text: str, media: str, inputs: Sequence[str], known: Sequence[str]) -> list[dict[str, str | None]]:
    """Rows of a request as text, by column of the contract's inputs; columns that it does not know are passed over.

    Args:
        text: body of the request.
        media: its media type.
        inputs: columns of the contract's inputs.
        known: all columns of the contract; CSV that begins with one of them has a header.

    Raises:
        UnreadableBody: neither JSON instances nor CSV with the contract's columns.
    """
    names = list(inputs)
    if media == "text/csv":
        lines = [line for line in csv.reader(io.StringIO(text, newline="")) if line]
        if lines and lines[0][0].strip() in known:
            names = [name.strip() for name in lines.pop(0)]
        if any(len(line) != len(names) for line in lines):
            raise UnreadableBody(f"a line of CSV does not have the {len(names)} fields of the contract")
        rows = [dict(zip(names, line, strict=True)) for line in lines]
        return [{name: row.get(name) for name in inputs} for row in rows]
    found = _json(text)
    items = found.get("instances") if isinstance(found, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise UnreadableBody("no list of instances")
    return [{name: as_text(item.get(name)) for name in inputs} for item in items]


def answers(text: str, media: str, columns: Sequence[str]) -> tuple[list[dict[str, Any]], str | None]:
    """Predictions of an answer by name of their column, and the model version where the answer tells it.

    Args:
        text: body of the answer.
        media: its media type.
        columns: names of the prediction's columns, in the order of `Model.predict`.

    Raises:
        UnreadableBody: no predictions, or of another form.
    """
    if media == "text/csv":
        lines = [line for line in csv.reader(io.StringIO(text, newline="")) if line]
        if not lines or any(len(line) != len(columns) for line in lines):
            raise UnreadableBody(f"an answer does not have the {len(columns)} columns of this model's")
        return [dict(zip(columns, line, strict=True)) for line in lines], None
    found = _json(text)
    if not isinstance(found, dict) or not isinstance(found.get("predictions"), list):
        raise UnreadableBody("no list of predictions")
    version = found.get("model_version")
    rows = []
    for item in found["predictions"]:
        row = item if isinstance(item, dict) else {columns[0]: item}
        if not set(columns) <= set(row):
            raise UnreadableBody(f"an answer lacks a column of {', '.join(columns)}")
        rows.append({name: row[name] for name in columns})
    return rows, version if isinstance(version, str) else None


def as_text(value: Any) -> str | None:
    """A JSON value as the text that a CSV file would have; what is neither text nor number as its JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return f"{value:.0f}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return json.dumps(value, sort_keys=True)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableBody(f"not JSON ({error})") from error
