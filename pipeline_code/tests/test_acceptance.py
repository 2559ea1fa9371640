"""Acceptance criteria: what is understood, what is refused, and what a person reads."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govml_pipeline.acceptance.criteria import Criterion, parse_criteria
from govml_pipeline.acceptance.known import known_metrics
from govml_pipeline.acceptance.verdict import assess
from govml_pipeline.errors import UserError

KNOWN = {"mape": 3.31, "r2": 0.978, "fairness.town.mape_gap": 2.5, "roc_auc": None, "model_tests.failed": 0.0}


def test_criteria_are_read_in_order() -> None:
    found = parse_criteria('{"r2": {"min": 0.9}, "mape": {"max": 4, "min": 1}}')
    assert found == (Criterion("r2", "min", 0.9), Criterion("mape", "max", 4.0), Criterion("mape", "min", 1.0))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[1]", "no JSON object"),
        ("{}", "there is none"),
        ('{"mape": 4}', "mape: 4 is no bound"),
        ('{"mape": {}}', "is no bound"),
        ('{"mape": {"maximum": 4}}', "is no bound"),
        ('{"mape": {"max": "4"}}', "max is '4', not a finite number"),
        ('{"mape": {"max": true}}', "not a finite number"),
        ('{"mape": {"max": NaN}}', "not JSON"),
        ('{"mape": {"max": 1e999}}', "not a finite number"),
        ('{"mape": {"max": 4}, "mape": {"max": 9}}', "'mape' stands there twice"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_what_is_no_criterion_is_refused(text: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        parse_criteria(text)


@given(st.text() | st.recursive(st.none() | st.floats() | st.text(), st.lists).map(json.dumps))
def test_no_text_gets_through_with_anything_but_a_users_error(text: str) -> None:
    try:
        assert parse_criteria(text)
    except UserError as error:
        assert error.hint


def test_an_accepted_model_says_by_how_much() -> None:
    outcome = assess(parse_criteria('{"mape": {"max": 4}, "model_tests.failed": {"max": 0}}'), KNOWN)
    assert outcome["verdict"] == "accepted"
    assert outcome["reason"] == (
        "The model meets all 2 acceptance criteria: mape 3.31 (at most 4); model_tests.failed 0 (at most 0)."
    )


def test_a_rejected_model_says_what_it_misses_and_only_that() -> None:
    outcome = assess(parse_criteria('{"mape": {"max": 3}, "r2": {"min": 0.9}}'), KNOWN)
    assert outcome["verdict"] == "rejected"
    assert outcome["reason"] == "The model is rejected: mape 3.31 (at most 3)."
    assert [entry["met"] for entry in outcome["criteria"]] == [False, True]


def test_the_limit_itself_is_accepted_and_a_hair_beyond_is_told_from_it() -> None:
    assert assess((Criterion("a", "max", 3.0),), {"a": 3.0})["verdict"] == "accepted"
    beyond = assess((Criterion("a", "max", 3.0),), {"a": 3.0000001})
    assert beyond["verdict"] == "rejected"
    assert "a 3.0000001 (at most 3)" in beyond["reason"]


def test_what_could_not_be_measured_is_not_met() -> None:
    outcome = assess(parse_criteria('{"roc_auc": {"min": 0.1}}'), KNOWN)
    assert outcome["verdict"] == "rejected"
    assert outcome["criteria"][0]["why"] == "not defined on these test rows"
    assert "roc_auc is not defined on these test rows (at least 0.1)" in outcome["reason"]


def test_an_unknown_metric_is_refused_with_the_known_ones() -> None:
    with pytest.raises(
        UserError, match=r"no metric 'fairness\.town\.mape_gab'; did you mean 'fairness\.town\.mape_gap'"
    ) as e:
        assess((Criterion("fairness.town.mape_gab", "max", 1),), KNOWN)
    assert "known are fairness.town.mape_gap, mape, model_tests.failed" in e.value.hint


def test_metrics_are_known_by_flat_names() -> None:
    found = known_metrics(
        evaluation={"kind": "regression", "regression_metrics": {"mape": {"value": 3.0}}, "segments": {}},
        operational={"latency_p99_ms": 9.0},
        fairness={"groups": {"town": {"measures": {"mape_gap": 2.0}}}},
        robustness={"measures": {"noise_5.prediction_change": float("nan")}},
        model_tests={"failed": 1},
    )
    assert found == {
        "mape": 3.0,
        "operational.latency_p99_ms": 9.0,
        "fairness.town.mape_gap": 2.0,
        "robustness.noise_5.prediction_change": None,
        "model_tests.failed": 1.0,
        "champion.win_confidence": 1.0,
    }
