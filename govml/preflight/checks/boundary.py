"""The permissions boundary that every role carries exists; a role cannot be made with one that does not."""

from __future__ import annotations

from collections.abc import Iterator

from govml.preflight.check import Check, Result, Source, unanswered
from govml.preflight.plan import Plan
from govml.preflight.question import Question, ask

POLICIES = ask("iam", "list-policies", Scope="Local")


def questions(plan: Plan) -> list[Question]:
    """Ask only when a boundary is configured."""
    return [POLICIES] if plan.place.permissions_boundary else []


def judge(plan: Plan, source: Source) -> Iterator[Result]:
    """Look for the boundary among the account's own policies."""
    name, arn = plan.place.permissions_boundary, plan.place.boundary_arn
    if name is None:
        return
    answer = source.answer(POLICIES)
    if answer.error:
        yield unanswered(name, POLICIES, answer)
        return
    elsewhere = [row["Arn"] for row in answer.rows("Policies") if row.get("PolicyName") == name]
    if arn in elsewhere:
        yield Result("pass", name, "exists")
    elif name in plan.stated("AWS::IAM::ManagedPolicy", "ManagedPolicyName"):
        yield Result("pass", name, "is made by a stack")
    else:
        found = f"; {elsewhere[0]} has another path" if elsewhere else ""
        yield Result(
            "fail",
            name,
            f"no policy {arn}{found}: no role could be made",
            "correct iam.permissions_boundary, or have the landing zone make the policy",
        )


CHECK = Check("boundary", questions, judge)
