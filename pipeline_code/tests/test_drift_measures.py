"""Measures of drift against scipy and scikit-learn on the same data, and defined results at every edge."""

from __future__ import annotations

import json
import math
import warnings

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats
from scipy.spatial.distance import jensenshannon
from sklearn.metrics import roc_auc_score

from govml_pipeline.errors import UserError
from govml_pipeline.monitoring.measures.auc import auc
from govml_pipeline.monitoring.measures.comparison import FeatureDrift, compare
from govml_pipeline.monitoring.measures.joint import domain_classifier
from govml_pipeline.monitoring.measures.significance import kolmogorov_smirnov
from govml_pipeline.monitoring.measures.stability import psi, psi_by_chance
from govml_pipeline.monitoring.sketches.profile import profile

#: Few distinct values, so that there are ties; and any others.
NUMBERS = st.integers(-4, 4).map(float) | st.floats(-1e6, 1e6)
KNOWN = hnp.arrays(np.float64, st.integers(1, 40), elements=NUMBERS)


def drift(baseline: object, current: object, kind: str = "number", **more: object) -> FeatureDrift:
    sides = [profile(pl.DataFrame({"x": side}), {"x": kind}) for side in (baseline, current)]  # type: ignore[dict-item]
    return compare(*sides, **more)[0]  # type: ignore[arg-type]


@settings(deadline=None, max_examples=50)
@given(KNOWN, KNOWN)
def test_numbers_agree_with_scipy(baseline: np.ndarray, current: np.ndarray) -> None:
    found = drift(baseline, current)
    with warnings.catch_warnings(action="ignore"):  # where scipy's exact p-value fails
        expected = stats.ks_2samp(baseline, current, method="exact")
    assert found.ks is not None
    assert found.ks.statistic == pytest.approx(expected.statistic)
    assert found.ks.p_value == pytest.approx(expected.pvalue)
    if len(set(baseline)) > 1 and baseline.std() > 1e-9:
        moved = stats.wasserstein_distance(baseline, current) / baseline.std()
        assert found.wasserstein == pytest.approx(moved, rel=1e-6, abs=1e-9)
    shares = [[getattr(each, side) for each in found.bins] for side in ("baseline", "current")]
    assert found.jensen_shannon == pytest.approx(float(np.nan_to_num(jensenshannon(*shares, base=2))), abs=1e-6)


def test_many_numbers_agree_with_scipy_within_the_error_that_is_reported() -> None:
    rng = np.random.default_rng(3)
    for baseline, current in (
        (rng.normal(size=60_000), rng.normal(0.02, 1, 50_000)),
        (rng.lognormal(13, 0.4, 60_000), rng.lognormal(13.01, 0.4, 20_000)),
        (rng.integers(0, 30, 60_000), rng.integers(0, 31, 20_000)),
    ):
        found = drift(baseline, current)
        expected = stats.ks_2samp(baseline, current, method="asymp")
        assert found.ks is not None
        assert expected.statistic - found.rank_error - 1e-12 <= found.ks.statistic <= expected.statistic + 1e-12
        if not found.rank_error:
            assert found.ks.p_value == pytest.approx(expected.pvalue)
        moved = stats.wasserstein_distance(baseline, current) / np.std(baseline)
        assert found.wasserstein == pytest.approx(moved, rel=0.02)


@pytest.mark.parametrize("size", [0.6, 1.0, 1.6])
def test_the_p_value_of_many_rows_is_within_one_percent_of_scipys(size: float) -> None:
    n = 24_000
    effective = n // 2
    moved = round(size / math.sqrt(effective) * n)
    found = kolmogorov_smirnov(np.array([n // 2, n - n // 2]), np.array([n // 2 + moved, n - n // 2 - moved]))
    assert found is not None
    assert found.statistic == pytest.approx(moved / n)
    assert found.p_value == pytest.approx(stats.kstwo.sf(moved / n, effective), rel=0.01)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 3), min_size=60, max_size=90), st.lists(st.integers(0, 3), min_size=60, max_size=90))
def test_categories_agree_with_scipy(baseline: list[int], current: list[int]) -> None:
    found = drift(baseline, current, "category")
    counted = [
        [round(getattr(each, side) * len(rows)) for each in found.bins]
        for side, rows in (("baseline", baseline), ("current", current))
    ]
    assert [sum(side) for side in counted] == [len(baseline), len(current)]
    assert found.chi_square is not None
    if len(found.bins) > 1:
        expected = stats.chi2_contingency(counted, correction=False)
        assert found.chi_square.statistic == pytest.approx(expected.statistic)
        assert found.chi_square.p_value == pytest.approx(expected.pvalue)
        assert found.cramers_v == pytest.approx(stats.contingency.association(np.array(counted), method="cramer"))
        assert found.psi == pytest.approx(psi(*map(np.array, counted)))


