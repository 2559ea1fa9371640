"""Starts of the training pipeline: at most one for what asks, and the loop ends where it should."""

from __future__ import annotations

import itertools
import sys
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from hypothesis import given
from hypothesis import strategies as st
from retraining_account import NOW, RUNTIME, FakeAccount, asked, drift, mode, send


def test_a_drift_starts_one_run_with_the_live_model_as_champion(handler: Any, account: FakeAccount) -> None:
    assert send(handler, drift()) == []
    [run] = account.runs
    assert run["parameters"] == [{"Name": "ChampionUri", "Value": "s3://artifacts/hdb-resale/released/ab12/"}]
    assert run["PipelineExecutionDisplayName"].startswith("drift-")
    assert account.told == []


@pytest.mark.parametrize("live", [None, "", "model.tar.gz", "s3://"])
def test_without_a_live_model_there_is_no_champion(handler: Any, account: FakeAccount, live: str | None) -> None:
    account.live = live
    send(handler, drift())
    assert account.runs[0]["parameters"] == []


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_whatever_the_order_and_however_often_one_run_is_started(
    handler: Any, account: FakeAccount, number: int
) -> None:
    bodies = [drift(), drift(), drift("2026-11-28T02:00:00Z"), asked("schedule")][:number]
    for order in itertools.permutations(bodies):
        account.__init__()  # type: ignore[misc]
        for body in order:
            send(handler, body)
        assert len(account.runs) == 1, order


def test_a_storm_of_drifts_starts_nothing_until_the_cool_down_is_over(handler: Any, account: FakeAccount) -> None:
    account.add("drift-before", "Failed", days_ago=13)
    for hour in range(24):
        send(handler, drift(f"2026-11-28T{hour:02}:00:00Z"))
    assert len(account.runs) == 1
    account.runs[0]["StartTime"] = NOW - timedelta(days=15)
    send(handler, drift("2026-11-30T01:00:00Z"))
    assert len(account.runs) == 2


def test_a_broken_feed_stops_drift_and_schedule_and_pages(handler: Any, account: FakeAccount) -> None:
    account.feed = "ALARM"
    assert send(handler, drift(), asked("schedule")) == []
    assert account.runs == []
    assert len(account.told) == 2
    assert all("the feed is broken" in text and "docs/operations/broken-feed.md" in text for text in account.told)


def test_a_person_may_override_a_broken_feed_and_the_cool_down(handler: Any, account: FakeAccount) -> None:
    account.feed = "ALARM"
    account.add("drift-before", "Succeeded", days_ago=1)
    assert send(handler, asked("person", by="lim")) == []
    assert account.runs[-1]["PipelineExecutionDisplayName"].startswith("person-")


def test_a_person_is_asked_where_the_agency_says_so(
    handler: Any, account: FakeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    mode(monkeypatch, "approval")
    send(handler, drift())
    assert account.runs == []
    assert "govml model retrain hdb_resale --by NAME" in account.told[0]
    send(handler, asked("schedule"))
    assert len(account.runs) == 1


def test_off_means_off_for_drift_alone(handler: Any, account: FakeAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    mode(monkeypatch, "off")
    send(handler, drift())
    assert (account.runs, account.told) == ([], [])
    send(handler, asked("schedule"))
    assert len(account.runs) == 1


def test_a_run_that_goes_on_is_enough(handler: Any, account: FakeAccount) -> None:
    account.add("schedule-a")
    assert send(handler, drift(), asked("schedule", "later"), asked("person", by="lim")) == []
    assert len(account.runs) == 1


def test_the_end_of_an_alarm_asks_for_nothing(handler: Any, account: FakeAccount) -> None:
    assert send(handler, drift(value="OK"), drift(value="INSUFFICIENT_DATA")) == []
    assert account.runs == []


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", "1", "{", '"x"', "{}", '{"detail": 1}', '{"detail": {"alarmName": "a", "state": "ALARM"}}',
        drift(alarm="another"), drift().replace('"2026-11-28T01:00:00Z"', "7"),
        '{"look": "other", "moment": "t"}', '{"look": "hdb-resale"}', '{"look": ["hdb-resale"], "moment": "t"}',
        asked("whim"), asked("person"), asked("schedule", ""), asked("schedule").replace("hdb-resale", "other"),
        asked("schedule").replace('"schedule"', "[]"), "[" * 100_000,
    ],
)  # fmt: skip
def test_what_asks_for_nothing_goes_to_the_dead_letters(handler: Any, account: FakeAccount, body: str) -> None:
    assert send(handler, body, drift()) == ["0"]
    assert len(account.runs) == 1


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow down"}}, "any"),
        EndpointConnectionError(endpoint_url="https://sagemaker"),
    ],
)
def test_a_service_that_fails_leaves_the_message_in_the_queue(
    handler: Any, account: FakeAccount, error: Exception
) -> None:
    for fails_at in (1, 2):
        account.__init__()  # type: ignore[misc]
        account.errors = [error] * fails_at
        body = drift()
        tries = [send(handler, body) for _ in range(fails_at + 1)]
        assert tries == [["0"]] * fails_at + [[]]
        assert len(account.runs) == 1


@given(
    why=st.sampled_from(["schedule", "drift", "person"]),
    mode=st.sampled_from(["automatic", "approval", "off"]),
    broken=st.booleans(),
    runs=st.lists(
        st.tuples(
            st.sampled_from(["drift-a", "schedule-b", "person-c"]),
            st.sampled_from(["Executing", "Stopping", "Succeeded", "Failed", "Stopped"]),
            st.floats(0, 60),
        ),
        max_size=5,
    ),
)
def test_never_two_runs_never_on_a_broken_feed_never_against_the_switch(
    why: str, mode: str, broken: bool, runs: list[tuple[str, str, float]]
) -> None:
    sys.path.insert(0, str(RUNTIME))
    try:
        from retraining_decision import Run, Situation, decide
        from retraining_request import RetrainingRequest
    finally:
        sys.path.remove(str(RUNTIME))
    found = [Run(name, status, NOW - timedelta(days=days)) for name, status, days in runs]
    situation = Situation(mode, timedelta(days=14), broken, found, NOW)
    decision = decide(RetrainingRequest("hdb-resale", why, "t", "lim"), situation)  # type: ignore[arg-type]
    started = decision.outcome == "start"
    if any(run.status in ("Executing", "Stopping") for run in found):
        assert decision.outcome == "leave"
    if started and why != "person":
        assert not broken
    if started and why == "drift":
        assert mode == "automatic"
        assert not [run for run in found if run.name == "drift-a" and run.started > NOW - timedelta(days=14)]
    assert decision.reason
