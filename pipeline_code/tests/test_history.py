"""History features against a slow, obvious reckoning."""

from __future__ import annotations

import itertools

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govml_pipeline.features.categories import Categories
from govml_pipeline.features.history import History, monthly_totals
from govml_pipeline.features.market_index import MarketIndex

OBSERVATIONS = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(24_000, 24_040), st.floats(-2, 2)), min_size=1, max_size=40
)


@settings(deadline=None)
@given(OBSERVATIONS, st.lists(st.tuples(st.sampled_from("abcd"), st.integers(23_990, 24_060)), min_size=1, max_size=20))
def test_lookup_is_the_decayed_mean_of_strictly_earlier_months(observations, queries) -> None:
    half_life = 7.0
    keys, times, values = (list(column) for column in zip(*observations, strict=True))
    history = History(monthly_totals(pl.Series(keys), np.array(times), np.array(values)), half_life)
    level, weight = history.lookup(pl.Series([key for key, _ in queries]), np.array([month for _, month in queries]))
    for position, (key, month) in enumerate(queries):
        past = [(0.5 ** ((month - t) / half_life), v) for k, t, v in observations if k == key and t < month]
        if not past:
            assert np.isnan(level[position])
            assert weight[position] == 0
        else:
            total = sum(w for w, _ in past)
            assert level[position] == pytest.approx(sum(w * v for w, v in past) / total, abs=1e-9)
            assert weight[position] == pytest.approx(total, rel=1e-9)


@settings(deadline=None)
@given(OBSERVATIONS, st.randoms())
def test_the_table_does_not_depend_on_the_order_of_rows(observations, random) -> None:
    def table(items) -> pl.DataFrame:
        keys, times, values = (list(column) for column in zip(*items, strict=True))
        return monthly_totals(pl.Series(keys), np.array(times), np.array(values))

    shuffled = list(observations)
    random.shuffle(shuffled)
    assert table(observations).equals(table(shuffled))


def test_sums_do_not_depend_on_the_order_either() -> None:
    """0.1 + 0.2 + 0.3 and 0.3 + 0.2 + 0.1 differ in the last bit."""
    tables = [
        monthly_totals(pl.Series(["a"] * 3), np.full(3, 24_000), np.array(values))["total"][0]
        for values in itertools.permutations([0.1, 0.2, 0.3])
    ]
    assert len(set(tables)) == 1


def test_index_follows_a_market_that_rises_one_percent_a_month() -> None:
    months = np.repeat(np.arange(24_000, 24_030), 20)
    groups = pl.Series(["g", "h"] * (len(months) // 2))
    level = np.where(groups.to_numpy() == "g", 1.0, 3.0)
    index = MarketIndex.fit(groups, months, level + 0.01 * (months - 24_000))
    assert np.diff(index.values) == pytest.approx(np.full(29, 0.01), abs=0.006)
    assert index.values[-1] == pytest.approx(0.29, abs=0.03)


def test_index_is_not_fooled_by_a_change_of_mix() -> None:
    """Cheap flats sell in even months, dear ones in odd months: the market has not moved."""
    months = np.repeat(np.arange(24_000, 24_024), 10)
    dear = months % 2 == 1
    groups = pl.Series(np.where(dear, "dear", "cheap"))
    index = MarketIndex.fit(groups, months, np.where(dear, 3.0, 1.0))
    assert np.abs(index.values).max() < 0.05


def test_index_before_a_month_carries_the_last_one_on() -> None:
    index = MarketIndex(24_000, [0.0, 0.1, 0.2])
    months = np.array([23_990, 24_000, 24_001, 24_003, 24_100])
    assert index.before(months).tolist() == [0.0, 0.0, 0.0, 0.2, 0.2]
    assert index.before(months, lag=1).tolist() == [0.0, 0.0, 0.0, 0.1, 0.1]
    assert index.at(months).tolist() == [0.0, 0.0, 0.1, 0.2, 0.2]


def test_unseen_and_missing_categories_are_missing() -> None:
    codes = Categories.fit(pl.Series(["b", "a", None, "b"])).encode(pl.Series(["a", "b", "c", None]))
    assert codes[:2].tolist() == [0.0, 1.0]
    assert np.isnan(codes[2:]).all()
