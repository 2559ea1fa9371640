"""Known answers of a deployed model: what passes, and what fails and why."""

from __future__ import annotations

import math
from typing import Any

import pytest
from checked_models import VERSION, as_tested, rows

from govml.release.checks.asking import Answers
from govml.release.checks.known_answers import Known, KnownAnswers
from govml.release.checks.losses import metrics
from govml.release.checks.validation import alike, validate


def test_a_model_that_answers_as_tested_passes() -> None:
    outcome = validate(rows(), as_tested(rows()), {"mape": {"max": 6.0}, "r2": {"min": 0.5}})
    assert outcome.passed
    assert outcome.summary == "100 of 100 known rows are answered as tested"
    assert set(outcome.figures["criteria"]) == {"mape", "r2"}


def test_one_other_answer_fails_and_is_shown() -> None:
    known = rows()
    answers = [row.answer for row in known.rows]
    answers[3] *= 1.001
    outcome = validate(known, Answers(answers, VERSION), {})
    assert outcome.failures == ("1 of 100 rows are answered otherwise than when tested",)
    assert [each["row"] for each in outcome.figures["examples"]] == [3]


def test_another_model_than_the_tested_one_fails() -> None:
    outcome = validate(rows(), Answers([row.answer for row in rows().rows], "0" * 16), {})
    assert outcome.failures == (f"the endpoint serves model {'0' * 16}, tested was {VERSION}",)


@pytest.mark.parametrize(("limit", "met"), [(6.0, True), (3.95, True), (2.0, False)])
def test_a_criterion_fails_where_its_limit_lies_beyond_the_interval(limit: float, met: bool) -> None:
    outcome = validate(rows(), as_tested(rows()), {"mape": {"max": limit}})
    assert outcome.passed is met
    assert met or "mape is " in outcome.failures[0]


def test_a_criterion_that_does_not_follow_from_rows_is_left_to_the_assessment() -> None:
    outcome = validate(rows(), as_tested(rows()), {"fairness.town.mape_gap": {"max": 0.0}})
    assert outcome.passed
    assert outcome.figures["criteria"] == {}


def test_rows_without_an_answer_are_measured_and_not_compared() -> None:
    known = KnownAnswers("regression", [Known(row.instance, None, row.truth) for row in rows().rows])
    outcome = validate(known, as_tested(rows()), {"mape": {"max": 6.0}})
    assert outcome.passed
    assert (outcome.figures["compared"], outcome.figures["criteria"]["mape"]["met"]) == (0, True)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1.0, 1.0 + 1e-9, True),
        (1.0, 1.0 + 1e-4, False),
        (0.0, 0.0, True),
        (0.0, 1e-3, False),
        (True, 1, False),
        (True, True, True),
        ("A", "A", True),
        ({"prediction": "A", "probability:A": 0.7}, {"prediction": "A", "probability:A": 0.7 + 1e-9}, True),
        ({"prediction": "A"}, {"prediction": "A", "score": 1}, False),
        (1.0, None, False),
        (1.0, "1.0", False),
    ],
)
def test_answers_are_alike_but_for_what_machines_add_differently(one: Any, other: Any, same: bool) -> None:
    assert alike(one, other) is same
    assert alike(other, one) is same


def test_metrics_are_those_of_their_definitions() -> None:
    known = KnownAnswers("regression", [Known({"a": 1}, 110.0, 100.0), Known({"a": 2}, 150.0, 200.0)])
    found = metrics(known, [110.0, 150.0])
    assert found["mape"] == pytest.approx((10 + 25) / 2)
    assert found["mae"] == pytest.approx(30)
    assert found["rmse"] == pytest.approx(math.sqrt((100 + 2500) / 2))
    assert found["r2"] == pytest.approx(1 - 2600 / 5000)
    classes = KnownAnswers("classification", [Known({"a": 1}, None, "A"), Known({"a": 2}, None, "B")])
    assert metrics(classes, [{"prediction": "A"}, {"prediction": "A"}]) == {"accuracy": 0.5}
