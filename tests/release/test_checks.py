"""The checks of a deployed model: what passes, what fails and why, and that figures are what they are called."""

from __future__ import annotations

import hashlib
import io
import json
import math
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from hypothesis import given, settings
from hypothesis import strategies as st
from moto import mock_aws
from release_places import DIGEST, IMAGE, place

from govml.errors import UserError
from govml.release.checks.asking import Answers, Endpoint, NotAnswered
from govml.release.checks.candidate import Candidate, candidate_of
from govml.release.checks.comparison import compare, shared_rows
from govml.release.checks.evidence import keep
from govml.release.checks.known_answers import Known, KnownAnswers, parse_known
from govml.release.checks.load import Plan, judge, run
from govml.release.checks.losses import metrics
from govml.release.checks.outcome import Outcome
from govml.release.checks.resampling import interval, mean, quantile
from govml.release.checks.run import Checks, check
from govml.release.checks.validation import alike, validate
from govml.release.entry import FIRST, Entry
from govml.release.promotion.place import Place
from govml.release.state import Serving, Variant
from govml.release.verdict import passed

VERSION = "feedc0de00000002"
PLAN = Plan(rate=100, seconds=0.05, p99_ms=1000, error_percent=1)
MODEL = Variant(version=2, digest=DIGEST, image=IMAGE, model_data="s3://artifacts/model.tar.gz")


def rows(count: int = 100, *, error: float = 4.0) -> KnownAnswers:
    draw = random.Random(7)  # noqa: S311 - figures of a test
    made = []
    for place_ in range(count):
        truth = draw.uniform(200_000, 800_000)
        answer = truth * (1 + draw.choice((-1, 1)) * error / 100 * draw.uniform(0.5, 1.5))
        made.append(Known({"block": str(place_), "area": draw.uniform(30, 150)}, answer, truth))
    return KnownAnswers("regression", made, VERSION)


def as_tested(known: KnownAnswers) -> Answers:
    return Answers([row.answer for row in known.rows], VERSION)


# Validation.


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


# A/B.


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


# Load.


