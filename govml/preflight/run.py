"""Runs the checks and tells their results."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from govml.preflight.check import Result, Source
from govml.preflight.checks.registry import CHECKS
from govml.preflight.plan import Plan
from govml.preflight.question import Question


@dataclass(frozen=True)
class Line:
    """One result with the name of its check."""

    check: str
    result: Result


def all_questions(plan: Plan) -> set[Question]:
    """Return everything that the checks ask about a plan."""
    return {question for check in CHECKS for question in check.questions(plan)}


def run(plan: Plan, source: Source) -> list[Line]:
    """Run every check. Answers of another account say nothing about this one: then only that is told."""
    found: list[Line] = []
    for check in CHECKS:
        found += [Line(check.name, result) for result in _judge(check.judge(plan, source), check.name)]
        if check.name == "account" and any(line.result.status == "fail" for line in found):
            return found
    return found


def _judge(results: Iterable[Result], name: str) -> list[Result]:
    """An answer in a shape that nobody expects is `unknown`, not a traceback."""
    judged: list[Result] = []
    try:
        judged.extend(results)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        judged.append(
            Result(
                "unknown", name, f"the answer cannot be understood ({type(error).__name__}: {error})", "export it again"
            )
        )
    return judged


def counts(lines: Sequence[Line]) -> dict[str, int]:
    """Return the number of results per status."""
    return {name: sum(line.result.status == name for line in lines) for name in ("pass", "fail", "unknown")}


def as_data(plan: Plan, lines: Sequence[Line]) -> dict[str, Any]:
    """Return the results for programs."""
    return {
        "account": plan.place.account,
        "region": plan.place.region,
        "environment": plan.environment,
        "counts": counts(lines),
        "results": [{"check": line.check, **asdict(line.result)} for line in lines],
    }


def as_text(lines: Sequence[Line]) -> list[str]:
    """Return the results as a table, each failure with how to mend it below."""
    width = max((len(line.check) for line in lines), default=0)
    told = []
    for line in lines:
        result = line.result
        told.append(f"{result.status:<8} {line.check:<{width}}  {result.subject}: {result.detail}")
        if result.hint and result.status != "pass":
            told.append(f"{'':<8} {'':<{width}}  -> {result.hint}")
    summary = counts(lines)
    told.append(f"{summary['pass']} pass, {summary['fail']} fail, {summary['unknown']} unknown")
    return told
