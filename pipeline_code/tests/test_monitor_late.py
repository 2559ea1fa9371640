"""Labels, feedback and captures that come after their window was judged: it is judged again, and nothing is asked twice."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from watched import COLUMNS, SETTINGS, VERSION, answered, baseline, captured, labels_of, months, visits

from govml_pipeline.monitoring.deciding.decision import Decision, decide
from govml_pipeline.monitoring.deciding.state import State, parse_state
from govml_pipeline.monitoring.intake.capture import parse_capture
from govml_pipeline.monitoring.intake.labels import join_labels
from govml_pipeline.monitoring.judging.watching import Arrived, watch
from govml_pipeline.monitoring.settings import MonitoringSettings

USE_CASE = visits()
BASELINE = baseline(USE_CASE)
NAMES = months("2024-01", 4)
LATER = 2030 * 12


def day(month: str, number: int = 3) -> datetime:
    return datetime(int(month[:4]), int(month[5:]), number, tzinfo=UTC)


def look(
    state: State, now: datetime, files: list[bytes], labels: pl.DataFrame, given: MonitoringSettings = SETTINGS
) -> tuple[State, Decision]:
    """One run over what has come so far, with the state as JSON between runs."""
    use_case = visits(given)
    found = parse_capture([(each, None) for each in files], use_case.contract, COLUMNS, this_month=LATER)
    told = join_labels(found.rows, labels, use_case.contract, by_key=False).rows
    arrived = Arrived(found.rows, found.raw, found.times, found.undated, found.counts, told=told)
    state, decision = decide(state, watch(arrived, use_case, BASELINE, state, now=now).judged, given)
    return parse_state(json.loads(json.dumps(state.as_json())), "test"), decision


def concluded(state: State) -> tuple:
    """What a report says of the windows, whenever that became known."""
    return state.tracks, state.judged, state.broken, [replace(past, revised=0) for past in state.history]


def parts(*, error: float) -> tuple[list[bytes], list[pl.DataFrame]]:
    """Captured files and labels of four months, each in three parts."""
    files, labels = [], []
    for month in NAMES:
        rows = answered(month, 90, error=error)
        files += [captured(rows[place::3], USE_CASE) for place in range(3)]
        labels += [labels_of(rows[place::3]) for place in range(3)]
    return files, labels


LOOKS = [day(month) for month in ("2024-02", "2024-03", "2024-04", "2024-05", "2024-06", "2024-07")]


def delivered(files: list[tuple[int, bytes]], labels: list[tuple[int, pl.DataFrame]]) -> tuple[State, list[Decision]]:
    """Six looks; each file and each part of the labels is there from the look of its number on."""
    state, found = State(VERSION), []
    for number, now in enumerate(LOOKS):
        told = [part for place, part in labels if place <= number] or [labels_of(answered("2024-01")).clear()]
        state, decision = look(state, now, [file for place, file in files if place <= number], pl.concat(told))
        found.append(decision)
    return state, found


@cache
def in_time(error: float) -> tuple[list[bytes], list[pl.DataFrame], State, list[Decision]]:
    """The parts, and where it leads if each comes when it is due."""
    files, labels = parts(error=error)
    due = [place // 3 for place in range(12)]
    state, found = delivered(list(zip(due, files, strict=True)), list(zip(due, labels, strict=True)))
    return files, labels, state, found


@given(
    drifts=st.booleans(),
    labels_late=st.lists(st.integers(0, 3), min_size=12, max_size=12),
    files_late=st.lists(st.integers(0, 1), min_size=12, max_size=12),
    again=st.lists(st.integers(0, 11), max_size=3),
    order=st.randoms(use_true_random=False),
)
@settings(max_examples=8, deadline=None)
def test_the_order_of_arrival_leaves_no_trace_and_asks_at_most_once(
    drifts: bool, labels_late: list[int], files_late: list[int], again: list[int], order: random.Random
) -> None:
    files, labels, in_order, expected = in_time(-0.3 if drifts else 0.0)
    due = [place // 3 for place in range(12)]
    late_files = [(min(place + late, 5), file) for place, late, file in zip(due, files_late, files, strict=True)]
    late_labels = [(min(place + late, 5), part) for place, late, part in zip(due, labels_late, labels, strict=True)]
    late_files += [late_files[place] for place in again]
    late_labels += [late_labels[place] for place in again]
    order.shuffle(late_files)
    order.shuffle(late_labels)
    state, found = delivered(late_files, late_labels)
    assert concluded(state) == concluded(in_order)
    assert sum(decision.retrain for decision in expected) == drifts
    assert sum(decision.retrain for decision in found) <= drifts
    held_up = len({due[place] for place, late in enumerate(files_late) if late})
    assert sum(decision.page for decision in found) <= held_up + 1  # the feed stops after the fourth month


def test_late_labels_correct_the_history_and_may_show_a_drift_once() -> None:
    good, bad = answered("2024-01"), answered("2024-02", error=-0.3)
    files = [captured(pl.concat([good, bad]), USE_CASE)]
    early = pl.concat([labels_of(good), labels_of(bad).head(20)])
    once = replace(SETTINGS, sustained=(1, 1))
    state, decision = look(
        State(VERSION), day("2024-04"), [*files, captured(answered("2024-03"), USE_CASE)], early, once
    )
    assert (decision.verdict, decision.retrain) == ("ok", False) or decision.verdict == "too-little-data"
    assert [(past.window, past.enough) for past in state.history] == [("2024-01", True), ("2024-02", False)]
    all_labels = pl.concat([labels_of(good), labels_of(bad)])
    files.append(captured(answered("2024-03"), USE_CASE))
    state, decision = look(state, day("2024-04", 9), files, all_labels, once)
    assert (decision.verdict, decision.retrain, decision.revised) == ("drifted", True, ("2024-02",))
    assert [(past.enough, past.revised) for past in state.history] == [(True, 0), (True, 1)]
    after, decision = look(state, day("2024-04", 10), files, all_labels, once)
    assert after == state and (decision.retrain, decision.revised) == (False, ())
    corrected = all_labels.with_columns(pl.col("cost") * 1.01)
    after, decision = look(state, day("2024-04", 11), files, corrected, once)
    assert (decision.verdict, decision.retrain) == ("drifted", False)
    assert [past.revised for past in after.history] == [1, 2]


def test_a_captured_file_that_comes_late_mends_the_feed_without_a_second_call() -> None:
    first, second = (captured(answered(month), USE_CASE) for month in NAMES[:2])
    labels = labels_of(pl.concat([answered(month) for month in NAMES[:2]]))
    state, decision = look(State(VERSION), day("2024-02"), [first], labels)
    state, decision = look(state, day("2024-03"), [first], labels)
    assert (decision.verdict, decision.page, state.broken) == ("broken-feed", True, ("2024-02",))
    state, decision = look(state, day("2024-03", 4), [first, second], labels)
    assert (decision.verdict, decision.page, state.broken) == ("ok", False, ())
    assert {seen.window for seen in state.tracks["concept_drift:mape"]} == set(NAMES[:2])


def test_a_window_whose_captures_are_deleted_stays_as_it_was_judged() -> None:
    rows = [answered(month) for month in NAMES[:2]]
    labels = labels_of(pl.concat(rows))
    files = [captured(each, USE_CASE) for each in rows]
    state, _ = look(State(VERSION), day("2024-03"), files, labels)
    for left in (files[1:], [captured(rows[0].head(60), USE_CASE), files[1]]):
        after, decision = look(state, day("2024-03", 5), left, labels)
        assert (after, decision.revised, decision.verdict) == (state, (), "ok")


def test_what_is_remembered_does_not_grow() -> None:
    names = months("2024-01", 8)
    files, state, sizes = [], State(VERSION), []
    for place, month in enumerate(names):
        files.append(captured(answered(month, 60), USE_CASE))
        labels = labels_of(pl.concat([answered(each, 60) for each in names[: place + 1]]))
        state, _ = look(state, day(months("2024-02", 8)[place]), files, labels)
        sizes.append(max(len(known) for known in state.content.values()))
    assert sizes[3:] == [3] * 5
    assert state.since(SETTINGS) == datetime(2024, 6, 1).date()  # noqa: DTZ001  a day


def test_a_state_of_the_format_before_is_read() -> None:
    old = State(VERSION, judged={"feed": "2024-01"}).as_json() | {"format_version": 1}
    del old["content"], old["history"]
    assert parse_state(old, "test") == State(VERSION, judged={"feed": "2024-01"})


@pytest.mark.parametrize(("hour", "window"), [(datetime(2024, 1, 9, 3, tzinfo=UTC), "2024-01"), (None, "2024-02")])
def test_a_broken_line_counts_to_the_window_of_its_file(hour: datetime | None, window: str) -> None:
    rows = pl.concat([answered(month, 60) for month in NAMES[:2]])
    broken = b"{\n" * 20
    found = parse_capture(
        [(captured(rows, USE_CASE), None), (broken, hour)], USE_CASE.contract, COLUMNS, this_month=LATER
    )
    assert found.counts["broken"] == 20
    arrived = Arrived(found.rows, found.raw, found.times, found.undated, found.counts)
    watched = watch(arrived, USE_CASE, BASELINE, State(VERSION), now=day("2024-03") + timedelta(hours=1))
    unreadable = {each.window: s.value for each in watched.judged for s in each.signals if s.name == "unreadable"}
    assert unreadable.pop(window) == 0.25
    assert set(unreadable.values()) == {0.0}
