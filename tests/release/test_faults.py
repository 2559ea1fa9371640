"""Faults: events in any order and number, processes that die at any call, AWS that throttles, two releases at once.

What must hold each time: no second version live without intent, never a gap in service, always a ledger entry.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError
from hypothesis import given, settings
from hypothesis import strategies as st
from release_account import TICK, Killed, ReleaseAccount, refused
from releasing import Release, with_live_version

from govml.release.events import read_event

ACTIONS: dict[str, Callable[[ReleaseAccount], None]] = {
    "approve 2": lambda account: account.approve(2),
    "approve 3": lambda account: account.approve(3),
    "reject 2": lambda account: account.reject(2),
    "reject 3": lambda account: account.reject(3),
    "trainer approves 2": lambda account: account.approve(2, "tan"),
    "engineer approves 3": lambda account: account.approve(3, "wee", "mini-dev.ml-engineer"),
}
START = with_live_version()


def fresh() -> Release:
    return Release(START.account.copy())


def act(release: Release, name: str) -> None:
    release.account.pass_time()
    ACTIONS[name](release.account)


def at_the_end(release: Release) -> tuple[Any, ...]:
    """Let the safety net look long after the last event, and return what counts."""
    release.account.pass_time(4000)
    release.come_to_rest()
    return release.account.state()


def require_sound(release: Release) -> None:
    """Check what holds after any history: each update was intended beforehand and told, and the endpoint never went."""
    entries = release.ledger()
    intents = [entry for entry in entries if entry.action == "deploying"]
    assert len(release.account.updates) == len(intents)
    assert all(update["LiveModelData"] for update in release.account.updates)
    outcomes = [entry for entry in entries if entry.action in {"deployed", "rolled-back", "failed"} and entry.image]
    assert len(outcomes) == len(intents)
    approved = {entry.model_digest for entry in entries if entry.action == "approved"}
    assert {update["LiveModelDigest"] for update in release.account.updates} <= approved


def in_order(names: tuple[str, ...]) -> tuple[Any, ...]:
    """Act, and handle each event before the next act."""
    release = fresh()
    for name in names:
        act(release, name)
        release.deliver()
    return at_the_end(release)


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_all_orders_of_events_lead_to_the_same_state(length: int) -> None:
    """Every sequence of so many different acts; their events come late, in every order, and one of them twice."""
    for names in itertools.permutations(list(ACTIONS)[: 5 if length == 4 else 6], length):
        expected = in_order(names)
        late = fresh()
        for name in names:
            act(late, name)
        records = [event for event in late.taken() if "eventID" in event["detail"]]
        claims = [event for event in records if read_event(event).claims]  # type: ignore[union-attr]
        hints = [event for event in records if event not in claims]  # a rejection's record claims nothing: a mere hint
        for order in itertools.permutations(claims):
            release = Release(late.account.copy())
            release.deliver([*hints[:1], *order, *order[:1], *hints[1:]])
            assert at_the_end(release) == expected, (names, [event["detail"]["eventID"] for event in order])
            require_sound(release)


@settings(max_examples=60, deadline=None)
@given(st.permutations(sorted(ACTIONS)).map(lambda names: tuple(names[:4])), st.randoms(use_true_random=False))
def test_four_events_in_any_order_and_number_among_other_events(names: tuple[str, ...], random: Any) -> None:
    release = fresh()
    waiting: list[dict[str, Any]] = []
    for name in names:
        act(release, name)
        waiting += [*release.taken(), TICK]
        waiting.append(random.choice(waiting))
        random.shuffle(waiting)
        for _ in range(random.randrange(3)):
            release.handle(waiting.pop())
        if random.random() < 0.5:
            release.account.settle()
    release.deliver(waiting)
    assert at_the_end(release) == in_order(names)
    require_sound(release)


def finish(release: Release, events: list[dict[str, Any]]) -> None:
    """Let fresh processes handle the same events again, as the queue delivers them again."""
    release.account.around = lambda _number, _name, call: call()
    release.deliver(events)


def with_approval() -> tuple[Release, list[dict[str, Any]]]:
    release = fresh()
    release.account.approve(2)
    release.account.calls.clear()
    return release, release.taken()


def require_deployed_once(release: Release) -> None:
    """Version 2 is live, was handed to CloudFormation once, and the ledger tells each step once."""
    assert release.account.live == "2"
    assert [update["LiveVersion"] for update in release.account.updates] == ["1", "2"]
    assert release.told()[3:] == [("approved", 2), ("deploying", 2), ("deployed", 2)]
    require_sound(release)


def number_of_calls() -> int:
    release, events = with_approval()
    release.deliver(events)
    return len(release.account.calls)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_process_that_dies_at_any_call_leaves_nothing_half_done(moment: str) -> None:
    for at in range(1, number_of_calls() + 1):
        release, events = with_approval()

        def around(number: int, _name: str, call: Callable[[], Any], at: int = at) -> Any:
            if number != at:
                return call()
            with suppress(ClientError):
                if moment == "after":
                    call()
            raise Killed

        release.account.around = around
        with pytest.raises(Killed):
            release.deliver(events)
        finish(release, events)
        require_deployed_once(release)


@pytest.mark.parametrize(
    "failure",
    [
        refused("ThrottlingException", "Rate exceeded"),
        refused("Throttling", "Rate exceeded"),
        refused("SlowDown", status=503),
        refused("InternalFailure", status=500),
        ConnectTimeoutError(endpoint_url="https://sagemaker"),
    ],
    ids=lambda error: type(error).__name__ + str(error)[:40],
)
def test_a_call_that_fails_for_now_is_made_again_later(failure: Exception) -> None:
    for at in range(1, number_of_calls() + 1):
        release, events = with_approval()

        def around(number: int, _name: str, call: Callable[[], Any], at: int = at) -> Any:
            if number == at:
                raise failure
            return call()

        release.account.around = around
        with pytest.raises(type(failure)):  # so that the queue keeps the message
            release.deliver(events)
        finish(release, events)
        require_deployed_once(release)


def test_an_update_that_cloudformation_refuses_is_told_and_not_tried_again() -> None:
    release, events = with_approval()

    def around(_number: int, name: str, call: Callable[[], Any]) -> Any:
        if name == "update_stack":
            raise refused("ValidationError", "Template error")
        return call()

    release.account.around = around
    release.deliver(events)
    finish(release, events)
    assert (release.account.live, release.told()[-1]) == ("1", ("failed", 2))
    assert "Template error" in release.ledger()[-1].why


def test_two_releases_at_once_deploy_once() -> None:
    """At each call of the one, the other does all that is due; the same events started both."""
    for at in range(1, number_of_calls() + 1):
        release, events = with_approval()
        other = Release(release.account)
        release.account.around = _meanwhile(other, events, at)
        release.deliver(events)
        require_deployed_once(release)


def _meanwhile(other: Release, events: list[dict[str, Any]], at: int) -> Callable[[int, str, Callable[[], Any]], Any]:
    def around(number: int, _name: str, call: Callable[[], Any]) -> Any:
        if number == at:
            other.account.around = lambda _number, _name, inner: inner()
            for event in events:
                other.handle(event)
        return call()

    return around


def test_alarms_in_the_canary_after_a_death_at_any_call() -> None:
    """Whatever died before: the alarm brings version 1 back, and the ledger tells it once."""
    for at in range(1, number_of_calls() + 1):
        release, events = with_approval()

        def around(number: int, _name: str, call: Callable[[], Any], at: int = at) -> Any:
            if number == at:
                with suppress(ClientError):
                    call()
                raise Killed
            return call()

        release.account.around = around
        with suppress(Killed):
            for event in events:
                release.handle(event)
        release.account.around = lambda _number, _name, call: call()
        for event in events:
            release.handle(event)
        release.account.pass_time()
        release.account.settle(alarm=True)
        release.deliver()
        assert release.account.live == "1"
        assert release.told()[3:] == [("approved", 2), ("deploying", 2), ("rolled-back", 2)]
        assert release.account.packages[2]["ModelApprovalStatus"] == "PendingManualApproval"
