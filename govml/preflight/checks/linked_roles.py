"""Service-linked roles exist, or may be made; and roles of others that the templates name exist, such as imported ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from govml.preflight.check import Check, Result, Source, unanswered
from govml.preflight.plan import Plan
from govml.preflight.question import Question, ask

ROLES = ask("iam", "list-roles")
_MAKES, _PASSES = "iam:CreateServiceLinkedRole", "iam:PassRole"


def questions(plan: Plan) -> list[Question]:
    """Ask only when a service-linked role is needed or a role of others is named."""
    return [ROLES] if _services(plan) or _named(plan) else []


def judge(plan: Plan, source: Source) -> Iterator[Result]:
    """Look for each among the account's roles."""
    services, named = _services(plan), _named(plan)
    if not services and not named:
        return
    answer = source.answer(ROLES)
    if answer.error:
        yield unanswered(", ".join([*services, *named]), ROLES, answer)
        return
    arns = {str(row.get("Arn")) for row in answer.rows("Roles")}
    for service in services:
        path = f":role/aws-service-role/{service}/"
        there = any(path in arn for arn in arns)
        yield Result(
            "pass", service, "its service-linked role exists" if there else "makes its service-linked role itself"
        )
    for arn in named:
        if arn in arns:
            yield Result("pass", arn, "exists")
        else:
            yield Result(
                "fail", arn, "does not exist", "correct its name in the agency file, or have its owner make it"
            )


def _services(plan: Plan) -> list[str]:
    """Services whose role the execution policy allows to be made."""
    return sorted(
        {name for each in _allowing(plan, _MAKES) for name in each["Condition"]["StringEquals"]["iam:AWSServiceName"]}
    )


def _named(plan: Plan) -> list[str]:
    """Roles outside the environment that the templates pass to a service."""
    made = {arn for each in _allowing(plan, "iam:CreateRole") for arn in each["Resource"]}
    passed = {arn for each in _allowing(plan, _PASSES) for arn in each["Resource"]}
    return sorted(arn for arn in passed - made if "*" not in arn)


def _allowing(plan: Plan, action: str) -> list[dict[str, Any]]:
    return [
        statement
        for policy in plan.kit.policies
        for statement in policy.document["Statement"]
        if statement["Effect"] == "Allow" and action in statement["Action"]
    ]


CHECK = Check("roles", questions, judge)
