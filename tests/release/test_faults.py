"""Faults: events in any order and number, processes that die at any call, AWS that throttles, two releases at once.

What must hold each time: no second version live without intent, never a gap in service, always a ledger entry.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from release_account import TICK, ReleaseAccount
from releasing import Release, with_live_version

APPROVER = "mini-dev.approver"
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
    """Let the safety net look until long after the last event, and return what counts."""
    release.come_to_rest()
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
    """Every sequence of so many different acts; its events come late and in every order, each of them twice."""
    for names in itertools.permutations(ACTIONS, length):
        expected = in_order(names)
        late = fresh()
        for name in names:
            act(late, name)
        records = [event for event in late.taken() if "eventID" in event["detail"]]
        for order in itertools.permutations(records):
            release = Release(late.account.copy())
            release.deliver([*order, order[0]])
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
