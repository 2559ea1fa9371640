"""Lines of feedback: what an application may say of an answer, and why a line that says anything else does not count.

    {"inference_id": "order-17", "verdict": "reject", "value": 512000, "at": "2026-03-02T09:00:00+08:00"}

| field | |
|---|---|
| `inference_id` | id of the request, as the application gave it to the endpoint |
| `row` | position in the request, from 0; 0 where it is left out |
| `verdict` | `accept` or `reject`: what a person did with the answer |
| `value` | what is true: a number, a text for a class; it is a label |
| `at` | when that was said, with zone |

A line has a verdict, a value or both, and nothing else: no names, no remarks. A rejected answer says that the answer is
wrong, not what is right: it is never a label.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

_FIELDS: Final = frozenset({"inference_id", "row", "verdict", "value", "at"})
_VERDICTS: Final = {"accept": True, "reject": False}
#: SageMaker's API takes no longer `InferenceId` (InvokeEndpoint, `X-Amzn-SageMaker-Inference-Id`).
_LONGEST_ID: Final = 64
_LONGEST_TEXT: Final = 256
#: A line that is longer is none of ours.
LONGEST_LINE: Final = 4096


class RefusedLine(ValueError):
    """A line that does not count; the message says why, without what it holds."""


@dataclass(frozen=True)
class Said:
    """One line.

    Args:
        inference: id of the request.
        row: position in the request.
        accepted: the answer was accepted, rejected, or neither was said.
        value: what is true; None: it was not said.
        at: when (UTC).
    """

    inference: str
    row: int
    accepted: bool | None
    value: float | str | None
    at: datetime


def parse_line(line: bytes, *, text: bool, latest: datetime) -> Said:
    """Read a line.

    Args:
        line: one line of a file.
        text: the target is a text; else a number.
        latest: the latest moment that can be meant (with zone): a line from the future would outdo every correction.

    Raises:
        RefusedLine: it is none, or says what it may not.
    """
    if len(line) > LONGEST_LINE:
        raise RefusedLine(f"longer than {LONGEST_LINE} bytes")
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise RefusedLine("not JSON") from error
    if not isinstance(found, dict):
        raise RefusedLine("not an object")
    if set(found) - _FIELDS:
        raise RefusedLine("has a field that is not known")
    return Said(
        _inference(found.get("inference_id")),
        _row(found.get("row", 0)),
        _verdict(found),
        _value(found["value"], text=text) if "value" in found else None,
        _moment(found.get("at"), latest),
    )


def _inference(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_ID:
        raise RefusedLine(f"inference_id is no text of 1 to {_LONGEST_ID} characters")
    return value


def _row(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise RefusedLine("row is no whole number from 0")
    return value


def _verdict(found: dict[str, Any]) -> bool | None:
    if "verdict" not in found:
        if "value" not in found:
            raise RefusedLine("has neither verdict nor value")
        return None
    value = found["verdict"]
    if not isinstance(value, str) or value not in _VERDICTS:
        raise RefusedLine("verdict is neither accept nor reject")
    return _VERDICTS[value]


def _value(value: Any, *, text: bool) -> float | str:
    if text:
        if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_TEXT:
            raise RefusedLine(f"value is no text of 1 to {_LONGEST_TEXT} characters")
        return value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RefusedLine("value is no number")
    try:
        number = float(value)
    except OverflowError as error:
        raise RefusedLine("value is no finite number") from error
    if not math.isfinite(number):
        raise RefusedLine("value is no finite number")
    return number


def _moment(value: Any, latest: datetime) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("no zone")
        moment = moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise RefusedLine("at is no time with a zone") from error
    if moment > latest:
        raise RefusedLine("at lies in the future")
    return moment
