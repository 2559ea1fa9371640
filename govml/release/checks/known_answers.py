"""Known answers: rows, what the tested model said about them, and the truth; the training pipeline keeps them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from govml.errors import UserError

KINDS: Final = ("regression", "timeseries", "classification", "anomaly", "clustering")
_HINT: Final = "the step Evaluate writes known_answers.json; a file of your own has the same form (docs/promotion.md)"


@dataclass(frozen=True)
class Known:
    """One row.

    Args:
        instance: what an endpoint is asked.
        answer: what the tested model said: a number, or an object with the columns of its answer; None: it is not known.
        truth: what was true; None: it is not known.
    """

    instance: Mapping[str, Any]
    answer: Any = None
    truth: Any = None


@dataclass(frozen=True)
class KnownAnswers:
    """The rows of one model.

    Args:
        kind: what is asked of the model, one of `KINDS`.
        rows: its rows, at least one.
        model_version: version of the model that answered; empty for rows that nobody answered yet.
        positive: value that counts as the event, or None.
    """

    kind: str
    rows: Sequence[Known]
    model_version: str = ""
    positive: Any = None


def parse_known(text: bytes, *, source: str) -> KnownAnswers:
    """Read known answers.

    Args:
        text: JSON.
        source: where it is from, for messages.

    Raises:
        UserError: it is not of this form, or has no row.
    """
    try:
        found = json.loads(text, parse_constant=_no_constant)
    except ValueError as error:
        raise UserError(f"{source} is no JSON: {error}", hint=_HINT) from error
    rows = found.get("rows") if isinstance(found, dict) else None
    if not isinstance(rows, list) or not rows:
        raise UserError(f"{source} has no rows", hint=_HINT)
    kind = found.get("kind")
    if kind not in KINDS:
        raise UserError(f"{source}: kind {kind!r} is none of {', '.join(KINDS)}", hint=_HINT)
    return KnownAnswers(
        kind=kind,
        rows=[_row(each, place, source) for place, each in enumerate(rows)],
        model_version=str(found.get("model_version") or ""),
        positive=found.get("positive"),
    )


def prediction(answer: Any) -> Any:
    """Return the prediction of an answer: the number itself, or what its column `prediction` holds."""
    return answer.get("prediction") if isinstance(answer, Mapping) else answer


def as_number(value: Any) -> float | None:
    """Return a finite number, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def _row(value: Any, place: int, source: str) -> Known:
    if not isinstance(value, dict) or not isinstance(value.get("instance"), dict) or not value["instance"]:
        raise UserError(f"{source}: row {place} has no instance", hint=_HINT)
    return Known(value["instance"], value.get("answer"), value.get("truth"))


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")
