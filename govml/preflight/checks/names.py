"""Names that are fixed are free: a log group or alias made by hand, or a role, would stop the deployment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from govml.preflight.check import Check, Result, Source, unanswered
from govml.preflight.deployed import deployed_stacks, stacks_and
from govml.preflight.plan import Plan
from govml.preflight.question import Question, ask


@dataclass(frozen=True)
class _Kind:
    """How resources of one type are named and listed."""

    resource_type: str
    stated: str
    listed: str
    key: str
    operation: tuple[str, str]
    by_name: str = ""


_KINDS = (
    # SageMaker makes its log groups itself at the first job, without a key and kept for ever.
    _Kind(
        "AWS::Logs::LogGroup",
        "LogGroupName",
        "logGroups",
        "logGroupName",
        ("logs", "describe-log-groups"),
        by_name="logGroupNamePrefix",
    ),
    _Kind("AWS::KMS::Alias", "AliasName", "Aliases", "AliasName", ("kms", "list-aliases")),
    _Kind("AWS::IAM::Role", "RoleName", "Roles", "RoleName", ("iam", "list-roles")),
    _Kind("AWS::ECR::Repository", "RepositoryName", "repositories", "repositoryName", ("ecr", "describe-repositories")),
)


def _question(kind: _Kind, name: str) -> Question:
    return ask(*kind.operation, **({kind.by_name: name} if kind.by_name else {}))


def questions(plan: Plan) -> list[Question]:
    """Ask once per list, or per name where the lists are long."""
    asked = {_question(kind, name) for kind in _KINDS for name in plan.stated(kind.resource_type, kind.stated)}
    return stacks_and(*sorted(asked, key=lambda each: each.key)) if asked else []


def judge(plan: Plan, source: Source) -> Iterator[Result]:
    """Look for each fixed name of a stack that is not deployed yet."""
    there = deployed_stacks(plan, source)
    for kind in _KINDS:
        for name in plan.stated(kind.resource_type, kind.stated, without=there or frozenset()):
            question = _question(kind, name)
            answer = source.answer(question)
            if answer.error:
                yield unanswered(name, question, answer)
            elif name not in {row.get(kind.key) for row in answer.rows(kind.listed)}:
                yield Result("pass", name, "is free")
            elif there is None:
                yield Result(
                    "unknown", name, "exists, perhaps from an earlier deployment", "let a role ask that may read stacks"
                )
            else:
                hint = "import it into its stack (`aws cloudformation create-change-set --change-set-type IMPORT`), or delete it"
                yield Result("fail", name, "exists already, made by something else", hint)


CHECK = Check("names", questions, judge)
