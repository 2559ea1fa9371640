"""The answers are about the account and region of the agency file."""

from __future__ import annotations

from collections.abc import Iterator

from govml.preflight.check import Check, Result, Source, unanswered
from govml.preflight.plan import Plan
from govml.preflight.question import ask

CALLER = ask("sts", "get-caller-identity")


def judge(plan: Plan, source: Source) -> Iterator[Result]:
    """Compare the account that answers with the agency file's."""
    answer = source.answer(CALLER)
    found = answer.data.get("Account")
    if answer.error or not found:
        yield unanswered(plan.place.account, CALLER, answer)
    elif found != plan.place.account:
        yield Result(
            "fail",
            plan.place.account,
            f"the answers are those of account {found}",
            f"use credentials, or an export, of {plan.place.account} ({plan.environment} in the agency file)",
        )
    else:
        yield Result("pass", plan.place.account, f"answers are those of {plan.environment}'s account")


CHECK = Check("account", lambda _plan: [CALLER], judge)