class Time:
    """A clock that only moves when somebody sleeps or works."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_a_pause_shows_in_every_request_that_waited_for_it() -> None:
    time = Time()
    asked: list[float] = []

    def ask(_: bytes) -> None:
        asked.append(time.now)
        time.now += 1.0 if len(asked) == 1 else 0.001

    plan = Plan(rate=100, seconds=1, p99_ms=100, error_percent=0, workers=1)
    measured = run(plan, ask, [b"x"], clock=time, sleep=time.sleep)
    # A client that waited for each answer would have seen one slow request of 100.
    assert sum(each > 0.1 for each in measured.seconds) > 90
    assert max(measured.seconds) == pytest.approx(1.0)
    assert not judge(plan, measured).passed


def test_an_endpoint_that_keeps_up_is_asked_at_the_rate() -> None:
    time = Time()
    asked: list[float] = []

    def ask(_: bytes) -> None:
        asked.append(time.now)
        time.now += 0.002

    plan = Plan(rate=50, seconds=2, p99_ms=10, error_percent=0, workers=1)
    outcome = judge(plan, run(plan, ask, [b"x"], clock=time, sleep=time.sleep))
    assert asked == pytest.approx([place_ / 50 for place_ in range(100)])
    assert outcome.passed
    assert outcome.figures["p99_ms"] == pytest.approx(2)
    assert outcome.figures["answered_per_second"] == pytest.approx(50, rel=0.02)


def test_errors_count_and_the_most_frequent_is_named() -> None:
    def ask(body: bytes) -> None:
        if body == b"bad":
            raise NotAnswered("it is throttled")

    outcome = judge(PLAN, run(PLAN, ask, [b"good", b"bad"]))
    assert len(outcome.failures) == 1 and "mostly: it is throttled" in outcome.failures[0]
    assert outcome.figures["errors"] == {"it is throttled": PLAN.requests // 2}


def test_every_request_is_made_once_by_however_many_workers() -> None:
    seen: list[bytes] = []
    plan = Plan(rate=100_000, seconds=0.01, p99_ms=1e6, error_percent=0, workers=8)
    measured = run(plan, seen.append, [str(place_).encode() for place_ in range(1000)])
    assert sorted(seen) == sorted(str(place_).encode() for place_ in range(1000))
    assert len(measured.seconds) == 1000


def test_a_mistake_of_the_caller_stops_the_load() -> None:
    def ask(_: bytes) -> None:
        raise UserError("there is no such endpoint")

    with pytest.raises(UserError, match="no such endpoint"):
        run(PLAN, ask, [b"x"])


def test_quantiles_are_interpolated() -> None:
    assert quantile([4, 1, 3, 2], 0.5) == 2.5
    assert quantile([1.0], 0.99) == 1.0


# Asking.


class Runtime:
    """SageMaker Runtime with models by variant: each answers from a function of the instances."""

    def __init__(self, **models: Callable[[list[dict[str, Any]]], Any]) -> None:
        self.models = models
        self.calls = 0

    def invoke_endpoint(self, *, EndpointName: str, ContentType: str, Body: bytes, TargetVariant: str = "live") -> Any:  # noqa: N803
        self.calls += 1
        assert ContentType == "application/json"
        answer = self.models[TargetVariant](json.loads(Body)["instances"])
        if isinstance(answer, Exception):
            raise answer
        return {"Body": io.BytesIO(json.dumps(answer).encode())}


def answering(known: KnownAnswers, version: str = VERSION) -> Callable[[list[dict[str, Any]]], Any]:
    answers = {json.dumps(row.instance, sort_keys=True): row.answer for row in known.rows}
    return lambda instances: {
        "predictions": [answers[json.dumps(each, sort_keys=True)] for each in instances],
        "model_version": version,
    }


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "InvokeEndpoint")


def test_many_rows_go_in_several_requests_and_come_back_in_order() -> None:
    known, runtime = rows(250), Runtime(live=answering(rows(250)))
    found = Endpoint(runtime, "e").ask([row.instance for row in known.rows])
    assert list(found.predictions) == [row.answer for row in known.rows]
    assert (found.model_version, runtime.calls) == (VERSION, 3)


@pytest.mark.parametrize(
    "answer",
    [
        {"predictions": [1.0], "model_version": VERSION},
        {"model_version": VERSION},
        [1, 2],
        refused("ModelError"),
        refused("ThrottlingException"),
    ],
)
def test_an_answer_that_cannot_be_used_is_none(answer: Any) -> None:
    with pytest.raises(NotAnswered):
        Endpoint(Runtime(live=lambda _: answer), "e").ask([{"a": 1}, {"a": 2}])


@pytest.mark.parametrize(
    "error",
    [refused("AccessDeniedException"), refused("ValidationError"), EndpointConnectionError(endpoint_url="http://x")],
)
def test_what_the_caller_must_mend_is_no_failure_of_the_model(error: Exception) -> None:
    with pytest.raises(UserError, match="cannot be"):
        Endpoint(Runtime(live=lambda _: error), "e").ask([{"a": 1}])


def test_answers_of_two_models_at_once_are_refused() -> None:
    versions = iter("ab")
    both = lambda instances: {"predictions": [1.0] * len(instances), "model_version": next(versions)}  # noqa: E731
    with pytest.raises(NotAnswered, match="several models"):
        Endpoint(Runtime(live=both), "e").ask([{"a": place_} for place_ in range(101)])


# Known answers.


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"{", "is no JSON"),
        (b'{"rows": [], "kind": "regression"}', "has no rows"),
        (b"[]", "has no rows"),
        (b'{"rows": [{"answer": 1}], "kind": "regression"}', "row 0 has no instance"),
        (b'{"rows": [{"instance": {"a": NaN}}], "kind": "regression"}', "is no JSON"),
        (b'{"rows": [{"instance": {"a": 1}}], "kind": "guess"}', "kind 'guess' is none of"),
    ],
)
def test_a_file_of_another_form_is_refused_with_the_place(text: bytes, message: str) -> None:
    with pytest.raises(UserError, match=message) as error:
        parse_known(text, source="rows.json")
    assert "rows.json" in str(error.value)


# What is tested.


def entry(action: Any, version: int, digest: str) -> Entry:
    return Entry(1, FIRST, "2026-11-28T00:00:00Z", action, "x", "uat", version, digest)


def test_the_challenger_is_tested_against_the_live_model() -> None:
    live = Variant(1, "1" * 64, IMAGE, "s3://a/1")
    found = candidate_of(Serving(live, MODEL), [], shadow=False)
    assert (found.model, found.asked, found.beside) == (MODEL, "challenger", live)
    with pytest.raises(UserError, match="shadow variant"):
        candidate_of(Serving(live, MODEL), [], shadow=True)


def test_a_live_model_is_tested_against_the_one_before_it() -> None:
    told = [entry("deployed", 1, "1" * 64), entry("deployed", 2, DIGEST)]
    assert candidate_of(Serving(MODEL), told, shadow=False).former == told[0]
    assert candidate_of(Serving(MODEL), told[1:], shadow=False).former is None
    with pytest.raises(UserError, match="no version of the registry is served"):
        candidate_of(Serving(), told, shadow=False)


# All of it.


def checked(runtime: Runtime, subject: Candidate, **more: Any) -> list[Outcome]:
    made = Checks(subject, rows(), more.get("champion"), {"mape": {"max": 6.0}}, PLAN)
    return check(made, lambda variant: Endpoint(runtime, "e", variant))


def states(outcomes: Sequence[Outcome]) -> dict[str, bool]:
    return {each.name: each.passed for each in outcomes}


def test_a_sound_challenger_passes_all_checks() -> None:
    worse = KnownAnswers("regression", [Known(row.instance, row.truth * 1.2, row.truth) for row in rows().rows])
    runtime = Runtime(challenger=answering(rows()), live=answering(worse, "0" * 16))
    found = checked(runtime, Candidate(MODEL, "challenger", beside=MODEL))
    assert states(found) == {"validation": True, "comparison": True, "load": True}
    assert "better" in found[1].summary


def test_a_champion_s_own_known_answers_stand_in_for_it() -> None:
    better = KnownAnswers("regression", [Known(row.instance, row.truth, row.truth) for row in rows().rows])
    found = checked(
        Runtime(live=answering(rows())), Candidate(MODEL, former=entry("deployed", 1, "1" * 64)), champion=better
    )
    assert states(found) == {"validation": True, "comparison": False, "load": True}
    assert "version 1, by what it answered when it was tested" in found[1].failures[0]


def test_without_a_champion_there_is_nothing_to_compare() -> None:
    found = checked(Runtime(live=answering(rows())), Candidate(MODEL))
    assert states(found) == {"validation": True, "comparison": True, "load": True}


def test_an_endpoint_that_does_not_answer_fails_and_is_not_loaded() -> None:
    runtime = Runtime(live=lambda _: refused("ModelError"))
    assert states(checked(runtime, Candidate(MODEL))) == {"validation": False}
    assert runtime.calls == 1


@pytest.fixture
def uat() -> Iterator[Place]:
    with mock_aws():
        yield place("uat")


@pytest.mark.parametrize("sound", [True, False])
def test_the_report_is_evidence_and_the_ledger_tells_the_verdict(uat: Place, sound: bool) -> None:
    outcomes = [Outcome("validation", "all is well"), Outcome("load", "slow", () if sound else ("99 % take 2 s",))]
    now = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)
    written = keep(uat, MODEL, outcomes, endpoint="e", who="ci", now=now)
    (stands,) = uat.ledger().verify()
    assert stands == written
    assert (stands.action, stands.model_digest, stands.version, passed(stands)) == ("tested", DIGEST, 2, sound)
    assert stands.why == ("all is well; slow" if sound else "99 % take 2 s")
    report = stands.evidence[0]
    key = report.uri.removeprefix(f"s3://{uat.evidence}/")
    content = uat.s3.get_object(Bucket=uat.evidence, Key=key)["Body"].read()
    assert key.startswith(f"checks/hdb-resale/{DIGEST}/20261128T100000Z-")
    assert hashlib.sha256(content).hexdigest() == report.sha256
    assert json.loads(content)["verdict"] == ("passed" if sound else "failed")
