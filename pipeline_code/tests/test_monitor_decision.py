"""The decision as a pure function of judged windows and the state before."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from watched import VERSION, months

from govml_pipeline.errors import UserError
from govml_pipeline.monitoring.deciding.decision import Decision, decide
from govml_pipeline.monitoring.deciding.state import State, parse_state, read_state
from govml_pipeline.monitoring.judging.judged import Group, Judged
from govml_pipeline.monitoring.judging.signals import Signal
from govml_pipeline.monitoring.settings import MonitoringSettings, SignalKind

SETTINGS = MonitoringSettings(sustained=(2, 3), clear_after=2, cool_down=4)
NAMES = months("2024-01", 30)


def window(
    place: int, size: float, *, kind: SignalKind = "concept_drift", group: Group = "labels", direction: int = 1
) -> Judged:
    """A judged window with one signal, whose size is in multiples of its limit."""
    value = size * SETTINGS.threshold(kind)
    return Judged(NAMES[place], group, (Signal(kind, "bias", NAMES[place], value, None, 500, direction),), 500)


def feed(place: int, *, whole: bool = True, rows: int = 500) -> Judged:
    signal = Signal("data_quality", "no rows", NAMES[place], 0.0 if whole else 1.0)
    return Judged(NAMES[place], "feed", (signal,), rows if whole else 0)


def through(sizes: list[float], state: State | None = None, first: int = 0, **more) -> tuple[State, list[Decision]]:
    """One run a window, each with the state of the one before, as JSON between them."""
    state, found = state or State(VERSION), []
    for place, size in enumerate(sizes, start=first):
        state, decision = decide(state, [window(place, size, **more)], SETTINGS)
        state = parse_state(json.loads(json.dumps(state.as_json())), "test")
        found.append(decision)
    return state, found


def asked(decisions: list[Decision]) -> list[int]:
    return [place for place, decision in enumerate(decisions) if decision.retrain]


def test_a_single_window_is_watched_and_two_of_three_are_drift() -> None:
    _, found = through([0, 2, 0, 0, 2, 0, 2])
    assert [decision.verdict for decision in found] == ["ok", "watch", "watch", "watch", "watch", "watch", "drifted"]
    assert asked(found) == [6]
    assert found[6].reason == (
        "Sustained since 2024-05: concept drift (bias) in 2 of 3 windows; retraining is asked for."
    )


def test_windows_in_opposite_directions_are_no_drift() -> None:
    state, _ = through([0, 2], direction=1)
    state, decision = decide(state, [window(2, 2, direction=-1)], SETTINGS)
    assert (decision.verdict, decision.retrain) == ("watch", False)
    _, decision = decide(state, [window(3, 2, direction=-1)], SETTINGS)
    assert decision.retrain


def test_drift_that_lasts_is_asked_about_once_and_again_only_after_it_was_gone() -> None:
    _, found = through([2] * 8 + [0, 0, 0] + [2, 2])
    assert asked(found) == [1, 12]
    assert [decision.verdict for decision in found[7:11]] == ["drifted", "drifted", "watch", "ok"]
    assert len({found[1].request.id, found[12].request.id}) == 2  # type: ignore[union-attr]


def test_the_cool_down_outlives_a_change_of_model() -> None:
    state, found = through([2, 2])
    assert asked(found) == [1]
    _, after = through([2] * 6, state.of_model("ffffffffffffffff"), first=2)
    assert after[1].verdict == "drifted" and "waits for the cool-down" in after[1].reason
    assert asked(after) == [4]  # asked with 2024-02, and cool-down for the four windows after that


def test_a_broken_feed_blocks_retraining_pages_once_and_its_window_does_not_count() -> None:
    state, _ = through([2])
    state, decision = decide(state, [feed(1, whole=False), window(1, 2)], SETTINGS)
    assert (decision.verdict, decision.retrain, decision.page) == ("broken-feed", False, True)
    state, decision = decide(state, [feed(2, whole=False), window(2, 2)], SETTINGS)
    assert (decision.verdict, decision.retrain, decision.page) == ("broken-feed", False, False)
    # Late labels of a window whose feed was broken count as little.
    state, decision = decide(state, [feed(3)], SETTINGS)
    assert (decision.verdict, decision.retrain) == ("watch", False)
    _, decision = decide(state, [feed(4), window(4, 2)], SETTINGS)
    assert (decision.verdict, decision.retrain) == ("drifted", True)


def test_drift_that_began_before_the_feed_broke_is_asked_about_when_it_is_whole_again() -> None:
    state, _ = through([2])
    state, decision = decide(state, [window(1, 2), feed(1), feed(2, whole=False)], SETTINGS)
    assert (decision.verdict, decision.retrain, decision.page) == ("broken-feed", False, True)
    assert "Retraining waits" in decision.reason
    _, decision = decide(state, [feed(3)], SETTINGS)
    assert (decision.verdict, decision.retrain) == ("drifted", True)


def test_only_deciding_kinds_ask() -> None:
    _, found = through([3] * 5, kind="data_drift", group="inputs")
    assert {decision.verdict for decision in found} == {"watch"} and not asked(found)


def test_what_is_large_but_not_unusual_does_not_count() -> None:
    signal = Signal("data_drift", "month_of_year", NAMES[0], 15.0, 0.4)
    _, decision = decide(State(VERSION), [Judged(NAMES[0], "inputs", (signal,), 500)], SETTINGS)
    assert decision.verdict == "ok" and not decision.signals[0].breached


def test_many_columns_need_a_smaller_p_value_each() -> None:
    def signals(number: int) -> tuple[Signal, ...]:
        return tuple(Signal("data_drift", f"c{n}", NAMES[0], 1.0, 0.004) for n in range(number))

    for number, verdict in ((1, "watch"), (40, "ok")):
        _, decision = decide(State(VERSION), [Judged(NAMES[0], "inputs", signals(number), 500)], SETTINGS)
        assert decision.verdict == verdict


def test_too_few_rows_are_told_and_later_windows_go_on() -> None:
    state, decision = decide(State(VERSION), [Judged(NAMES[0], "labels", (), 12, enough=False)], SETTINGS)
    assert decision.verdict == "too-little-data" and "12 rows for labels of 2024-01" in decision.reason
    _, decision = decide(state, [window(1, 0)], SETTINGS)
    assert decision.verdict == "ok"


@given(
    sizes=st.lists(st.sampled_from([0.0, 0.5, 1.0, 3.0]), min_size=1, max_size=25),
    cuts=st.lists(st.integers(0, 24)),
    again=st.lists(st.integers(0, 24), max_size=10),
    order=st.randoms(use_true_random=False),
)
@settings(max_examples=60, deadline=None)
def test_however_the_windows_are_cut_into_runs_shuffled_and_repeated_the_state_is_the_same(
    sizes: list[float], cuts: list[int], again: list[int], order
) -> None:
    one_by_one, decisions = through(sizes)
    windows = [window(place, size) for place, size in enumerate(sizes)]
    state, number = State(VERSION), 0
    for place in range(len(windows)):
        new = [windows[place]]
        if place in again:
            new += windows[: place + 1]
        order.shuffle(new)
        state, decision = decide(state, new, SETTINGS)
        number += decision.retrain
        same, repeated = decide(state, new, SETTINGS)
        assert same == state and not repeated.retrain and repeated.verdict == decision.verdict
    assert state == one_by_one
    assert number == len(asked(decisions))
    # In one run: what was sustained in between and is gone again asks for nothing, all else is as before.
    at_once, _ = decide(State(VERSION), windows, SETTINGS)
    assert at_once.tracks == one_by_one.tracks and at_once.judged == one_by_one.judged


@pytest.mark.parametrize("value", [None, [], {}, {"format_version": 2}, {"format_version": 1, "tracks": 3}])
def test_a_damaged_state_is_told(value) -> None:
    with pytest.raises(UserError, match="no state of the monitor"):
        parse_state(value, "state.json")


def test_no_state_is_a_new_one_and_no_json_is_told(tmp_path) -> None:
    assert read_state(tmp_path, VERSION) == State(VERSION)
    (tmp_path / "state.json").write_text("{")
    with pytest.raises(UserError, match="not JSON"):
        read_state(tmp_path, VERSION)


@pytest.mark.parametrize(
    "wrong",
    [
        {"sustained": (3, 2)},
        {"alpha": 0.0},
        {"minimum_rows": 1},
        {"thresholds": {"concept_drift": 0.0}},
        {"deciding": ("data_quality",)},
        {"period": "year"},
        {"label_delay": -1},
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong) -> None:
    with pytest.raises(UserError, match=next(iter(wrong))):
        MonitoringSettings(**wrong)


def test_shorter_windows_have_to_show_it_more_often() -> None:
    found = {period: MonitoringSettings(period=period) for period in ("month", "week", "day")}
    assert [each.sustained for each in found.values()] == [(2, 3), (6, 9), (14, 21)]
    assert [each.cool_down for each in found.values()] == [3, 13, 91]
    told = MonitoringSettings(period="day", sustained=(2, 3), cool_down=0, clear_after=1, late_windows=0)
    assert (told.sustained, told.cool_down, told.clear_after, told.late_windows) == ((2, 3), 0, 1, 0)
