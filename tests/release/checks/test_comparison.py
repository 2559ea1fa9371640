"""A new model against the champion: only what is better or worse beyond chance counts."""

from __future__ import annotations

import math
import random

import pytest
from checked_models import rows
from hypothesis import given, settings
from hypothesis import strategies as st

from govml.release.checks.comparison import compare, shared_rows
from govml.release.checks.known_answers import Known, KnownAnswers
from govml.release.checks.resampling import interval, mean


def test_a_champion_that_is_better_beyond_chance_fails_the_new_model() -> None:
    known = rows(200)
    better = [row.truth * 1.001 for row in known.rows]
    outcome = compare(known, [row.answer for row in known.rows], better, against="version 1")
    assert outcome.failures and "the champion is better" in outcome.failures[0]
    assert outcome.figures["upper"] < 0
    turned = compare(known, better, [row.answer for row in known.rows], against="version 1")
    assert turned.passed and turned.summary.endswith("better")
    assert turned.figures["gain"] == pytest.approx(-outcome.figures["gain"])


def test_a_difference_within_chance_passes() -> None:
    known = rows(200)
    other = [row.truth * (2 - row.answer / row.truth) for row in known.rows]  # the same errors, the other way
    outcome = compare(known, [row.answer for row in known.rows], other, against="version 1")
    assert outcome.passed and "may be chance" in outcome.summary


def test_pairing_sees_what_two_averages_would_not() -> None:
    """Each row is a little worse, the rows differ much: only row by row is that sure."""
    draw = random.Random(3)  # noqa: S311 - figures of a test
    made = [Known({"a": place_}, None, draw.uniform(100, 100_000)) for place_ in range(60)]
    known = KnownAnswers("regression", made)
    champion = [row.truth * (1 + draw.uniform(0.0, 0.5)) for row in made]
    outcome = compare(
        known, [value + row.truth * 0.01 for value, row in zip(champion, made, strict=True)], champion, against="1"
    )
    assert not outcome.passed
    spread = interval(
        [abs(value - row.truth) / row.truth * 100 for value, row in zip(champion, made, strict=True)], mean
    )
    assert spread.upper - spread.lower > 5 > outcome.figures["upper"] - outcome.figures["lower"]


def test_models_that_cannot_be_compared_pass_with_a_reason() -> None:
    few = rows(10)
    assert "only 10 rows" in compare(few, [1.0] * 10, [1.0] * 10, against="1").summary
    blind = KnownAnswers("clustering", few.rows)
    assert "no truth" in compare(blind, [1.0] * 10, [1.0] * 10, against="1").summary


def test_classes_are_compared_by_the_log_loss_of_their_truth() -> None:
    known = KnownAnswers("classification", [Known({"a": place_}, None, "A") for place_ in range(40)])
    sure, unsure = ([{"prediction": "A", "probability:A": share}] * 40 for share in (0.9, 0.5))
    outcome = compare(known, sure, unsure, against="1")
    assert outcome.figures["loss"] == "log loss"
    assert outcome.figures["gain"] == pytest.approx(math.log(0.9 / 0.5))


def test_rows_that_both_were_tested_on_are_found_whatever_their_order() -> None:
    known = rows(50)
    champion = KnownAnswers("regression", [Known(dict(reversed(row.instance.items())), 1.0) for row in known.rows[20:]])
    shared, answers = shared_rows(known, champion)
    assert shared == list(known.rows[20:])
    assert answers == [1.0] * 30


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40))
def test_an_interval_holds_between_the_extremes_and_is_the_same_again(values: list[float]) -> None:
    found = interval(values, mean, draws=200)
    assert min(values) - 1e-6 <= found.lower <= found.upper <= max(values) + 1e-6
    assert found == interval(values, mean, draws=200)


def test_intervals_cover_as_often_as_they_say() -> None:
    """Of means of 50 normal values, about 95 % of the intervals hold the true mean (a binomial margin of 3 sigma)."""
    draw = random.Random(11)  # noqa: S311 - figures of a test
    hits = 0
    for _ in range(100):
        values = [draw.gauss(5, 2) for _ in range(50)]
        found = interval(values, mean, draws=200)
        hits += found.lower <= 5 <= found.upper
    assert hits >= 88
