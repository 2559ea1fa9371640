"""Validation: the served model is the one that was tested, answers as it did, and keeps the acceptance criteria."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from govml.release.checks.asking import Answers
from govml.release.checks.known_answers import Known, KnownAnswers
from govml.release.checks.losses import metrics
from govml.release.checks.outcome import Outcome
from govml.release.checks.resampling import interval

#: Another machine may add the same numbers in another order: this much of a number's size is not a difference.
TOLERANCE: Final = 1e-6
_SHOWN: Final = 5
Criteria = Mapping[str, Mapping[str, float]]


def validate(known: KnownAnswers, answers: Answers, criteria: Criteria) -> Outcome:
    """Hold an endpoint's answers against the known ones and the criteria.

    A criterion fails where its limit lies outside the metric's 95 % interval: the rows are a sample of the test rows, on
    all of which the tested model met it, so a point beside the limit says nothing yet.

    Args:
        known: rows with the tested model's answers.
        answers: the endpoint's answers to them.
        criteria: metric -> `{"max": limit}` or `{"min": limit}`; metrics that do not follow from rows are left out.
    """
    failures, figures = [], {"rows": len(known.rows), "model_version": answers.model_version}
    if known.model_version and answers.model_version and known.model_version != answers.model_version:
        failures.append(f"the endpoint serves model {answers.model_version}, tested was {known.model_version}")
    compared = [
        (place, row, answer)
        for place, (row, answer) in enumerate(zip(known.rows, answers.predictions, strict=True))
        if row.answer is not None
    ]
    different = [each for each in compared if not alike(each[1].answer, each[2])]
    figures |= {"compared": len(compared), "different": len(different)}
    if different:
        failures.append(f"{len(different)} of {len(compared)} rows are answered otherwise than when tested")
        figures["examples"] = [
            {"row": place, "tested": row.answer, "served": answer} for place, row, answer in different[:_SHOWN]
        ]
    judged = {name: _judge(known, answers.predictions, name, bound) for name, bound in criteria.items()}
    figures["criteria"] = {name: each for name, each in judged.items() if each}
    failures += [
        f"{name} is {each['value']:.6g} ({each['lower']:.6g} to {each['upper']:.6g}), accepted is {_limit(criteria[name])}"
        for name, each in judged.items()
        if each and not each["met"]
    ]
    counted = f"{len(compared) - len(different)} of {len(compared)} known rows are answered as tested"
    return Outcome("validation", counted, tuple(failures), figures)


def alike(tested: Any, served: Any) -> bool:
    """Return whether two answers are the same, but for what machines add differently."""
    if isinstance(tested, Mapping) and isinstance(served, Mapping):
        return set(tested) == set(served) and all(alike(tested[name], served[name]) for name in tested)
    if isinstance(tested, bool) or isinstance(served, bool):
        return tested is served
    if isinstance(tested, int | float) and isinstance(served, int | float):
        return math.isclose(tested, served, rel_tol=TOLERANCE, abs_tol=TOLERANCE**2)
    return bool(tested == served)


def _judge(known: KnownAnswers, answers: Sequence[Any], name: str, bound: Mapping[str, float]) -> dict[str, Any] | None:
    """Return a metric's value, interval and whether the limit is kept; None: it does not follow from these rows."""
    value = metrics(known, answers).get(name)
    if value is None:
        return None
    pairs = list(zip(known.rows, answers, strict=True))

    def measured(sample: Sequence[tuple[Known, Any]]) -> float:
        drawn = KnownAnswers(known.kind, [row for row, _ in sample], positive=known.positive)
        return metrics(drawn, [answer for _, answer in sample]).get(name, value)

    ends = interval(pairs, measured, draws=500)
    kept = ends.lower <= bound["max"] if "max" in bound else ends.upper >= bound["min"]
    return {"value": value, "lower": ends.lower, "upper": ends.upper, "limit": dict(bound), "met": kept}


def _limit(bound: Mapping[str, float]) -> str:
    return f"at most {bound['max']:.6g}" if "max" in bound else f"at least {bound['min']:.6g}"
