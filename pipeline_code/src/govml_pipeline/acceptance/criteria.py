"""Acceptance criteria, as the agency file gives them: `{"mape": {"max": 4}, "r2": {"min": 0.95}}`."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any, Literal, NoReturn, get_args

from govml_pipeline.errors import UserError

Bound = Literal["max", "min"]
_HINT = 'write {"<metric>": {"max": number}} or {"<metric>": {"min": number}}, one entry per metric'


@dataclass(frozen=True)
class Criterion:
    """One criterion.

    Args:
        metric: dotted name, see `acceptance.known`.
        bound: whether the limit is the largest or the smallest value that is accepted; the limit itself is.
        limit: the limit, in the metric's unit.
    """

    metric: str
    bound: Bound
    limit: float

    def met_by(self, value: float) -> bool:
        """Whether a finite value keeps the limit."""
        return value <= self.limit if self.bound == "max" else value >= self.limit


def parse_criteria(text: str) -> tuple[Criterion, ...]:
    """Parse criteria from JSON, in the order of the text.

    Raises:
        UserError: no JSON, not of this form, a limit that is no finite number, or no criterion at all: a gate without
            one would let every model through.
    """
    try:
        parsed = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_no_duplicates)
    except (ValueError, RecursionError) as error:
        raise UserError(f"acceptance criteria: not JSON ({error})", hint=_HINT) from error
    if not isinstance(parsed, dict):
        raise UserError(f"acceptance criteria: {text[:80]!r} is no JSON object", hint=_HINT)
    if not parsed:
        raise UserError(
            "acceptance criteria: there is none", hint="set `acceptance` of the use case in the agency file"
        )
    return tuple(criterion for metric, bounds in parsed.items() for criterion in _criteria(metric, bounds))


def _criteria(metric: str, bounds: Any) -> list[Criterion]:
    if not isinstance(bounds, dict) or not bounds or not set(bounds) <= set(get_args(Bound)):
        raise UserError(f"acceptance criteria: {metric}: {bounds!r} is no bound", hint=_HINT)
    found = []
    for bound in get_args(Bound):
        if bound not in bounds:
            continue
        limit = bounds[bound]
        if isinstance(limit, bool) or not isinstance(limit, int | float) or not math.isfinite(limit):
            raise UserError(f"acceptance criteria: {metric}: {bound} is {limit!r}, not a finite number", hint=_HINT)
        found.append(Criterion(metric, bound, float(limit)))
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise ValueError(f"{twice[0]!r} stands there twice")
    return dict(pairs)
