"""Evaluates the conditions of a condition step, after their values have been resolved."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from govml.execution.failures import StepFailed

_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "Equals": operator.eq,
    "GreaterThan": operator.gt,
    "GreaterThanOrEqualTo": operator.ge,
    "LessThan": operator.lt,
    "LessThanOrEqualTo": operator.le,
}


def holds(condition: Any) -> bool:
    """Tell whether one condition is true.

    Args:
        condition: `{"Type": ..., ...}` as in a definition, every expression in it already resolved.

    Raises:
        StepFailed: an unknown type, a missing member, or two values that cannot be compared (a number with
            a text, for example): an acceptance criterion that compares nothing must never pass.
    """
    try:
        kind = condition["Type"]
        if kind in _COMPARISONS:
            return _compare(kind, condition["LeftValue"], condition["RightValue"])
        if kind == "In":
            return any(_compare("Equals", condition["QueryValue"], value) for value in condition["Values"])
        if kind == "Not":
            return not holds(condition["Expression"])
        if kind == "Or":
            outcomes = [holds(inner) for inner in condition["Conditions"]]  # all of them: none may be unreadable
            return any(outcomes)
    except (KeyError, TypeError) as error:
        raise StepFailed(f"a condition that cannot be read ({error}): {str(condition)[:120]}") from error
    raise StepFailed(f"a condition of the unknown type {kind!r}")


def _compare(kind: str, left: Any, right: Any) -> bool:
    if _family(left) != _family(right) or (_family(left) == "boolean" and kind != "Equals"):
        raise StepFailed(f"{kind} cannot compare {left!r} with {right!r}")
    return _COMPARISONS[kind](left, right)


def _family(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "text"
    raise StepFailed(f"a condition compares text, numbers and booleans, not {value!r}"[:200])
