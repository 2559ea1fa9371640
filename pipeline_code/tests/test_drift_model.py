"""Quality of the feed, and drift of predictions, of fairness and of what moves the model's answers."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import ndcg_score

from govml_pipeline.data.csv_file import FILE, LINE
from govml_pipeline.errors import UserError
from govml_pipeline.evaluation.measuring import Task
from govml_pipeline.explanation.attribution import Attribution
from govml_pipeline.fairness.report import fairness_report
from govml_pipeline.fairness.settings import FairnessSettings
from govml_pipeline.model.predictions import prediction_columns
from govml_pipeline.monitoring.measures.attribution import attribution_drift, attribution_profile, ndcg
from govml_pipeline.monitoring.measures.bias import bias_drift
from govml_pipeline.monitoring.measures.comparison import compare
from govml_pipeline.monitoring.measures.predictions import prediction_features
from govml_pipeline.monitoring.measures.quality import Quality, quality
from govml_pipeline.monitoring.sketches.profile import profile
from govml_pipeline.usecase import UseCase

NOW = 2025 * 12 + 11


@pytest.fixture(scope="module")
def typed(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.drop(FILE, LINE).unique(maintain_order=True)[:400]


def check(rows: pl.DataFrame, use_case: UseCase, **more: object) -> Quality:
    return quality(rows, use_case.contract, this_month=NOW, **more)  # type: ignore[arg-type]


def test_rows_that_keep_the_contract_are_no_problem_typed_or_as_text(typed: pl.DataFrame, use_case: UseCase) -> None:
    for each in (typed, typed.cast(pl.String)):
        found = check(each, use_case)
        assert (found.rows, found.refused, found.refusals, found.problems) == (400, 0, (), ())
        assert not found.absent
        assert not found.extra
        assert found.repeated == 0
        assert not found.broken
    json.dumps(found.to_dict(), allow_nan=False)


def test_rows_that_break_rules_are_counted_by_rule(typed: pl.DataFrame, use_case: UseCase) -> None:
    broken = typed.with_row_index("n").with_columns(
        town=pl.when(pl.col("n") < 3).then(pl.lit("ATLANTIS")).when(pl.col("n") == 3).then(None).otherwise("town"),
        floor_area_sqm=pl.when(pl.col("n") == 4).then(-1.0).otherwise("floor_area_sqm"),
    )
    found = check(broken, use_case, known=frozenset({"n"}))
    counted = {(each.column, each.reason): each.rows for each in found.refusals}
    assert counted["town", "not in the list of known values"] == 3
    assert counted["town", "missing value"] == 1
    assert found.refused == 5
    assert found.missing["town"] == pytest.approx(1 / 400)
    assert not found.extra
    assert not found.broken  # 1.25 %, and the contract accepts 5 %
    many = check(pl.concat([broken[:5], broken[5:40]]), use_case)
    assert many.extra == ("n",)
    assert many.broken
    assert "5 of 40 rows break the data contract (12.5%, at most" in many.problems[0]


def test_a_feed_without_rows_or_without_a_required_column_is_broken(typed: pl.DataFrame, use_case: UseCase) -> None:
    assert check(typed.clear(), use_case).problems == ("there are no rows",)
    found = check(typed.drop("town"), use_case)
    assert found.absent == ("town",)
    assert found.problems[0] == "required column town is absent"
    assert found.missing["town"] == 1


def test_repeated_rows_and_new_values_of_open_categories_are_told(typed: pl.DataFrame, use_case: UseCase) -> None:
    contract = use_case.contract
    column = next(each for each in contract.columns if each.name == "town")
    opened = replace(
        contract, columns=tuple(replace(c, unknown="warn") if c == column else c for c in contract.columns)
    )
    rows = pl.concat([typed, typed[:2]]).with_columns(
        town=pl.when(pl.int_range(pl.len()) < 2).then(pl.lit("TENGAH PARK")).otherwise("town")
    )
    found = quality(pl.concat([rows, rows[-1:]]), opened, this_month=NOW)
    assert found.unknown == {"town": {"TENGAH PARK": 2}}
    assert found.repeated == 1


@pytest.mark.parametrize("kind", ["regression", "timeseries", "classification", "anomaly", "clustering"])
def test_the_answers_of_every_kind_of_model_can_be_profiled(kind: str) -> None:
    output = {
        "classification": np.array([[0.2, 0.8], [0.6, 0.4]]),
        "anomaly": np.array([[0.5, 1.0], [0.1, 0.0]]),
        "clustering": np.array([[0.0, 1.5], [1.0, 0.5]]),
    }.get(kind, np.array([1.0, 2.0]))
    classes = ("no", "yes") if kind == "classification" else ()
    answers = prediction_columns(kind, classes, output)  # type: ignore[arg-type]
    features = prediction_features(kind, classes)  # type: ignore[arg-type]
    assert sorted(features) == sorted(answers.columns)
    made = profile(answers, features)
    assert all(found.psi == 0 for found in compare(made, made))


def decided(share_of_b: float) -> dict:
    """A report on decisions: half of group a is chosen, and this share of group b."""
    n, truth = 400, [True, False] * 200
    chosen = [*truth, *(position < share_of_b * n for position in range(n))]
    frame = pl.DataFrame(
        {
            "month": ["2025-01"] * (2 * n),
            "group": ["a"] * n + ["b"] * n,
            "y": ["yes" if each else "no" for each in truth * 2],
            "prediction": ["yes" if each else "no" for each in chosen],
            "probability:no": [0.5] * (2 * n),
            "probability:yes": [0.5] * (2 * n),
        }
    )
    return fairness_report(frame, frame, Task("classification", "y", "month"), FairnessSettings(("group",)))


def test_gaps_between_groups_that_have_widened_are_told_with_the_group() -> None:
    drift = bias_drift(decided(0.5), decided(0.2))
    changes = {each.measure: each for each in drift.measures}
    assert changes["demographic_parity_difference"].worse_by == pytest.approx(0.3)
    assert changes["demographic_parity_ratio"].current == pytest.approx(0.4)
    assert changes["demographic_parity_ratio"].worse_by == pytest.approx(0.6)
    assert {(each.group, each.measure) for each in drift.groups} >= {("b", "selection_rate of yes")}
    assert not [each for each in drift.groups if each.group == "a"]
    assert [(each["column"], each["group"]) for each in drift.new_findings] == [("group", "b")]
    assert not drift.unmatched
    json.dumps(drift.to_dict(), allow_nan=False)
    back = bias_drift(decided(0.2), decided(0.5))
    assert {each.measure: each for each in back.measures}["demographic_parity_difference"].worse_by < 0
    assert not back.new_findings
    same = bias_drift(decided(0.5), decided(0.5))
    assert not same.groups
    assert all(each.worse_by in (0, None) for each in same.measures)


def test_errors_of_groups_are_compared_and_columns_of_one_side_alone_are_not() -> None:
    rng = np.random.default_rng(1)
    n = 600

    def report(worse: float, names: tuple[str, ...], columns: tuple[str, ...] = ("group",)) -> dict:
        group = rng.choice(names, n)
        noise = rng.normal(0, 1, n) * np.where(group == "b", worse, 1.0)
        frame = pl.DataFrame(
            {
                "month": [f"2025-{1 + position % 6:02d}" for position in range(n)],
                "group": group,
                "other": ["x"] * n,
                "y": np.full(n, 100.0),
                "prediction": 100 + noise,
            }
        )
        task = Task("regression", "y", "month")
        return fairness_report(frame, frame, task, FairnessSettings(columns, minimum_rows=50))

    drift = bias_drift(report(1, ("a", "b"), ("group", "other")), report(6, ("a", "b")))
    assert {each.column for each in drift.measures} == {"group"}
    assert ("b", "mape") in {(each.group, each.measure) for each in drift.groups}
    assert {each.measure: each for each in drift.measures}["mape_worst_ratio"].worse_by > 0.25
    assert bias_drift(report(1, ("a", "b")), report(1, ("a", "c"))).unmatched == {"group": ("b", "c")}
    undeclared = fairness_report(pl.DataFrame(), pl.DataFrame(), Task("regression", "y", "month"), None)
    assert bias_drift(undeclared, report(1, ("a", "b"))).measures == ()


def contributions(scale: list[float], n: int = 300) -> Attribution:
    values = np.random.default_rng(2).normal(size=(n, len(scale))) * scale
    names = tuple(f"f{position}" for position in range(len(scale)))
    empty = np.zeros((n, len(scale)), dtype=np.float32)
    return Attribution("", "", names, ("q",) * len(scale), np.arange(n), empty, values, np.zeros(n), None)


def test_the_same_contributions_have_not_shifted_and_turned_ones_have() -> None:
    base = attribution_profile(contributions([8, 4, 2, 1, 0.5]))
    same = attribution_drift(base, base)
    assert same.ndcg == 1
    assert not same.shifted
    turned = attribution_drift(base, attribution_profile(contributions([0.5, 1, 2, 4, 8])))
    assert turned.shifted
    first = turned.features[0]
    assert (first.feature, first.baseline_rank, first.current_rank) == ("f0", 1, 5)
    assert first.baseline_mean == pytest.approx(np.abs(contributions([8, 4, 2, 1, 0.5]).values[:, 0]).mean())
    assert first.contributions.ks.p_value < 1e-6
    json.dumps(turned.to_dict(), allow_nan=False)


@pytest.mark.parametrize("seed", range(20))
def test_the_gain_of_an_order_is_scikit_learns(seed: int) -> None:
    rng = np.random.default_rng(seed)
    gains, scores = rng.exponential(size=6), rng.permutation(6)
    names = [f"f{position}" for position in range(6)]
    order = [names[position] for position in np.argsort(-scores)]
    assert ndcg(dict(zip(names, gains, strict=True)), order) == pytest.approx(ndcg_score([gains], [scores]))


def test_contributions_that_cannot_be_compared_have_a_defined_result() -> None:
    base = attribution_profile(contributions([1, 1]))
    assert attribution_drift(attribution_profile(contributions([0, 0])), base).ndcg is None
    assert attribution_drift(base, attribution_profile(contributions([1, 1], n=0))).ndcg is None
    with pytest.raises(UserError, match="f2"):
        attribution_drift(base, attribution_profile(contributions([1, 1, 1])))
    categories = profile(pl.DataFrame({"f0": ["a"]}), {"f0": "category"})
    with pytest.raises(UserError, match="no numbers"):
        attribution_drift(categories, categories)
