"""Imported keys are enabled and their policies say what the stacks rely on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from govml.identity.imported_keys import imported_keys, missing_statements
from govml.preflight.check import Check, Result, Source, unanswered
from govml.preflight.plan import Plan
from govml.preflight.question import Question, ask


def _policy(arn: str) -> Question:
    return ask("kms", "get-key-policy", KeyId=arn, PolicyName="default")


def _key(arn: str) -> Question:
    return ask("kms", "describe-key", KeyId=arn)


def questions(plan: Plan) -> list[Question]:
    """Ask for each imported key."""
    return [question for arn in _imported(plan).values() for question in (_key(arn), _policy(arn))]


def judge(plan: Plan, source: Source) -> Iterator[Result]:
    """Judge state and policy of each imported key."""
    for domain, arn in _imported(plan).items():
        subject = f"{domain}: {arn}"
        answer = source.answer(_key(arn))
        if answer.missing:
            yield Result("fail", subject, "does not exist", f"correct environments.{plan.environment}.imported.keys")
            continue
        state = answer.data.get("KeyMetadata", {}).get("KeyState")
        if answer.error or state is None:
            yield unanswered(subject, _key(arn), answer)
        elif state != "Enabled":
            yield Result("fail", subject, f"is {state}", "have its owner enable it")
        yield _granted(plan, source, domain, arn)


def _granted(plan: Plan, source: Source, domain: str, arn: str) -> Result:
    subject = f"{domain}: {arn}"
    answer = source.answer(_policy(arn))
    text = answer.data.get("Policy")
    if answer.error or not isinstance(text, str):
        return unanswered(f"{subject} policy", _policy(arn), answer)
    try:
        policy = json.loads(text)
    except ValueError:
        return Result("unknown", f"{subject} policy", "is no JSON")
    missing = _missing(plan, domain, policy)
    if not missing:
        return Result("pass", f"{subject} policy", "says what the stacks rely on")
    return Result(
        "fail",
        f"{subject} policy",
        f"lacks {len(missing)} statements: {', '.join(str(each.get('Sid')) for each in missing)}",
        f"have its owner add: {json.dumps(missing)}",
    )


def _missing(plan: Plan, domain: str, policy: Mapping[str, Any]) -> list[Any]:
    return [
        statement
        for key in imported_keys(plan.settings)
        if (key.environment, key.domain) == (plan.environment, domain)
        for statement in missing_statements(key, policy)
    ]


def _imported(plan: Plan) -> dict[str, str]:
    return dict(plan.setting("imported", "keys") or {})


CHECK = Check("keys", questions, judge)
