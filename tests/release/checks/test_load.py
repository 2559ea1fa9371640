"""The load on an endpoint: a pause shows in every request that waited, and errors count."""

from __future__ import annotations

import pytest
from checked_models import PLAN

from govml.errors import UserError
from govml.release.checks.asking import NotAnswered
from govml.release.checks.load import Plan, judge, run
from govml.release.checks.resampling import quantile


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
