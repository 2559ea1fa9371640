"""What people say of answers: accepted, rejected, or what is true."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from watched import COLUMNS, SETTINGS, VERSION, answered, baseline, captured, visits

from govml_pipeline.monitoring.deciding.decision import decide
from govml_pipeline.monitoring.deciding.state import State
from govml_pipeline.monitoring.feedback.__main__ import main
from govml_pipeline.monitoring.feedback.lines import RefusedLine, parse_line
from govml_pipeline.monitoring.feedback.reading import ACCEPTED, read_feedback
from govml_pipeline.monitoring.intake.capture import parse_capture
from govml_pipeline.monitoring.intake.telling import with_truths
from govml_pipeline.monitoring.judging.watching import Arrived, watch
from govml_pipeline.monitoring.settings import MonitoringSettings

NOW = datetime(2024, 3, 5, tzinfo=UTC)
ROWS = answered("2024-01", 120)
WATCHED = replace(SETTINGS, accept_rate=0.9)


def arrived(given_settings: MonitoringSettings = SETTINGS) -> Arrived:
    use_case = visits(given_settings)
    found = parse_capture([(captured(ROWS, use_case), None)], use_case.contract, COLUMNS, this_month=2030 * 12)
    return Arrived(found.rows, found.raw, found.times, found.undated, found.counts)


def said(number: int, at: str = "2024-02-01T08:00:00+08:00", **more) -> dict:
    return {"inference_id": f"2024-01-{number}", "at": at, **more}


def write(folder: Path, *lines: dict | str, name: str = "a.jsonl") -> Path:
    folder.mkdir(exist_ok=True)
    text = "".join((each if isinstance(each, str) else json.dumps(each)) + "\n" for each in lines)
    (folder / name).write_text(text)
    return folder


def told(folder: Path, given_settings: MonitoringSettings = SETTINGS, labels: Path | None = None) -> Arrived:
    use_case = visits(given_settings)
    return with_truths(arrived(given_settings), use_case, labels=labels, feedback=folder, now=NOW)


def verdicts(found: Arrived) -> dict[str, bool]:
    known = found.rows.filter(pl.col(ACCEPTED).is_not_null())
    return dict(known.select("inference_id", ACCEPTED).iter_rows())


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "not JSON"),
        ("[1]", "not an object"),
        (said(1, verdict="maybe"), "neither accept nor reject"),
        (said(1, verdict=True), "neither accept nor reject"),
        (said(1), "neither verdict nor value"),
        (said(1, value="dear"), "no number"),
        (said(1, value=True), "no number"),
        (said(1, value=None), "no number"),
        ('{"inference_id": "2024-01-1", "at": "2024-02-01T08:00:00Z", "value": NaN}', "no finite number"),
        ('{"inference_id": "2024-01-1", "at": "2024-02-01T08:00:00Z", "value": 1e999}', "no finite number"),
        (said(1, verdict="accept", by="A. Person"), "a field that is not known"),
        (said(1, verdict="accept", row=-1), "row is no whole number"),
        (said(1, verdict="accept", row="0"), "row is no whole number"),
        (said(1, at="yesterday", verdict="accept"), "no time with a zone"),
        (said(1, at="2024-02-01T08:00:00", verdict="accept"), "no time with a zone"),
        (said(1, at="2031-02-01T08:00:00Z", verdict="accept"), "lies in the future"),
        ({"inference_id": "", "verdict": "accept", "at": "2024-02-01T08:00:00Z"}, "inference_id"),
        ({"inference_id": 7, "verdict": "accept", "at": "2024-02-01T08:00:00Z"}, "inference_id"),
        ({"inference_id": "x" * 65, "verdict": "accept", "at": "2024-02-01T08:00:00Z"}, "inference_id"),
        (said(1, verdict="accept" + " " * 5000), "longer than"),
    ],
)
def test_a_line_that_says_what_it_may_not_is_set_aside_with_its_reason(tmp_path: Path, line, why: str) -> None:
    found = told(write(tmp_path / "f", said(2, verdict="accept"), line))
    assert verdicts(found) == {"2024-01-2": True}
    (refused,) = found.refused
    assert (refused["file"], refused["line"]) == ("a.jsonl", 2) and why in refused["reason"]
    assert found.counts["feedback_refused"] == 1 and found.told is None


def test_a_class_is_a_text_and_a_use_case_without_target_has_no_true_value(tmp_path: Path) -> None:
    line = json.dumps(said(1, value=3)).encode()
    with pytest.raises(RefusedLine, match="no text"):
        parse_line(line, text=True, latest=NOW)
    found = read_feedback(write(tmp_path / "f", said(1, value=3)), "", pl.Float64, latest=NOW)
    assert found.refused[0]["reason"] == "the use case has no target, so there is no true value"


@given(order=st.permutations(range(7)), again=st.lists(st.integers(0, 6), max_size=4))
@settings(max_examples=15, deadline=None)
def test_repeated_late_contradicting_and_forged_lines_in_any_order(tmp_path_factory, order, again) -> None:
    lines = [
        said(1, verdict="reject"),
        said(1, "2024-02-02T08:00:00+08:00", verdict="accept"),  # changed their mind
        said(2, verdict="accept"),
        said(2, "2024-02-01T00:00:00Z", verdict="reject"),  # the same moment: nobody knows
        said(3, verdict="reject", value=50.0),
        {"inference_id": "forged", "verdict": "reject", "value": 1.0, "at": "2024-02-01T08:00:00Z"},
        said(4, value=77.0),
    ]
    found = told(write(tmp_path_factory.mktemp("f"), *(lines[place] for place in [*order, *again])))
    assert verdicts(found) == {"2024-01-1": True, "2024-01-3": False}
    assert (found.counts["feedback_contradictory"], found.counts["feedback_unmatched"]) == (1, 1)
    assert found.rows.height == ROWS.height
    assert found.told is not None
    values = found.told.filter(pl.col("cost").is_not_null()).select("inference_id", "cost").sort("inference_id")
    assert values.rows() == [("2024-01-3", 50.0), ("2024-01-4", 77.0)]
    assert found.counts["labels_unmatched"] == 1


def test_a_rejected_answer_is_never_a_label(tmp_path: Path) -> None:
    found = told(write(tmp_path / "f", *(said(number, verdict="reject") for number in range(120))))
    assert found.told is None and found.taught is None and "cost" not in found.rows.columns


def test_what_people_told_can_be_learnt_from(tmp_path: Path) -> None:
    lines = [said(3, verdict="reject", value=50.0), said(4, verdict="reject"), said(5, value=60.0)]
    found = told(write(tmp_path / "f", *lines))
    assert found.taught is not None and found.taught["cost"].to_list() == [50.0, 60.0]
    assert found.taught.select("pages").equals(ROWS[[3, 5]].select("pages"))


def test_the_door_checks_as_the_engine_does(tmp_path: Path, capsys) -> None:
    good = {"inference_id": "a", "verdict": "accept", "at": "2024-02-01T08:00:00+08:00"}
    folder = write(tmp_path / "f", good, name="good.jsonl")
    assert main(["--use-case", "hdb_resale", str(folder / "good.jsonl")]) == 0
    assert "1 lines, 0 refused" in capsys.readouterr().out
    write(folder, good, {**good, "by": "somebody"}, name="bad.jsonl")
    assert main(["--use-case", "hdb_resale", str(folder / "bad.jsonl")]) == 1
    assert "bad.jsonl:2: has a field that is not known" in capsys.readouterr().out
    assert main(["--use-case", "hdb_resale", str(folder / "none.jsonl")]) == 2


def test_the_record_counts_where_a_person_says_something_else(tmp_path: Path) -> None:
    by_key = replace(SETTINGS, join="key")
    labels = tmp_path / "labels"
    labels.mkdir()
    names = visits().contract.names
    ROWS.head(60).select(names).write_csv(labels / "visits.csv")
    lines = [said(number, value=1.5) for number in (0, 100)]
    found = told(write(tmp_path / "f", *lines), by_key, labels)
    assert found.told is not None
    known = dict(found.told.filter(pl.col("cost").is_not_null()).select("inference_id", "cost").iter_rows())
    assert len(known) == 61
    assert known["2024-01-0"] == ROWS["cost"][0] and known["2024-01-100"] == 1.5
    assert found.taught is not None and tuple(found.taught.columns) == names
    assert found.taught["cost"].to_list() == [1.5]


@pytest.mark.parametrize(("rejected", "verdict"), [(8, "ok"), (40, "watch")])
def test_fewer_accepted_answers_than_usual_are_a_signal(tmp_path: Path, rejected: int, verdict: str) -> None:
    lines = [said(number, verdict="reject" if number < rejected else "accept") for number in range(100)]
    found = told(write(tmp_path / "f", *lines), WATCHED)
    use_case = visits(WATCHED)
    state = State(VERSION)
    judged = watch(found, use_case, baseline(use_case), state, now=datetime(2024, 4, 5, tzinfo=UTC))
    state, decision = decide(state, [each for each in judged.judged if each.window == "2024-01"], WATCHED)
    assert decision.verdict == verdict and not decision.retrain
    said_of = judged.details["2024-01"]["labels"]["feedback"]
    assert (said_of["said"], said_of["accepted"]) == (100, 100 - rejected)
    low, high = said_of["interval"]
    assert low < said_of["rate"] < high and set(said_of["segments"]["office"]) == {"EAST", "WEST"}
    assert state.history[0].figures["accept_rate"] == said_of["rate"]
    names = {s.signal.name for s in decision.signals if s.signal.kind == "feedback_drift"}
    assert names == {"accept rate", "accept rate@office=EAST", "accept rate@office=WEST"}


def test_without_a_usual_share_what_people_say_is_reported_only(tmp_path: Path) -> None:
    found = told(write(tmp_path / "f", *(said(number, verdict="reject") for number in range(100))))
    use_case = visits()
    judged = watch(found, use_case, baseline(use_case), State(VERSION), now=datetime(2024, 4, 5, tzinfo=UTC))
    assert judged.details["2024-01"]["labels"]["feedback"]["accepted"] == 0
    assert not [s for each in judged.judged for s in each.signals if s.kind == "feedback_drift"]
