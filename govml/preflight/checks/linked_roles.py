"""Service-linked roles exist, or may be made; and roles that are imported exist."""

from __future__ import annotations

from collections.abc import Iterator

from govml.preflight.check import Check, Result, Source, unanswered
from govml.preflight.plan import Plan
from govml.preflight.question import Question, ask

ROLES = ask("iam", "list-roles")
_MAKES = "iam:CreateServiceLinkedRole"


def questions(plan: Plan) -> list[Question]:
    """Ask only when a service-linked role is needed or a role imported."""
    return [ROLES] if _services(plan) or _imported(plan) else []


def judge(plan: Plan, source: Source) -> Iterator[Result]:
    """Look for each among the account's roles."""
    services, imported = _services(plan), _imported(plan)
    if not services and not imported:
        return
    answer = source.answer(ROLES)
    if answer.error:
        yield unanswered(", ".join([*services, *imported]), ROLES, answer)
        return
    arns = {str(row.get("Arn")) for row in answer.rows("Roles")}
    for service in services:
        path = f":role/aws-service-role/{service}/"
        there = any(path in arn for arn in arns)
        yield Result(
            "pass", service, "its service-linked role exists" if there else "makes its service-linked role itself"
        )
    for arn in imported:
        if arn in arns:
            yield Result("pass", arn, "exists")
        else:
            yield Result("fail", arn, "does not exist", f"correct environments.{plan.environment}.imported.roles")


def _services(plan: Plan) -> list[str]:
    """Services whose role the execution policy allows to be made."""
    found = {
        service
        for policy in plan.kit.policies
        for statement in policy.document["Statement"]
        if _MAKES in statement["Action"]
        for service in statement["Condition"]["StringEquals"]["iam:AWSServiceName"]
    }
    return sorted(found)


def _imported(plan: Plan) -> list[str]:
    return sorted((plan.setting("imported", "roles") or {}).values())


CHECK = Check("roles", questions, judge)