def test_rare_categories_are_tested_together() -> None:
    found = drift(["a"] * 100 + ["b", "c"], ["a"] * 90 + ["d"] * 12, "category")
    assert [each.name for each in found.bins] == ["a", "d", "(rest)"]
    assert found.new_categories == {"d": 12}
    assert found.new_share == pytest.approx(12 / 102)


def test_psi_is_the_sum_over_the_deciles_of_the_baseline() -> None:
    baseline, current = np.arange(1000.0), np.arange(1000.0) * 0.9 + 40
    found = drift(baseline, current)
    edges = [
        -np.inf,
        *np.nextafter(np.quantile(baseline, np.arange(1, 10) / 10, method="inverted_cdf"), np.inf),
        np.inf,
    ]
    p, q = (np.histogram(side, edges)[0] / 1000 for side in (baseline, current))
    assert [each.current for each in found.bins] == pytest.approx(q.tolist())
    assert found.psi == pytest.approx(float(np.sum((q - p) * np.log(q / p))))


def test_an_empty_bin_counts_as_half_a_row_but_no_less_than_a_ten_thousandth() -> None:
    few, many = np.array([10, 10]), np.array([10**6, 10**6])
    assert psi(few, np.array([20, 0])) == pytest.approx(0.5 * math.log(2) + (0.5 / 20 - 0.5) * math.log(0.5 / 20 / 0.5))
    assert psi(many, np.array([2 * 10**6, 0])) == pytest.approx(0.5 * math.log(2) + (1e-4 - 0.5) * math.log(1e-4 / 0.5))


def test_unchanged_data_stays_under_what_chance_gives_19_times_in_20() -> None:
    rng = np.random.default_rng(5)
    counts = rng.multinomial(500, np.full(10, 0.1), size=(2, 2000))
    found = np.array([psi(*pair) for pair in counts.transpose(1, 0, 2)])
    assert np.mean(found <= psi_by_chance(10, 500, 500)) == pytest.approx(0.95, abs=0.02)
    assert psi_by_chance(1, 500, 500) == 0
    assert psi_by_chance(10, 0, 500) is None


@pytest.mark.parametrize("kind", ["number", "category"])
def test_measures_of_equal_rows_are_zero_and_those_of_disjoint_rows_are_large(kind: str) -> None:
    same, other = drift([1, 2, 2, 3] * 50, [1, 2, 2, 3] * 20, kind), drift([1, 2] * 200, [8, 9] * 200, kind)
    for name in ("psi", "jensen_shannon"):
        assert getattr(same, name) == pytest.approx(0, abs=1e-9)
    assert same.p_value == pytest.approx(1)
    assert other.jensen_shannon == pytest.approx(1)
    assert other.psi > 5
    assert other.p_value < 1e-9


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.none() | st.floats(), max_size=12), st.lists(st.none() | st.floats(), max_size=12),
    st.sampled_from(["number", "category"]), st.integers(2, 12),
)  # fmt: skip
def test_every_measure_is_defined_and_in_its_range_whatever_the_rows(
    baseline: list, current: list, kind: str, bins: int
) -> None:
    schema = {"x": pl.Float64}
    sides = [profile(pl.DataFrame({"x": side}, schema=schema), {"x": kind}) for side in (baseline, current)]
    found = compare(*sides, bins=bins)[0]
    json.dumps(found.to_dict(), allow_nan=False)
    known = [[x for x in side if x is not None and not math.isnan(x)] for side in (baseline, current)]
    both = all(known)
    test = found.ks if kind == "number" else found.chi_square
    assert (test is not None) == (found.psi is not None) == (found.jensen_shannon is not None) == both
    if both:
        assert found.psi >= -1e-12
        assert 0 <= found.jensen_shannon <= 1
        assert 0 <= test.p_value <= 1
        assert found.bins
        assert sum(each.baseline for each in found.bins) == pytest.approx(1)
        assert sum(each.current for each in found.bins) == pytest.approx(1)
    assert found.wasserstein is None or found.wasserstein >= 0
    if baseline:
        assert found.baseline_missing == pytest.approx(1 - len(known[0]) / len(baseline))
    else:
        assert found.baseline_missing is None


def test_edges_have_the_values_that_the_page_says() -> None:
    constant = drift([5.0] * 30, [5.0] * 40)
    assert (constant.psi, constant.ks.statistic, constant.wasserstein) == (0, 0, 0)
    left = drift([5.0] * 30, [4.0] * 40)
    assert left.ks.statistic == 1
    assert left.wasserstein is None  # no scale
    assert left.psi > 1
    infinite = drift([1.0, 2.0, 3.0] * 20, [1.0, 2.0, np.inf] * 20)
    assert infinite.ks.statistic == pytest.approx(1 / 3)
    assert infinite.wasserstein == pytest.approx(0.5 / np.std([1, 2, 3]))
    absent = drift([1.0] * 50, [1.0] * 25 + [None] * 25)
    assert (absent.baseline_missing, absent.current_missing) == (0, 0.5)
    assert absent.missing.p_value < 1e-6
    huge = drift([1e308, -1e308, 0.0] * 9, [1e308, -1e308, 5.0] * 9)
    assert math.isfinite(huge.wasserstein)


