"""IAM has room for the roles and policies that the stacks make."""

from __future__ import annotations

from collections.abc import Iterator

from govml.preflight.check import Check, Result, Source, unanswered
from govml.preflight.deployed import deployed_stacks, stacks_and
from govml.preflight.plan import Plan
from govml.preflight.question import ask

SUMMARY = ask("iam", "get-account-summary")


def judge(plan: Plan, source: Source) -> Iterator[Result]:
    """Compare what is used and what is needed with the quotas (IAM user guide, "IAM and AWS STS quotas")."""
    answer = source.answer(SUMMARY)
    present = answer.data.get("SummaryMap")
    if answer.error or not isinstance(present, dict):
        yield unanswered("IAM quotas", SUMMARY, answer)
        return
    there = deployed_stacks(plan, source) or frozenset()
    roles = len(plan.resources("AWS::IAM::Role", without=there))
    policies = len(plan.resources("AWS::IAM::ManagedPolicy", without=there))
    yield from _room("roles", present, "Roles", "RolesQuota", roles)
    yield from _room("customer-managed policies", present, "Policies", "PoliciesQuota", policies)
    most = max(
        (len(role.get("Properties", {}).get("ManagedPolicyArns", [])) for role in plan.resources("AWS::IAM::Role")),
        default=0,
    )
    needed = max(most, 0 if plan.plain else len(plan.kit.policies))
    quota = present.get("AttachedPoliciesPerRoleQuota")
    if isinstance(quota, int):
        yield _result("policies of one role", needed, quota, 0)


def _room(subject: str, present: dict[str, int], used: str, quota: str, needed: int) -> Iterator[Result]:
    if isinstance(present.get(used), int) and isinstance(present.get(quota), int):
        yield _result(subject, needed, present[quota], present[used])
    else:
        yield Result("unknown", subject, f"the account's summary lacks {used} or {quota}")


def _result(subject: str, needed: int, quota: int, used: int) -> Result:
    detail = f"{needed} needed, {used} in use, quota {quota}"
    if used + needed <= quota:
        return Result("pass", subject, detail)
    return Result("fail", subject, detail, 'ask for more: Service Quotas, "AWS Identity and Access Management (IAM)"')


CHECK = Check("iam-quotas", lambda _plan: stacks_and(SUMMARY), judge)
