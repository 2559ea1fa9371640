"""Alarms of the local account: their own metric, their own periods, m of n, and what missing data mean."""

from __future__ import annotations

from typing import Any

import pytest

from govml.errors import UserError
from govml.local.alarms.band import usual
from govml.local.alarms.definition import read_alarm
from govml.local.alarms.evaluation import judge
from govml.local.alarms.expression import evaluate
from govml.local.alarms.samples import Sample, statistic

NOW = 1_000_000.0


def judged(alarm: dict[str, Any], points: list[tuple[float, float]]) -> str | None:
    """State of an alarm on an average above 0.5 a minute; points are (seconds ago, value)."""
    base = {
        "Namespace": "N",
        "MetricName": "M",
        "Statistic": "Average",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 0.5,
        "ComparisonOperator": "GreaterThanThreshold",
    }
    data = [Sample.of(NOW - ago, value) for ago, value in points]
    found = judge(read_alarm({**base, **alarm}), lambda _: data, NOW)
    return found.state if found else None


def test_the_last_period_decides() -> None:
    assert judged({}, [(10, 1.0)]) == "ALARM"
    assert judged({}, [(10, 0.1), (70, 1.0)]) == "OK"


def test_m_of_n_periods_must_breach() -> None:
    alarm = {"EvaluationPeriods": 3, "DatapointsToAlarm": 2}
    assert judged(alarm, [(10, 1.0), (70, 0.0), (130, 1.0)]) == "ALARM"
    assert judged(alarm, [(10, 1.0), (70, 0.0), (130, 0.0)]) == "OK"


@pytest.mark.parametrize(
    ("missing", "expected"),
    [("notBreaching", "OK"), ("breaching", "ALARM"), ("missing", "INSUFFICIENT_DATA"), ("ignore", None)],
)
def test_old_data_alone_are_missing_data(missing: str, expected: str | None) -> None:
    assert judged({"TreatMissingData": missing}, [(300, 1.0)]) == expected


@pytest.mark.parametrize(
    ("missing", "expected"),
    [("notBreaching", "OK"), ("breaching", "ALARM"), ("missing", "INSUFFICIENT_DATA"), ("ignore", None)],
)
def test_without_any_data_missing_data_decide(missing: str, expected: str | None) -> None:
    assert judged({"TreatMissingData": missing}, []) == expected


# The examples of the user guide, three of three periods, the oldest of five first: 0 does not breach, X does, - is missing.
# Columns: missing, ignore, breaching, notBreaching; None keeps the state.
GUIDE = [
    ("0-X-X", "OK", "OK", "OK", "OK"),
    ("0XX-X", "ALARM", "ALARM", "ALARM", "ALARM"),
    ("----0", "OK", "OK", "OK", "OK"),
    ("-----", "INSUFFICIENT_DATA", None, "ALARM", "OK"),
    ("--X--", "ALARM", None, "ALARM", "OK"),
]


@pytest.mark.parametrize(("shown", "missing", "ignore", "breaching", "fine"), GUIDE, ids=[row[0] for row in GUIDE])
def test_gaps_are_treated_as_in_the_user_guide(
    shown: str, missing: str, ignore: str | None, breaching: str, fine: str
) -> None:
    ages = [60 * (4 - place) + 10 for place in range(5)]
    points = [(age, float(mark == "X")) for age, mark in zip(ages, shown, strict=True) if mark != "-"]
    for treatment, expected in (
        ("missing", missing),
        ("ignore", ignore),
        ("breaching", breaching),
        ("notBreaching", fine),
    ):
        assert judged({"EvaluationPeriods": 3, "TreatMissingData": treatment}, points) == expected, treatment


def test_a_percentile_is_of_the_periods_own_data() -> None:
    alarm = {"Statistic": None, "ExtendedStatistic": "p99", "Threshold": 100.0}
    assert judged(alarm, [(number / 10, 10.0) for number in range(100)]) == "OK"
    assert judged(alarm, [(number / 10, 10.0 if number % 10 else 500.0) for number in range(100)]) == "ALARM"


