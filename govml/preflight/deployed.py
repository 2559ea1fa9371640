"""Which of the plan's stacks are in the account already: their own resources are no clash, and need no new quota."""

from __future__ import annotations

from govml.preflight.check import Source
from govml.preflight.plan import Plan
from govml.preflight.question import Question, ask

STACKS = ask("cloudformation", "describe-stacks")


def deployed_stacks(plan: Plan, source: Source) -> frozenset[str] | None:
    """Return the names of the plan's stacks that exist, None when the account does not tell."""
    answer = source.answer(STACKS)
    if answer.error:
        return None
    present = {row.get("StackName") for row in answer.rows("Stacks") if row.get("StackStatus") != "REVIEW_IN_PROGRESS"}
    return frozenset(stack.name for stack in plan.stacks if stack.name in present)


def stacks_and(*questions: Question) -> list[Question]:
    """Return questions together with the one about stacks."""
    return [STACKS, *questions]
