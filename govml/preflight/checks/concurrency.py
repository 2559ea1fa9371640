"""Lambda's concurrency leaves something to reserve."""

from __future__ import annotations

from collections.abc import Iterator

from govml.preflight.check import Check, Result, Source, unanswered
from govml.preflight.deployed import deployed_stacks, stacks_and
from govml.preflight.plan import Plan
from govml.preflight.question import Question, ask

SETTINGS = ask("lambda", "get-account-settings")
KEPT = 100  # Lambda developer guide, "Configuring reserved concurrency": so much must stay unreserved
_SUBJECT = "concurrent executions"


def questions(plan: Plan) -> list[Question]:
    """Ask only when a function reserves some."""
    return stacks_and(SETTINGS) if _reserved(plan, frozenset()) else []


def judge(plan: Plan, source: Source) -> Iterator[Result]:
    """Compare what the functions reserve with what is left to reserve."""
    if not _reserved(plan, frozenset()):
        return
    needed = _reserved(plan, deployed_stacks(plan, source) or frozenset())
    answer = source.answer(SETTINGS)
    limit = answer.data.get("AccountLimit", {})
    unreserved = limit.get("UnreservedConcurrentExecutions") if isinstance(limit, dict) else None
    if answer.error or not isinstance(unreserved, int):
        yield unanswered(_SUBJECT, SETTINGS, answer)
        return
    detail = f"{needed} to reserve, {unreserved} unreserved, of which {KEPT} must stay so"
    if not needed or unreserved - needed >= KEPT:
        yield Result("pass", _SUBJECT, detail)
    else:
        yield Result(
            "fail",
            _SUBJECT,
            detail,
            'ask for 1,000: Service Quotas, AWS Lambda, "Concurrent executions" (new accounts have 10)',
        )


def _reserved(plan: Plan, without: frozenset[str]) -> int:
    functions = plan.resources("AWS::Lambda::Function", without=without)
    return sum(int(each.get("Properties", {}).get("ReservedConcurrentExecutions", 0)) for each in functions)


CHECK = Check("lambda-concurrency", questions, judge)