def share_alarm(**more: Any) -> dict[str, Any]:
    """An alarm on the share of bad requests in five minutes."""

    def metric(name: str) -> dict[str, Any]:
        stat = {"Metric": {"Namespace": "N", "MetricName": name}, "Period": 300, "Stat": "Sum"}
        return {"Id": name, "MetricStat": stat, "ReturnData": False}

    share = {"Id": "share", "Expression": "IF(all > 0, FILL(bad, 0) / all, 0)"}
    common = {"ComparisonOperator": "GreaterThanOrEqualToThreshold", "Threshold": 0.1, "EvaluationPeriods": 1}
    return {"Metrics": [metric("bad"), metric("all"), share], "TreatMissingData": "notBreaching", **common, **more}


@pytest.mark.parametrize(
    ("bad", "everything", "expected"),
    [([5.0], [10.0], "ALARM"), ([], [10.0], "OK"), ([1.0], [100.0], "OK"), ([], [], "OK")],
)
def test_metric_math_is_computed_period_by_period(bad: list[float], everything: list[float], expected: str) -> None:
    data = {"bad": bad, "all": everything}
    found = judge(read_alarm(share_alarm()), lambda metric: [Sample.of(NOW - 10, v) for v in data[metric.name]], NOW)
    assert found is not None
    assert found.state == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + 2 * b", 7.0),
        ("a / none", None),
        ("a / 0", None),
        ("FILL(none, 4)", 4.0),
        ("IF(a > 2 AND b == 3, 1, 2)", 2.0),
        ("IF(a > 2 || b == 3, 1, 2)", 1.0),
        ("MAX(a, b) ^ 2", 9.0),
        ("-a", -1.0),
    ],
)
def test_expressions(text: str, expected: float | None) -> None:
    assert evaluate(text, {"a": 1.0, "b": 3.0, "none": None}) == expected


@pytest.mark.parametrize("text", ["SEARCH('x', 'Sum')", "a +", "other + 1", "a.b", "open('/etc/passwd')"])
def test_an_expression_that_is_not_known_is_refused_by_name(text: str) -> None:
    with pytest.raises(UserError, match="cannot be judged here"):
        evaluate(text, {"a": 1.0})


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Sum", 110), ("Average", 22), ("Minimum", 1), ("Maximum", 100), ("SampleCount", 5), ("p50", 3), ("PR(:4)", 80)],
)
def test_statistics(name: str, expected: float) -> None:
    assert statistic(name, [Sample.of(0, value) for value in (1.0, 2.0, 3.0, 4.0, 100.0)]) == expected


def test_a_set_of_values_has_no_percentile_and_an_unknown_statistic_is_refused() -> None:
    assert statistic("p50", [Sample(0, 3, 6, 1, 3)]) is None
    with pytest.raises(UserError, match="TM"):
        statistic("TM(10%:90%)", [Sample.of(0, 1)])


def test_a_band_is_learnt_first_and_then_left_on_both_sides() -> None:
    band = {"Id": "usual", "Expression": "ANOMALY_DETECTION_BAND(seen, 2)"}
    stat = {"Metric": {"Namespace": "N", "MetricName": "M"}, "Period": 900, "Stat": "Sum"}
    alarm = read_alarm(
        {
            "Metrics": [{"Id": "seen", "MetricStat": stat}, band],
            "ThresholdMetricId": "usual",
            "ComparisonOperator": "LessThanLowerOrGreaterThanUpperThreshold",
            "EvaluationPeriods": 1,
            "TreatMissingData": "notBreaching",
        }
    )
    history = [Sample.of(NOW - 10 - 900 * number, 100 + number % 2) for number in range(1, 200)]
    for value, expected in ((100.5, "OK"), (10.0, "ALARM"), (500.0, "ALARM")):
        found = judge(alarm, lambda _, value=value: [*history, Sample.of(NOW - 10, value)], NOW)  # type: ignore[misc]
        assert found is not None
        assert found.state == expected
    alone = judge(alarm, lambda _: [Sample.of(NOW - 10, 500.0)], NOW)
    assert alone is not None
    assert alone.state == "OK"
    assert usual({}, NOW, 2) is None
