"""What a check is: the questions that it asks, and its judgement of the answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from govml.preflight.plan import Plan
from govml.preflight.question import Answer, Question

Status = Literal["pass", "fail", "unknown"]


@dataclass(frozen=True)
class Result:
    """One finding.

    Args:
        status: `pass`, `fail`, or `unknown` when the account did not tell.
        subject: what it is about, as in `AgencyBoundary`.
        detail: what is the case.
        hint: how to mend it.
    """

    status: Status
    subject: str
    detail: str
    hint: str = ""


class Source(Protocol):
    """Where answers come from."""

    def answer(self, question: Question) -> Answer:
        """Return the answer to a question."""
        ...


@dataclass(frozen=True)
class Check:
    """One check.

    Args:
        name: its name in the output, as in `boundary`.
        questions: what it asks for a plan; none when it does not apply.
        judge: its results for a plan, asking the source for the answers to these questions.
    """

    name: str
    questions: Callable[[Plan], Iterable[Question]]
    judge: Callable[[Plan, Source], Iterator[Result]]


def unanswered(subject: str, question: Question, answer: Answer) -> Result:
    """Return the result for a question that was not answered."""
    return Result(
        "unknown",
        subject,
        f"`{question.service} {question.operation}` was not answered ({answer.error})",
        "let a role that may read it ask, or export it (--export-commands)",
    )
