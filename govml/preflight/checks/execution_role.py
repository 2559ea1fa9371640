"""The account is bootstrapped with exactly the policies that the templates need."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from govml.bootstrap.iam_statements import BANNED
from govml.preflight.check import Check, Result, Source, unanswered
from govml.preflight.plan import Plan
from govml.preflight.question import Question, ask

DOCUMENTS = ask("iam", "get-account-authorization-details", Filter=("LocalManagedPolicy",))
_MAKE = "run `govml bootstrap print` and the script that it writes"


def _role(plan: Plan) -> str:
    place = plan.place
    return f"cdk-{place.qualifier}-cfn-exec-role-{place.account}-{place.region}"


def _attached(plan: Plan) -> Question:
    return ask("iam", "list-attached-role-policies", RoleName=_role(plan))


def questions(plan: Plan) -> list[Question]:
    """Ask nothing when the deployment does without a bootstrap."""
    return [] if plan.plain else [_attached(plan), DOCUMENTS]


def judge(plan: Plan, source: Source) -> Iterator[Result]:
    """Compare the policies of the execution role with the computed ones, by name and by content."""
    if plan.plain:
        return
    question = _attached(plan)
    answer = source.answer(question)
    if answer.missing:
        yield Result("fail", _role(plan), "does not exist: the account is not bootstrapped", _MAKE)
        return
    if answer.error:
        yield unanswered(_role(plan), question, answer)
        return
    attached = {str(row.get("PolicyArn")) for row in answer.rows("AttachedPolicies")}
    banned = sorted(arn for arn in attached if arn.rpartition("/")[2] in BANNED)
    if banned:
        yield Result("fail", _role(plan), f"has {banned[0]}", f"{_MAKE}; it replaces that policy")
    missing = [policy.arn for policy in plan.kit.policies if policy.arn not in attached]
    if missing:
        yield Result("fail", _role(plan), f"lacks {missing[0]} ({len(missing)} of its policies)", _MAKE)
    elif not banned:
        yield from _contents(plan, source)


def _contents(plan: Plan, source: Source) -> Iterator[Result]:
    answer = source.answer(DOCUMENTS)
    if answer.error:
        yield unanswered("content of the execution policies", DOCUMENTS, answer)
        return
    held = {row.get("Arn"): _document(row) for row in answer.rows("Policies")}
    for policy in plan.kit.policies:
        if held.get(policy.arn) == policy.document:
            yield Result("pass", policy.name, "is what the templates need")
        else:
            yield Result(
                "fail",
                policy.name,
                "differs from what the templates need",
                "change it with the `create-policy-version` commands of `govml bootstrap print`",
            )


def _document(row: dict[str, Any]) -> Any:
    """The default version's document, which comes as an object, as text or as URL-encoded text."""
    for version in row.get("PolicyVersionList", []):
        if version.get("IsDefaultVersion"):
            document = version.get("Document")
            return json.loads(unquote(document)) if isinstance(document, str) else document
    return None


CHECK = Check("execution-role", questions, judge)
