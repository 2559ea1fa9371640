"""Statistics of signals, windows, performance and what is written for alarms."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from google.protobuf.json_format import Parse
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from scipy import stats
from watched import VERSION, answered, baseline, visits

from govml_pipeline.errors import UserError
from govml_pipeline.evaluation.report import task_of
from govml_pipeline.monitoring.deciding.decision import decide
from govml_pipeline.monitoring.deciding.state import State
from govml_pipeline.monitoring.judging import windows
from govml_pipeline.monitoring.judging.attributions import attribution_signal, disorder
from govml_pipeline.monitoring.judging.group_bias import bias_signals
from govml_pipeline.monitoring.judging.joint_drift import joint_signal, sampled, usual_gini
from govml_pipeline.monitoring.judging.judged import Judged
from govml_pipeline.monitoring.judging.performance import performance, performance_signals
from govml_pipeline.monitoring.judging.signals import Signal, correct, unusual
from govml_pipeline.monitoring.report.emission import emf_lines, otlp_lines

SINGAPORE_MIDNIGHT = datetime(2024, 1, 31, 16, 0, tzinfo=UTC)


def test_corrections_by_hand_and_against_scipy() -> None:
    assert correct([0.01, 0.04, 0.03, 0.005], "holm") == pytest.approx([0.03, 0.06, 0.06, 0.02])
    values = [0.3, 0.01, 0.02, 0.5]
    assert correct(values, "benjamini-hochberg") == pytest.approx(list(stats.false_discovery_control(values)))
    assert correct(values, "none") == values and correct([], "holm") == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_corrected_values_are_larger_in_the_same_order_and_holm_is_the_stricter(values: list[float]) -> None:
    holm, bh = correct(values, "holm"), correct(values, "benjamini-hochberg")
    for given_, strict, mild in zip(values, holm, bh, strict=True):
        assert given_ <= mild * (1 + 1e-12) and mild <= strict * (1 + 1e-12) <= 1 + 1e-9
    assert np.argsort(values, kind="stable").tolist() == sorted(range(len(values)), key=lambda i: (values[i], i))


def test_of_ordinary_months_one_in_a_hundred_is_unusual_at_the_level_of_one_percent() -> None:
    rng = np.random.default_rng(4)
    for two_sided in (False, True):
        found = [unusual(draw[0], draw[1:].tolist(), two_sided=two_sided) for draw in rng.normal(5, 2, (4000, 13))]
        assert 0.006 < np.mean([p_value <= 0.01 for p_value in found]) < 0.014


def test_unusual_at_its_edges() -> None:
    assert unusual(9.0, [1.0, 2.0]) is None
    assert unusual(3.0, [3.0] * 5) == 1.0 and unusual(4.0, [3.0] * 5) == 0.0
    assert unusual(2.0, [3.0] * 5) == 1.0 and unusual(2.0, [3.0] * 5, two_sided=True) == 0.0
    usual = [1.0, 2.0, 3.0, 2.0]
    assert unusual(5.0, usual) < unusual(5.0, usual, error=2.0)  # type: ignore[operator]


def rows_at(*times: datetime | None) -> pl.DataFrame:
    return pl.DataFrame({"time": times}, schema={"time": pl.Datetime("us", "UTC")})


def test_windows_are_of_singapore_and_of_event_time() -> None:
    now = SINGAPORE_MIDNIGHT + timedelta(hours=5)
    found = windows.assign(
        rows_at(SINGAPORE_MIDNIGHT - timedelta(seconds=1), SINGAPORE_MIDNIGHT, None, now + timedelta(hours=1)),
        "month",
        now=now,
        skew=timedelta(minutes=10),
    )
    assert found.rows["window"].to_list() == ["2024-01", "2024-02"]
    assert (found.ahead, found.undated) == ({"": 1}, 1)
    assert windows.current(SINGAPORE_MIDNIGHT, "month") == "2024-02"
    assert windows.current(SINGAPORE_MIDNIGHT, "day") == "2024-02-01"
    assert windows.current(SINGAPORE_MIDNIGHT, "week") == "2024-01-29"  # a Monday


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.sampled_from(["day", "week", "month"]))
def test_windows_follow_each_other_and_sort_by_time(day, period) -> None:
    moment = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    name = windows.current(moment, period)
    following = windows.after(name, period)
    assert name < following and windows.after(following, period, -1) == name
    assert windows.between(name, windows.after(name, period, 3), period)[1] == following
    assert windows.assign(rows_at(moment), period, now=moment, skew=timedelta(0)).rows["window"].to_list() == [name]


def test_a_name_that_is_no_window_is_told() -> None:
    with pytest.raises(UserError, match="no month"):
        windows.start("2024-13", "month")


def test_performance_by_window_and_segment_with_intervals() -> None:
    use_case = visits()
    parts = [answered("2024-01", 400), answered("2024-02", 300, error=0.1)]
    rows = pl.concat(parts).with_columns(pl.col("month").alias("window"))
    found = performance(rows, task_of(use_case), ("office",), 40)
    for month, part in zip(("2024-01", "2024-02"), parts, strict=True):
        error = (part["prediction"] / part["cost"] - 1).to_numpy() * 100
        assert found[month]["bias"] == pytest.approx(error.mean())
        low, high = found[month]["intervals"]["bias"]
        assert low < error.mean() < high
        assert (high - low) / (2 * 1.96) == pytest.approx(error.std() / len(error) ** 0.5, rel=0.35)
        assert sum(entry["n"] for entry in found[month]["segments"]["office"].values()) == part.height
    # The order of the rows does not matter, and small segments are left out.
    assert performance(rows.sample(fraction=1, shuffle=True, seed=3), task_of(use_case), ("office",), 40) == found
    assert performance(rows, task_of(use_case), ("office",), 1000)["2024-01"]["segments"] == {"office": {}}


def test_a_bias_is_told_in_shares_of_the_usual_error_and_only_worse_errors_count() -> None:
    use_case = visits()
    base = baseline(use_case).performance
    rows = answered("2024-01", 400, error=-0.02).with_columns(pl.col("month").alias("window"))
    now = performance(rows, task_of(use_case), (), 1)["2024-01"]
    signals = {signal.name: signal for signal in performance_signals("2024-01", now, base, "regression")}
    mape = np.mean([entry["mape"] for entry in base.values()])
    bias = np.mean([entry["bias"] for entry in base.values()])
    assert signals["bias"].value == pytest.approx(abs(now["bias"] - bias) / mape)
    assert signals["bias"].direction == -1 and signals["bias"].p_value < 0.001  # type: ignore[operator]
    better = answered("2024-01", 400, spread=1.0).with_columns(pl.col("month").alias("window"))
    now = performance(better, task_of(use_case), (), 1)["2024-01"]
    (mape_signal,) = [s for s in performance_signals("2024-01", now, base, "regression") if s.name == "mape"]
    assert mape_signal.value == 0.0


def test_attributions_in_another_order() -> None:
    before = {"a": 0.6, "b": 0.3, "c": 0.1}
    assert disorder(before, {"a": 0.5, "b": 0.4, "c": 0.1}) == 0.0
    assert disorder(before, {"a": 0.1, "b": 0.3, "c": 0.6}) > 0.1
    months_ = {str(n): before for n in range(5)}
    signal = attribution_signal("2024-01", {"a": 0.1, "b": 0.3, "c": 0.6}, months_, 300)
    assert signal is not None and signal.p_value == 0.0 and "most changed is" in signal.says
    assert attribution_signal("2024-01", before, {}, 300) is None


def test_bias_of_groups_grows_relative_for_numbers_and_in_points_for_decisions() -> None:
    usual = {str(n): {"office": 1.5 + n / 100} for n in range(5)}
    (number,) = bias_signals("2024-01", {"office": 3.04}, usual, "regression", 300)
    assert number.value == pytest.approx(1.0) and number.p_value < 0.001  # type: ignore[operator]
    (decision,) = bias_signals("2024-01", {"office": 1.62}, usual, "classification", 300)
    assert decision.value == pytest.approx(0.1)
    assert bias_signals("2024-01", {"elsewhere": 3.0}, usual, "regression", 300) == ()


def test_inputs_that_go_together_in_a_new_way_are_told_though_each_looks_as_before() -> None:
    rows = pl.concat([answered(f"2023-{month:02d}", 150) for month in range(1, 5)])
    rows = rows.with_columns(pl.col("month").alias("window"))
    kinds: dict = {"pages": "number", "way": "number", "office": "category"}
    kept = sampled(rows, kinds)
    usual = usual_gini(kept, kinds)
    assert len(usual) == 4 and max(usual) < 0.2
    same = joint_signal("2024-01", answered("2024-01", 300), kept, usual, kinds)
    # The same values of each column, but long ways now go with many pages.
    part = answered("2024-01", 300)
    tied = part.with_columns(part["pages"].sort(), part["way"].sort())
    other = joint_signal("2024-01", tied, kept, usual, kinds)
    assert same is not None and other is not None
    assert same.value < 0.2
    assert other.value > 0.4 and other.p_value < 0.001  # type: ignore[operator]
    assert joint_signal("2024-01", part.head(9), kept, usual, kinds) is None


def test_figures_for_alarms() -> None:
    signal = Signal("data_quality", "no rows", "2024-02", 1.0)
    _, decision = decide(State(VERSION), [Judged("2024-02", "feed", (signal,), 0)], visits().monitoring)
    lines = [
        json.loads(line) for line in emf_lines("visits", "agency-visits", VERSION, decision, now=SINGAPORE_MIDNIGHT)
    ]
    directive = lines[0]["_aws"]["CloudWatchMetrics"][0]
    assert (directive["Namespace"], directive["Dimensions"]) == ("GovML/Monitoring", [["Endpoint"]])
    assert {metric["Name"] for metric in directive["Metrics"]} <= set(lines[0])
    assert (lines[0]["BrokenFeed"], lines[0]["Page"], lines[0]["RetrainingRequested"]) == (1.0, 1.0, 0.0)
    assert lines[1]["ChangeOverLimit"] == 20.0
    gauges = {}
    for line in otlp_lines('vis"its', "agency", VERSION, decision, now=SINGAPORE_MIDNIGHT):
        Parse(line, ExportMetricsServiceRequest())
        [told] = json.loads(line)["resourceMetrics"]
        [metric] = told["scopeMetrics"][0]["metrics"]
        [point] = metric["gauge"]["dataPoints"]
        labels = {item["key"]: item["value"]["stringValue"] for item in point["attributes"]}
        assert labels.pop("govml.model.version") == VERSION
        gauges[metric["name"].removeprefix("govml.monitoring."), *labels.values()] = point["asDouble"]
    assert gauges["verdict", "broken-feed"] == 1 and gauges["verdict", "ok"] == 0
    assert gauges["page",] == 1 and gauges["retraining_requested",] == 0
    assert gauges["run_timestamp_seconds",] == SINGAPORE_MIDNIGHT.timestamp()
    assert 20.0 in [value for key, value in gauges.items() if key[0] == "change_over_limit"]
