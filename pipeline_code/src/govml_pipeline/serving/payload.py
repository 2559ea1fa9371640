"""Request bodies as rows: JSON instances or CSV, both turned into text and checked by the training data's contract.

One set of rules for training and inference: what would be quarantined there is refused here, with the same reasons.
"""

from __future__ import annotations

import csv
import io
import json
from typing import Any, NoReturn

import polars as pl

from govml_pipeline.data.checks import check_rows
from govml_pipeline.data.contract import Contract
from govml_pipeline.data.csv_file import FILE, LINE
from govml_pipeline.serving.errors import RequestError

_SHOWN = 20


def parse(body: bytes, content_type: str, contract: Contract) -> pl.DataFrame:
    """Return the validated rows of a request, typed, in the order of the request.

    Args:
        body: the request's body.
        content_type: its media type; parameters such as the charset are ignored (UTF-8 is expected).
        contract: contract of the training data; the target may be sent and is ignored.

    Raises:
        RequestError: 400, 415 or 422, see `serving.errors`.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == "application/json":
        rows = _json_rows(_text(body), contract)
    elif media_type == "text/csv":
        rows = _csv_rows(_text(body), contract)
    else:
        raise RequestError(
            415,
            "unsupported_media_type",
            f"content type {media_type or 'missing'!r}: send application/json or text/csv",
        )
    if not rows:
        raise RequestError(400, "malformed_request", "the request holds no instance: send at least one")
    return _checked(rows, contract.inputs)


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RequestError(
            400, "malformed_request", f"the body is not UTF-8 text: {error.reason} at byte {error.start}"
        ) from error


def _json_rows(text: str, contract: Contract) -> list[dict[str, str | None]]:
    def no_constant(name: str) -> NoReturn:
        raise ValueError(f"{name} is not a JSON number")

    try:
        payload = json.loads(text, parse_constant=no_constant)
    except (ValueError, RecursionError) as error:
        raise RequestError(400, "malformed_request", f"the body is not JSON: {error}") from error
    instances = payload.get("instances") if isinstance(payload, dict) else None
    if not isinstance(instances, list) or not all(isinstance(item, dict) for item in instances):
        raise RequestError(
            400,
            "malformed_request",
            'send {"instances": [{"column": value, ...}, ...]}: a list of objects, one per row',
        )
    return [_json_row(row, item, contract) for row, item in enumerate(instances)]


def _json_row(row: int, item: dict[str, Any], contract: Contract) -> dict[str, str | None]:
    unknown = [name for name in item if name not in contract.names]
    if unknown:
        details = [{"row": row, "column": name, "value": None, "reason": "unknown column"} for name in unknown[:_SHOWN]]
        raise RequestError(
            422, "contract_violation", f"unknown columns: known are {', '.join(contract.inputs.names)}", details
        )
    return {name: _as_text(row, name, value) for name, value in item.items() if name != contract.target}


def _as_text(row: int, column: str, value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    detail = {
        "row": row,
        "column": column,
        "value": None,
        "reason": f"{type(value).__name__} instead of text or a number",
    }
    raise RequestError(422, "contract_violation", "a value is neither text nor a number", [detail])


def _csv_rows(text: str, contract: Contract) -> list[dict[str, str | None]]:
    """Rows of CSV with a header line, or without one in the contract's order of columns (as batch transform sends)."""
    try:
        lines = [line for line in csv.reader(io.StringIO(text, newline=""), strict=True) if line]
    except csv.Error as error:
        raise RequestError(400, "malformed_request", f"the body is not CSV: {error}") from error
    names = list(contract.inputs.names)
    if lines and lines[0][0].strip() in contract.names:
        names = [name.strip() for name in lines.pop(0)]
        unknown = [name for name in names if name not in contract.names]
        if unknown or len(set(names)) != len(names):
            what = f"unknown columns {unknown}" if unknown else "a column is named twice"
            raise RequestError(422, "contract_violation", f"header: {what}")
    for row, fields in enumerate(lines):
        if len(fields) != len(names):
            raise RequestError(
                400,
                "malformed_request",
                f"row {row} has {len(fields)} fields instead of {len(names)} ({', '.join(names)})",
            )
    return [dict(zip(names, fields, strict=True)) for fields in lines]


def _checked(rows: list[dict[str, str | None]], contract: Contract) -> pl.DataFrame:
    columns = {name: [row.get(name) for row in rows] for name in contract.names}
    raw = pl.DataFrame(columns, schema=dict.fromkeys(contract.names, pl.String)).with_columns(
        pl.col(name).str.strip_chars().replace("", None) for name in contract.names
    )
    raw = raw.with_columns(pl.lit("request").alias(FILE), pl.int_range(pl.len(), dtype=pl.UInt32).alias(LINE))
    accepted, refused = check_rows(raw, contract)
    if refused.height:
        details = [
            {"row": line, "column": column, "value": value, "reason": reason}
            for line, column, value, reason in refused.select(LINE, "column", "value", "reason")
            .head(_SHOWN)
            .iter_rows()
        ]
        raise RequestError(
            422, "contract_violation", f"{refused.height} of {raw.height} instances break the data contract", details
        )
    return accepted
