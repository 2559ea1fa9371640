"""S3 blocks public access for the whole account, whatever a bucket says (FSBP S3.1)."""

from __future__ import annotations

from collections.abc import Iterator

from govml.preflight.check import Check, Result, Source, unanswered
from govml.preflight.plan import Plan
from govml.preflight.question import Question, ask

_WANTED = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
_HINT = (
    "aws s3control put-public-access-block --account-id {account} --public-access-block-configuration "
    "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true"
)


def _question(plan: Plan) -> Question:
    return ask("s3control", "get-public-access-block", AccountId=plan.place.account)


def judge(plan: Plan, source: Source) -> Iterator[Result]:
    """Judge the four switches."""
    question, subject = _question(plan), "S3 public access of the account"
    answer = source.answer(question)
    hint = _HINT.format(account=plan.place.account)
    if answer.missing:
        yield Result("fail", subject, "is not blocked", hint)
        return
    block = answer.data.get("PublicAccessBlockConfiguration")
    if answer.error or not isinstance(block, dict):
        yield unanswered(subject, question, answer)
        return
    off = [name for name in _WANTED if block.get(name) is not True]
    if off:
        yield Result("fail", subject, f"{', '.join(off)} off", hint)
    else:
        yield Result("pass", subject, "is blocked")


CHECK = Check("public-access", lambda plan: [_question(plan)], judge)
