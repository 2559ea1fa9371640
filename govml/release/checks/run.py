"""All checks of one deployed model, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from govml.errors import UserError
from govml.release.checks.asking import Answers, Endpoint, NotAnswered, body_of
from govml.release.checks.candidate import LIVE, Candidate
from govml.release.checks.comparison import compare, shared_rows
from govml.release.checks.known_answers import KnownAnswers
from govml.release.checks.load import Plan, judge, run
from govml.release.checks.outcome import Outcome
from govml.release.checks.validation import Criteria, validate


@dataclass(frozen=True)
class Checks:
    """What is checked, and by which limits.

    Args:
        subject: what is tested.
        known: rows with the tested model's answers.
        champion: known answers of the version that was live before, or None.
        criteria: acceptance criteria.
        plan: the load.
    """

    subject: Candidate
    known: KnownAnswers
    champion: KnownAnswers | None
    criteria: Criteria
    plan: Plan


def check(
    checks: Checks, endpoint: Callable[[str | None], Endpoint], *, tell: Callable[[str], None] = lambda _: None
) -> list[Outcome]:
    """Run the checks; one that fails does not keep the others from running, but for a model that gives no answer.

    Args:
        checks: what is checked.
        endpoint: returns the endpoint, asked for a variant or for whichever.
        tell: hears what is found, check by check.

    Raises:
        UserError: the endpoint cannot be reached.
    """
    asked = endpoint(checks.subject.asked)
    try:
        answers = asked.ask([row.instance for row in checks.known.rows])
    except NotAnswered as error:
        outcome = Outcome("validation", "the endpoint does not answer the known rows", (str(error),))
        tell(line(outcome))
        return [outcome]
    outcomes = []
    makers: tuple[Callable[[], Outcome], ...] = (
        lambda: validate(checks.known, answers, checks.criteria),
        lambda: _compare(checks, answers, endpoint),
        lambda: judge(
            checks.plan, run(checks.plan, asked.send, [body_of([row.instance]) for row in checks.known.rows])
        ),
    )
    for make in makers:
        outcomes.append(make())
        tell(line(outcomes[-1]))
    return outcomes


def line(outcome: Outcome) -> str:
    """Return an outcome for people."""
    state = "passed" if outcome.passed else "FAILED"
    return "\n".join(
        (f"{outcome.name:<11} {state}  {outcome.summary}", *(f"            {each}" for each in outcome.failures))
    )


def _compare(checks: Checks, answers: Answers, endpoint: Callable[[str | None], Endpoint]) -> Outcome:
    """Compare with the model beside, on the endpoint; else with the former one's known answers to shared rows."""
    beside = checks.subject.beside
    if beside is not None:
        try:
            theirs = endpoint(LIVE).ask([row.instance for row in checks.known.rows])
        except NotAnswered as error:
            return Outcome("comparison", "the live model does not answer", (str(error),))
        against = f"version {beside.version}, which answered the same requests"
        return compare(checks.known, answers.predictions, theirs.predictions, against=against)
    former = checks.subject.former
    if checks.champion is None or former is None:
        return Outcome("comparison", "no other model was live before: there is nothing to compare with")
    rows, theirs_known = shared_rows(checks.known, checks.champion)
    if not rows:
        return Outcome("comparison", f"version {former.version} was tested on none of these rows")
    places = {id(row): place for place, row in enumerate(checks.known.rows)}
    ours = [answers.predictions[places[id(row)]] for row in rows]
    against = f"version {former.version}, by what it answered when it was tested"
    return compare(replace(checks.known, rows=rows), ours, theirs_known, against=against)


def require_rows(known: KnownAnswers | None, version: int) -> KnownAnswers:
    """Return known answers, or say how to give some.

    Raises:
        UserError: there are none.
    """
    if known is None:
        raise UserError(
            f"version {version} was released without known answers",
            hint="give rows with their truth: --rows FILE (docs/promotion.md tells the form)",
        )
    return known