def test_a_feature_that_is_mostly_its_greatest_value_does_not_hide_a_change_below() -> None:
    """With quantiles alone, all of these rows would be in one bin."""
    found = drift([0.2] * 5 + [1.0] * 95, [0.2] * 60 + [1.0] * 40)
    assert [(each.name, each.baseline, each.current) for each in found.bins] == [("0.2", 0.05, 0.6), ("1", 0.95, 0.4)]
    assert found.psi > 1


def test_many_categories_are_compared_by_group_of_hashes() -> None:
    def column(numbers: range) -> pl.DataFrame:
        return pl.DataFrame({"x": [f"id-{number}" for number in numbers for _ in range(12)]})

    kinds = {"x": "category"}
    base, same, other = (
        profile(column(part), kinds, capacity=64) for part in (range(300), range(300), range(150, 450))
    )  # type: ignore[arg-type]
    assert compare(base, same)[0].chi_square.p_value == pytest.approx(1)
    moved = compare(base, other)[0]
    assert moved.chi_square.p_value < 1e-6
    assert moved.new_categories is None
    # One side with names, the other with hashes.
    assert compare(profile(column(range(300)), kinds), same)[0].psi == pytest.approx(0)  # type: ignore[arg-type]


def test_features_that_tell_the_time_are_left_out_by_name() -> None:
    months = pl.DataFrame({"month": [1, 2, 3] * 10, "x": [1.0, 2.0, 3.0] * 10})
    later = months.with_columns(pl.col("month") + 3)
    sides = [profile(part, {"month": "category", "x": "number"}) for part in (months, later)]
    assert [found.feature for found in compare(*sides)] == ["month", "x"]
    assert [found.feature for found in compare(*sides, leave_out={"month"})] == ["x"]
    with pytest.raises(UserError, match="leave out"):
        compare(*sides, leave_out={"town"})
    with pytest.raises(UserError, match="1 bins"):
        compare(*sides, bins=1)
    with pytest.raises(UserError, match="'month'"):
        compare(sides[0], profile(months, {"x": "number"}))


@given(KNOWN.filter(lambda side: len(side) > 1), KNOWN.filter(lambda side: len(side) > 1))
def test_area_under_the_curve_agrees_with_scikit_learn(negatives: np.ndarray, positives: np.ndarray) -> None:
    area, variance = auc(negatives, positives)
    label = np.repeat([0, 1], [len(negatives), len(positives)])
    assert area == pytest.approx(roc_auc_score(label, np.concatenate([negatives, positives])))
    assert variance >= 0


def test_the_variance_of_the_area_is_that_of_repeated_samples() -> None:
    rng = np.random.default_rng(7)
    drawn = [auc(rng.normal(size=80), rng.normal(0.8, 1, 60)) for _ in range(800)]
    assert np.mean([variance for _, variance in drawn]) == pytest.approx(np.var([area for area, _ in drawn]), rel=0.15)


def test_the_classifier_sees_features_that_go_together_in_a_new_way() -> None:
    rng = np.random.default_rng(9)
    n = 600

    def frame(correlation: float) -> pl.DataFrame:
        a, b = rng.normal(size=(2, n))
        b = correlation * a + math.sqrt(1 - correlation**2) * b
        a[:5], b[5:9] = np.inf, np.nan
        return pl.DataFrame({"a": a, "b": b, "c": rng.choice(["x", "y", ""], n)})

    kinds = {"a": "number", "b": "number", "c": "category"}
    base, same, other = frame(0), frame(0), frame(0.9)
    unchanged, changed = (domain_classifier(base, part, kinds, most=400) for part in (same, other))  # type: ignore[arg-type]
    assert unchanged.lower < 0.5 < unchanged.upper
    assert changed.lower > 0.7
    assert (changed.baseline_rows, changed.current_rows) == (400, 400)
    assert domain_classifier(base, other, kinds, most=400) == changed  # type: ignore[arg-type]
    assert all(found.p_value > 1e-3 for found in compare(profile(base, kinds), profile(other, kinds)))  # type: ignore[arg-type]
    assert domain_classifier(base, other[:49], kinds) is None  # type: ignore[arg-type]
    with pytest.raises(UserError, match="no column"):
        domain_classifier(base, other.drop("a"), kinds)  # type: ignore[arg-type]
