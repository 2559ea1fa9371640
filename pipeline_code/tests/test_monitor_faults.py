"""What goes wrong with what comes in: every case ends in a defined state, once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from watched import COLUMNS, SETTINGS, VERSION, answered, baseline, captured, labels_of, line, months, visits

from govml_pipeline.errors import UserError
from govml_pipeline.monitoring.deciding.decision import Decision, decide
from govml_pipeline.monitoring.deciding.state import State
from govml_pipeline.monitoring.intake.arriving import from_rows
from govml_pipeline.monitoring.intake.capture import parse_capture, read_capture
from govml_pipeline.monitoring.intake.labels import join_labels
from govml_pipeline.monitoring.intake.telling import with_truths
from govml_pipeline.monitoring.judging import windows
from govml_pipeline.monitoring.judging.watching import Arrived, watch
from govml_pipeline.monitoring.settings import MonitoringSettings

USE_CASE = visits()
BASELINE = baseline(USE_CASE)
INPUTS = USE_CASE.contract.inputs.names
MONTH = answered("2024-01", 60)
LATER = 2030 * 12


def parse(*files: bytes):
    return parse_capture([(each, None) for each in files], USE_CASE.contract, COLUMNS, this_month=LATER)


def joined(rows: pl.DataFrame, labels: pl.DataFrame):
    return join_labels(rows, labels, USE_CASE.contract, by_key=False)


def look(
    rows: pl.DataFrame, now: datetime, state: State | None = None, *, labels: pl.DataFrame | None = None, **more
) -> tuple[State, Decision]:
    """Capture, labels and decision of one run."""
    use_case = visits(more.pop("settings", SETTINGS))
    captured_rows = parse(*more.pop("files", [captured(rows, use_case)]))
    found = captured_rows.rows if labels is None else joined(captured_rows.rows, labels).rows
    arrived = Arrived(found, captured_rows.raw, captured_rows.times, captured_rows.undated, captured_rows.counts)
    before = state or State(VERSION)
    return decide(before, watch(arrived, use_case, BASELINE, before, now=now).judged, use_case.monitoring)


def day(month: str, number: int = 3) -> datetime:
    return datetime(int(month[:4]), int(month[5:]), number, tzinfo=UTC)


@given(cut=st.integers(0, 10**6), noise=st.lists(st.binary(max_size=30).filter(lambda b: b"\n" not in b), max_size=4))
@settings(max_examples=20, deadline=None)
def test_partial_files_and_broken_lines_lose_nothing_but_themselves(cut: int, noise: list[bytes]) -> None:
    lines = captured(MONTH.head(6), USE_CASE).splitlines(keepends=True)
    broken = [piece for piece in noise if piece.strip()]
    whole = b"".join([*lines[:3], *(piece + b"\n" for piece in broken), *lines[3:5]])
    place = 1 + cut % (len(lines[5]) - 2)  # in the middle of the last line
    found = parse(whole + lines[5][:place])
    assert found.rows["inference_id"].to_list() == MONTH["inference_id"].head(5).to_list()
    assert (found.counts["broken"], found.counts["cut"]) == (len(broken), 1)
    assert parse(whole + lines[5][:place], lines[5]).rows.height == 6


def test_folders_of_days_that_were_judged_are_passed_over(tmp_path) -> None:
    for place, folder in enumerate(("2024/01/30/23", "2024/01/31/00", "2024/02/01/05", "elsewhere")):
        (tmp_path / "live" / folder).mkdir(parents=True)
        (tmp_path / "live" / folder / "1.jsonl").write_bytes(captured(MONTH[place : place + 1], USE_CASE))
    found = read_capture(tmp_path, USE_CASE.contract, COLUMNS, this_month=LATER, since=date(2024, 2, 1))
    assert found.counts["files"] == 3
    state = State(VERSION, judged={"feed": "2024-02", "inputs": "2024-02", "labels": "2024-01"})
    assert state.since(replace(SETTINGS, late_windows=0)) == date(2024, 2, 1)
    assert state.since(SETTINGS) == date(2023, 11, 1)
    assert State(VERSION).since(SETTINGS) is None


@given(order=st.permutations(range(8)), again=st.lists(st.integers(0, 7), max_size=6))
@settings(max_examples=15, deadline=None)
def test_repeated_and_reordered_events_give_the_same_rows(order: list[int], again: list[int]) -> None:
    lines = captured(MONTH.head(8), USE_CASE).splitlines(keepends=True)
    found = parse(b"".join(lines[place] for place in [*order, *again]))
    assert found.rows.equals(parse(b"".join(lines)).rows)
    assert found.counts["repeated"] == len(again)


def test_bodies_that_cannot_be_read_are_counted() -> None:
    row = MONTH.row(0, named=True)
    good = json.loads(line(row, INPUTS))

    def changed(part: str, **changes) -> bytes:
        event = json.loads(json.dumps(good))
        event["captureData"][part] |= changes
        event["eventMetadata"]["eventId"] = repr(changes)
        return json.dumps(event).encode() + b"\n"

    found = parse(
        changed("endpointInput", data="{"),
        changed("endpointInput", data="%%%", encoding="BASE64"),
        changed("endpointInput", data=None),
        changed("endpointOutput", data=json.dumps({"predictions": [1.0, 2.0]})),
        changed("endpointOutput", data=json.dumps({"error": "no"})),
        changed("endpointInput", data="a,b\n1,2", observedContentType="text/csv"),
    )
    assert (found.counts["unreadable"], found.counts["mismatched"], found.rows.height) == (5, 1, 0)
    assert len(found.times) == 6


def test_csv_and_base64_say_the_same_as_json() -> None:
    import base64

    row = MONTH.row(0, named=True)
    event = json.loads(line(row, INPUTS))
    text = ",".join(INPUTS) + "\n" + ",".join(str(row[name]) for name in INPUTS) + "\n"
    data = base64.b64encode(text.encode()).decode()
    event["captureData"]["endpointInput"] = {"observedContentType": "text/csv", "data": data, "encoding": "BASE64"}
    event["captureData"]["endpointOutput"] = {"observedContentType": "text/csv", "data": f"{row['prediction']}\n"}
    found = parse(json.dumps(event).encode() + b"\n")
    assert found.rows.drop("model_version").equals(parse(captured(MONTH.head(1), USE_CASE)).rows.drop("model_version"))


@given(
    kept=st.lists(st.booleans(), min_size=60, max_size=60),
    again=st.lists(st.integers(0, 59), max_size=20),
    order=st.randoms(use_true_random=False),
)
@settings(max_examples=15, deadline=None)
def test_missing_repeated_and_reordered_labels(kept: list[bool], again: list[int], order) -> None:
    rows = parse(captured(MONTH, USE_CASE)).rows
    labels = labels_of(MONTH).filter(pl.Series(kept))
    extra = labels_of(MONTH)[again].filter(pl.col("inference_id").is_in(labels["inference_id"].to_list()))
    delivered = pl.concat([labels, extra])
    place = list(range(delivered.height))
    order.shuffle(place)
    found = joined(rows, delivered[place])
    assert found.rows["inference_id"].to_list() == rows["inference_id"].to_list()
    expected = rows.join(labels, on="inference_id", how="left", maintain_order="left")["cost"]
    assert found.rows["cost"].equals(expected, null_equal=True)
    assert found.counts["repeated"] == extra.height
    assert found.counts["contradictory"] == found.counts["unmatched"] == 0


def test_corrections_and_contradictions_in_any_order() -> None:
    rows = parse(captured(MONTH.head(3), USE_CASE)).rows
    ids = rows["inference_id"].to_list()
    labels = pl.DataFrame(
        {
            "inference_id": [ids[0], ids[0], ids[1], ids[1], "stranger"],
            "cost": [1.0, 2.0, 3.0, 4.0, 5.0],
            "labelled_at": [day("2024-02", 1), day("2024-02", 2), day("2024-02"), day("2024-02"), day("2024-02")],
        }
    )
    for turned in (labels, labels.reverse()):
        found = joined(rows, turned)
        assert found.rows["cost"].to_list() == [2.0, None, None]
        assert (found.counts["corrected"], found.counts["contradictory"], found.counts["unmatched"]) == (1, 1, 1)


def test_labels_by_key_of_several_records_are_several_truths() -> None:
    rows = parse(captured(MONTH.head(2), USE_CASE)).rows
    sold = MONTH.head(2).select(*USE_CASE.contract.names)
    twice = pl.concat([sold.head(1).with_columns(cost=pl.lit(7.0)), sold.head(1)])
    found = join_labels(rows, twice, USE_CASE.contract, by_key=True)
    assert sorted(found.rows["cost"].to_list(), key=str) == sorted([7.0, sold["cost"][0], None], key=str)


def test_labels_without_their_column_are_told() -> None:
    with pytest.raises(UserError, match="no column 'cost'"):
        joined(parse(captured(MONTH, USE_CASE)).rows, pl.DataFrame({"inference_id": ["a"]}))


def test_late_labels_hold_up_their_window_until_they_are_due_and_no_longer() -> None:
    first, second = answered("2024-01"), answered("2024-02")
    rows = pl.concat([first, second])
    labels = labels_of(first).head(120)
    state, _ = look(rows, day("2024-03"), labels=labels)  # due with the end of March: a month after its own
    assert state.judged == {"feed": "2024-02", "inputs": "2024-02", "labels": "2024-01"}
    early, _ = look(rows, day("2024-02"), labels=labels)
    assert "labels" not in early.judged
    # Without any late windows, what comes after a window was judged changes nothing.
    closed = replace(SETTINGS, late_windows=0)
    state, _ = look(rows, day("2024-03"), labels=labels, settings=closed)
    again, decision = look(rows, day("2024-03"), state, labels=labels_of(first), settings=closed)
    assert again == state and not decision.signals


def test_a_window_with_too_few_labels_is_given_up_when_they_are_due() -> None:
    rows = pl.concat([answered("2024-01"), answered("2024-02")])
    state, decision = look(rows, day("2024-03"), labels=labels_of(rows).head(60))
    assert state.judged["labels"] == "2024-01" and not any(key.startswith("concept") for key in state.tracks)
    assert "60 rows for labels of 2024-01" in decision.reason


def test_a_feed_that_stops_pages_once_and_asks_for_no_training() -> None:
    months_ = months("2024-01", 2)
    rows = pl.concat([answered(month, error=-0.3) for month in months_])
    state, _ = look(answered(months_[0], error=-0.3), day("2024-02"), labels=labels_of(rows))
    state, decision = look(rows, day("2024-04"), state, labels=labels_of(rows))
    assert (decision.verdict, decision.page, decision.retrain) == ("broken-feed", True, False)
    assert "no rows" in decision.reason and "Retraining waits" in decision.reason
    state, decision = look(rows, day("2024-05"), state, labels=labels_of(rows))
    assert (decision.verdict, decision.page, decision.retrain) == ("broken-feed", False, False)
    rows = pl.concat([rows, answered("2024-05", error=-0.3)])
    state, decision = look(rows, day("2024-06"), state, labels=labels_of(rows))
    assert (decision.verdict, decision.retrain) == ("drifted", True)


def test_no_rows_at_all_is_too_little_data() -> None:
    state, decision = look(MONTH.clear(), day("2024-03"))
    assert (decision.verdict, decision.retrain, decision.page) == ("too-little-data", False, False)
    assert state.tracks == {} and state.judged == {}


def test_a_few_rows_are_too_little_data_and_no_broken_feed() -> None:
    _, decision = look(MONTH.head(9), day("2024-02"))
    assert (decision.verdict, decision.page) == ("too-little-data", False)


def test_a_new_category_is_seen_and_named() -> None:
    rows = answered("2024-01").with_columns(office=pl.when(pl.int_range(pl.len()) % 4 == 0).then(pl.lit("NORTH"))
                                            .otherwise("office"))  # fmt: skip
    _, decision = look(rows, day("2024-02"))
    (signal,) = [ruled for ruled in decision.signals if ruled.breached]
    assert (decision.verdict, signal.signal.key) == ("watch", "data_drift:office")
    assert "25.0% of the rows in 1 new categories" in signal.signal.says


def test_rows_that_break_the_contract_break_the_feed() -> None:
    rows = answered("2024-01").with_columns(
        pages=pl.when(pl.int_range(pl.len()) % 5 == 0).then(9999).otherwise("pages")
    )
    _, decision = look(rows, day("2024-02"))
    assert (decision.verdict, decision.page) == ("broken-feed", True)
    assert "contract" in decision.reason


def test_values_that_go_missing_break_the_feed() -> None:
    rows = answered("2024-01").with_columns(way=pl.when(pl.int_range(pl.len()) % 4 == 0).then(None).otherwise("way"))
    _, decision = look(rows, day("2024-02"))
    assert decision.verdict == "broken-feed" and "missing way" in decision.reason


def test_a_clock_that_is_a_little_ahead_is_now_and_one_far_ahead_breaks_the_feed() -> None:
    now = day("2024-02")
    rows = answered("2024-01")
    fast = rows.with_columns(time=pl.lit(now + timedelta(minutes=5)))
    state, decision = look(pl.concat([rows, fast.with_columns(inference_id=pl.col("inference_id") + "x")]), now)
    assert decision.verdict == "ok" and state.judged["inputs"] == "2024-01"
    wrong = rows.with_columns(
        time=pl.when(pl.int_range(pl.len()) % 2 == 0).then(pl.lit(now + timedelta(days=900))).otherwise("time")
    )
    _, decision = look(wrong, now)
    assert decision.verdict == "broken-feed" and "clock" in decision.reason


def test_a_clock_that_was_never_set_leaves_no_empty_windows_behind_it() -> None:
    rows = pl.concat([answered("2024-01", 60), answered("1970-01", 1), answered("1999-05", 2)])
    found = parse(captured(rows, USE_CASE))
    state = State(VERSION)
    watched = watch(Arrived(found.rows, found.raw, found.times), USE_CASE, BASELINE, state, now=day("2024-02"))
    assert {each.window for each in watched.judged} == {"2024-01"}
    assert watched.counts["before_baseline"] == 3
    weekly = visits(replace(SETTINGS, period="week", sustained=(2, 3)))
    looked = watch(Arrived(found.rows, found.raw, found.times), weekly, BASELINE, state, now=day("2024-02"))
    assert min(each.window for each in looked.judged) == "2024-01-01"
    assert windows.first_of("2023-01", "week") == "2022-12-26"  # the week that the month begins in


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("prediction", [1.0]),
        ("office", ["EAST"]),
        ("office", timedelta(1)),
        ("cost", [1.0]),
        ("model_version", [VERSION]),
    ],
)
def test_rows_of_a_batch_in_odd_types_are_refused_by_column(tmp_path, column: str, values: object) -> None:
    answered("2024-01").with_columns(pl.lit(values).alias(column)).write_parquet(tmp_path / "rows.parquet")
    with pytest.raises(UserError, match=f"column '{column}' is"):
        from_rows(tmp_path, USE_CASE, BASELINE, now=day("2024-02"))


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), float("-inf")])
def test_a_number_without_end_is_no_answer_and_no_label(tmp_path, odd: float) -> None:
    rows, first = answered("2024-01"), pl.int_range(pl.len()) == 0
    answers, truths = (
        frame.with_columns(pl.when(first).then(odd).otherwise(pl.col(name)).alias(name))
        for frame, name in ((rows.drop("cost"), "prediction"), (labels_of(rows), "cost"))
    )
    for name, frame in (("rows", answers), ("labels", truths)):
        (tmp_path / name).mkdir()
        frame.write_parquet(tmp_path / name / "x.parquet")
    came = from_rows(tmp_path / "rows", USE_CASE, BASELINE, now=day("2024-02"))
    told = with_truths(came, USE_CASE, labels=tmp_path / "labels", feedback=None, now=day("2024-02"))
    watched = watch(told, USE_CASE, BASELINE, State(VERSION), now=day("2024-02"))
    assert (came.rows.height, told.counts["labels_missing"]) == (199, 1)
    assert decide(State(VERSION), watched.judged, SETTINGS)[1].verdict == "ok"


@pytest.mark.parametrize(("column", "value"), [("cost", [1.0]), ("cost", b"\xff"), ("inference_id", ["a"])])
def test_labels_in_odd_types_are_refused_by_column(tmp_path, column: str, value: object) -> None:
    rows = answered("2024-01")
    labels_of(rows).with_columns(pl.lit(value).alias(column)).write_parquet(tmp_path / "x.parquet")
    with pytest.raises(UserError, match=f"labels: column '{column}' is"):
        with_truths(Arrived(rows, rows), USE_CASE, labels=tmp_path, feedback=None, now=day("2024-02"))


def test_the_same_window_twice_is_the_same_state_once() -> None:
    rows = pl.concat([answered(month, error=-0.3) for month in months("2024-01", 2)])
    state, decision = look(rows, day("2024-03"), labels=labels_of(rows))
    assert decision.retrain
    for now in (day("2024-03"), day("2024-03", 20)):
        again, repeated = look(rows, now, state, labels=labels_of(rows))
        assert again == state and not repeated.retrain
        assert repeated.request == decision.request


def test_small_and_daily_windows_do_not_look_drifted() -> None:
    daily = MonitoringSettings(period="day", minimum_rows=40, minimum_labels=40)
    rng = np.random.default_rng(3)
    drawn = answered("2024-01", 1500).with_columns(
        time=pl.Series([datetime(2024, 1, 1 + int(d), 4, tzinfo=UTC) for d in rng.integers(0, 30, 1500)]).cast(
            pl.Datetime("us", "UTC")
        )
    )
    state, decision = look(drawn, day("2024-02"), labels=labels_of(drawn), settings=daily)
    # Of some two hundred tests at one percent a few may err, but none in two of three days.
    often = {key: sum(seen.breached for seen in track) for key, track in state.tracks.items()}
    assert state.judged["labels"] == "2024-02-01"
    assert not decision.retrain
    assert all(times <= 1 for key, times in often.items() if key.startswith(("data_drift", "concept_drift")))
