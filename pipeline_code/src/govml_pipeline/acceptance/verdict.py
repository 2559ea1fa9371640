"""The verdict over a model, with a sentence that a person can read."""

from __future__ import annotations

import difflib
from typing import Any, Literal

from govml_pipeline.acceptance.criteria import Criterion
from govml_pipeline.errors import UserError

Verdict = Literal["accepted", "rejected"]


def assess(criteria: tuple[Criterion, ...], known: dict[str, float | None]) -> dict[str, Any]:
    """Hold criteria against metrics.

    Args:
        criteria: at least one.
        known: metrics by name, None where one is not defined on these rows.

    Returns:
        `verdict` (`accepted` or `rejected`), `reason` (one sentence), and `criteria`, each with `metric`, `bound`,
        `limit`, `value`, `met`, and `why` where there is no value. A metric without a value does not meet its limit:
        what nobody could measure is not accepted.

    Raises:
        UserError: a criterion names a metric that does not exist.
    """
    results = [_result(criterion, known) for criterion in criteria]
    missed = [result for result in results if not result["met"]]
    if missed:
        reason = "The model is rejected: " + "; ".join(map(_phrase, missed)) + "."
    else:
        number = "its one acceptance criterion" if len(results) == 1 else f"all {len(results)} acceptance criteria"
        reason = f"The model meets {number}: " + "; ".join(map(_phrase, results)) + "."
    verdict: Verdict = "rejected" if missed else "accepted"
    return {"verdict": verdict, "reason": reason, "criteria": results}


def _result(criterion: Criterion, known: dict[str, float | None]) -> dict[str, Any]:
    if criterion.metric not in known:
        close = difflib.get_close_matches(criterion.metric, known, n=1)
        raise UserError(
            f"acceptance criteria: there is no metric {criterion.metric!r}"
            + (f"; did you mean {close[0]!r}?" if close else ""),
            hint=f"known are {', '.join(sorted(known))}",
        )
    value = known[criterion.metric]
    result: dict[str, Any] = {
        "metric": criterion.metric,
        "bound": criterion.bound,
        "limit": criterion.limit,
        "value": value,
        "met": value is not None and criterion.met_by(value),
    }
    if value is None:
        result["why"] = "not defined on these test rows"
    return result


def _phrase(result: dict[str, Any]) -> str:
    """`mape 3.31 (at most 4)`."""
    limit = f"at {'most' if result['bound'] == 'max' else 'least'} {result['limit']:,.6g}"
    if result["value"] is None:
        return f"{result['metric']} is {result['why']} ({limit})"
    return f"{result['metric']} {shown(result['value'], result['limit'])} ({limit})"


def shown(value: float, limit: float) -> str:
    """A value with as many digits as it takes to tell it from its limit."""
    for digits in range(4, 18):
        text = f"{value:,.{digits}g}"
        if value == limit or float(text.replace(",", "")) != limit:
            return text
    return repr(value)
