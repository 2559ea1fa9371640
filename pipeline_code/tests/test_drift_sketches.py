"""Sketches and profiles: exact while few values, within their own error beyond, the same however the rows are cut up."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from decimal import Decimal

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from govml_pipeline.errors import UserError
from govml_pipeline.monitoring.sketches.category import CategorySketch
from govml_pipeline.monitoring.sketches.number import NumberSketch
from govml_pipeline.monitoring.sketches.ordered_keys import count, excess_bits, keys_of, values_of
from govml_pipeline.monitoring.sketches.profile import Profile, profile
from govml_pipeline.monitoring.sketches.seasons import Seasons, seasons

ANY_FLOAT = st.floats(width=64)
ARRAYS = hnp.arrays(np.float64, st.integers(0, 60), elements=ANY_FLOAT)
BOTH = {"x": "number", "c": "category"}


def sketch_of(column: pl.Series, kind: str = "number") -> NumberSketch | CategorySketch:
    return profile(column.alias("x").to_frame(), {"x": kind}).features["x"]  # type: ignore[dict-item]


@given(hnp.arrays(np.float64, st.integers(1, 50), elements=st.floats(allow_nan=False, allow_infinity=False)))
def test_keys_sort_as_the_numbers_do_and_give_them_back(values: np.ndarray) -> None:
    keys = keys_of(values)
    assert np.array_equal(values_of(keys), values)
    order = np.argsort(keys, kind="stable")
    assert np.array_equal(values[order], np.sort(values))
    assert len(np.unique(keys)) == len(np.unique(values))  # both zeros are one


@given(hnp.arrays(np.int64, st.integers(0, 80), elements=st.integers(-(2**63), 2**63 - 1)), st.integers(0, 40))
def test_counting_by_table_and_by_sorting_agree(keys: np.ndarray, zeros: int) -> None:
    keys = (keys >> zeros) << zeros
    distinct, counts = count(keys)
    expected = np.unique(keys, return_counts=True)
    assert np.array_equal(distinct, expected[0])
    assert np.array_equal(counts, expected[1])


@given(
    hnp.arrays(np.int64, st.integers(1, 80), elements=st.integers(-(2**63), 2**63 - 1), unique=True), st.integers(2, 20)
)
def test_no_more_bits_are_dropped_than_needed(keys: np.ndarray, capacity: int) -> None:
    keys = np.sort(keys)
    bits = excess_bits(keys, capacity)
    assert len(np.unique(keys >> bits)) <= capacity
    assert bits == 0 or len(np.unique(keys >> (bits - 1))) > capacity


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(ANY_FLOAT | st.none(), st.sampled_from("abcdefghij") | st.none()), max_size=40), st.data())
def test_the_same_rows_give_the_same_bytes_however_cut_up_and_ordered(rows: list, data: st.DataObject) -> None:
    """Capacities far below the number of values, so that both kinds of sketch coarsen on the way."""

    def frame(part: list) -> pl.DataFrame:
        return pl.DataFrame(part, schema={"x": pl.Float64, "c": pl.String}, orient="row")

    whole = profile(frame(rows), BOTH, capacity=5)
    shuffled = data.draw(st.permutations(rows))
    cut, inner = sorted(data.draw(st.tuples(*[st.integers(0, len(rows))] * 2)))
    parts = [frame(part) for part in (shuffled[:cut], shuffled[cut:inner], shuffled[inner:])]
    one, two, three = (profile(part, BOTH, capacity=5) for part in parts)
    texts = {
        whole.to_json(),
        profile(iter(parts), BOTH, capacity=5).to_json(),
        one.merge(two).merge(three).to_json(),
        three.merge(one.merge(two)).to_json(),
    }
    assert len(texts) == 1
    assert whole.rows == len(rows)
    assert Profile.from_json(whole.to_json()).to_json() == whole.to_json()


@given(ARRAYS)
def test_a_sketch_of_few_values_holds_them_exactly(values: np.ndarray) -> None:
    sketch = sketch_of(pl.Series(values))
    finite = np.sort(values[np.isfinite(values)])
    assert np.array_equal(np.repeat(sketch.values, sketch.counts), finite)
    assert (sketch.below, sketch.above) == (np.sum(values == -np.inf), np.sum(values == np.inf))
    assert sketch.missing == np.isnan(values).sum()
    assert sketch.rows == len(values)
    assert sketch.rank_error == 0


@given(hnp.arrays(np.float64, st.integers(1, 80), elements=st.floats(allow_nan=False, allow_infinity=False)))
def test_no_quantile_is_further_off_than_the_sketch_says(values: np.ndarray) -> None:
    sketch = NumberSketch.of(values, capacity=6)
    assert len(sketch.keys) <= 6
    assert sketch.counts.sum() == len(values)
    assert sketch.values.min() >= values.min()
    assert sketch.values.max() <= values.max()
    for value in values:
        true, found = np.mean(values <= value), sketch.counts[sketch.values <= value].sum() / len(values)
        assert abs(true - found) <= sketch.rank_error + 1e-12


def test_a_column_that_is_mostly_zero_is_not_blurred_by_that() -> None:
    rng = np.random.default_rng(1)
    values = np.where(rng.uniform(size=50_000) < 0.7, 0.0, rng.lognormal(0, 2, 50_000))
    sketch = NumberSketch.of(values, capacity=1024)
    assert sketch.dropped > 0
    assert 0 < sketch.rank_error < 0.01
    assert 0.0 in sketch.values


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (pl.Series([1, None, 3], dtype=pl.Int8), [1, 3]),
        (pl.Series([2**40, 5], dtype=pl.UInt64), [5, 2**40]),
        (pl.Series([0.1, 0.1], dtype=pl.Float32), [float(np.float32(0.1))]),
        (pl.Series([True, False, None]), [0, 1]),
        (pl.Series([Decimal("1.25"), None]), [1.25]),
        (pl.Series([dt.date(1970, 1, 11), None]), [10]),
        (pl.Series([dt.datetime(1970, 1, 1, 0, 0, 2, 500_000, dt.UTC)]), [2.5]),
        (pl.Series([dt.timedelta(minutes=1)]), [60]),
        (pl.Series([dt.time(0, 1, 1)]), [61]),
        (pl.Series([None, None]), []),
        (pl.Series([], dtype=pl.Float64), []),
        (pl.Series([-0.0, 0.0]), [0]),
        (pl.Series([7.0]), [7]),
    ],
)
def test_every_type_of_number_has_a_defined_value(column: pl.Series, values: list[float]) -> None:
    assert sketch_of(column).values.tolist() == values


@pytest.mark.parametrize(
    ("column", "names"),
    [
        (pl.Series([True, None, True]), {"true": 2}),
        (pl.Series([1.0, 2.5, float("nan"), float("inf")]), {"1": 1, "2.5": 1, "inf": 1}),
        (pl.Series([1, 1]), {"1": 2}),
        (pl.Series(["a", "b"], dtype=pl.Categorical), {"a": 1, "b": 1}),
        (pl.Series(["b"], dtype=pl.Enum(["a", "b"])), {"b": 1}),
        (pl.Series([dt.date(2025, 1, 2)]), {"2025-01-02": 1}),
        (pl.Series([None, None]), {}),
        (pl.Series(["", "é"]), {"": 1, "é": 1}),
    ],
)
def test_every_type_of_category_has_a_defined_name(column: pl.Series, names: dict[str, int]) -> None:
    sketch = sketch_of(column, "category")
    assert sketch.names == names
    assert sketch.missing == len(column) - sum(names.values())


def test_frames_of_other_libraries_and_lazy_ones_give_the_same_profile() -> None:
    frame = pl.DataFrame({"x": [1.5, None, 2.5], "c": ["a", "b", None], "other": [object()] * 3})
    expected = profile(frame, BOTH).to_json()
    wanted = frame.select("x", "c")
    assert profile(wanted.to_arrow(), BOTH).to_json() == expected
    assert profile(wanted.to_pandas(), BOTH).to_json() == expected
    assert profile(wanted.lazy(), BOTH).to_json() == expected
    assert profile([wanted[:1], wanted[1:].lazy()], BOTH).to_json() == expected


def test_too_many_categories_are_counted_by_hash_and_long_names_are_cut() -> None:
    names = {f"id-{number}": 1 + number % 3 for number in range(3000)}
    sketch = CategorySketch.of(names, missing=2, capacity=256)
    assert sketch.names is None
    assert 128 <= len(sketch.keys) <= 256
    assert sketch.known == sum(names.values())
    assert "id-" not in json.dumps(sketch.to_dict())
    long = CategorySketch.of({"x" * 10_000: 1, "x" * 10_001: 1}, missing=0, capacity=256)
    assert long.names is not None
    assert len(long.names) == 2
    assert max(map(len, long.names)) < 250


def test_a_profile_is_the_same_text_on_every_machine() -> None:
    """Neither Python's hashes nor Polars' are; a baseline made years ago must still be comparable."""
    frame = pl.DataFrame({"x": [0.1, -2.5, 3.0, None], "c": ["a", "b", "c", None]})
    features = json.loads(profile(frame, BOTH, capacity=2).to_json())["features"]
    assert features["x"] == {
        "above": 0, "below": 0, "capacity": 2, "counts": [1, 2], "dropped": 63, "keys": [-1, 1], "kind": "number",
        "maximum": 3.0, "minimum": -2.5, "missing": 1,
    }  # fmt: skip
    hashes = {name: int(hashlib.blake2b(name.encode(), digest_size=8).hexdigest(), 16) >> 1 for name in "abc"}
    assert {name: key >> 62 for name, key in hashes.items()} == {"a": 0, "b": 1, "c": 0}
    assert features["c"] == {
        "capacity": 2, "counts": [2, 1], "dropped": 62, "keys": [0, 1], "kind": "category", "missing": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("frame", "features", "message"),
    [
        (pl.DataFrame({"x": ["a"]}), {"x": "number"}, "declared as number"),
        (pl.DataFrame({"x": [[1]]}), {"x": "category"}, "declared as category"),
        (pl.DataFrame({"x": [1]}), {"y": "number"}, "no column 'y'"),
        (pl.LazyFrame({"x": [1]}), {"y": "number"}, "no column 'y'"),
        (pl.DataFrame({"x": [1]}), {"x": "date"}, "'date' is no kind"),
        (pl.DataFrame({"x": [1]}), {}, "no feature"),
    ],
)
def test_what_cannot_be_profiled_is_refused(frame: pl.DataFrame, features: dict, message: str) -> None:
    with pytest.raises(UserError, match=message):
        profile(frame, features)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "govml-profile-0"}', '{"format": "govml-profile-1"}'])
def test_what_is_no_profile_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="no profile"):
        Profile.from_json(text)
    with pytest.raises(UserError, match="no baseline"):
        Seasons.from_json(text)


def test_a_profile_that_was_changed_by_hand_is_refused() -> None:
    text = profile(pl.DataFrame({"x": [1, 2], "c": ["a", "b"]}), BOTH, capacity=2).to_json()
    hashed = profile(pl.DataFrame({"x": [1, 2, 3], "c": ["a", "b", "c"]}), BOTH, capacity=2).to_json()
    for changed in (
        text.replace('"counts":[1,1]', '"counts":[1]'),
        text.replace('"counts":[1,1]', '"counts":[1,-1]'),
        hashed.replace('"keys":[0,1]', '"keys":[1,0]'),
    ):
        with pytest.raises(UserError, match="no profile"):
            Profile.from_json(changed)
    with pytest.raises(UserError, match="capacity of 1"):
        profile(pl.DataFrame({"x": [1]}), {"x": "number"}, capacity=1)


def test_profiles_of_other_features_do_not_merge() -> None:
    with pytest.raises(UserError, match="'x'"):
        profile(pl.DataFrame({"x": [1]}), {"x": "number"}).merge(profile(pl.DataFrame({"x": [1]}), {"x": "category"}))


def test_seasons_give_the_same_months_of_the_baseline() -> None:
    rows = pl.DataFrame({"month": ["2023-01", "2023-02", "2024-01", "2024-07"], "x": [1, 2, 3, 4]})
    by_month = seasons(rows, {"x": "number"}, time_column="month")
    assert by_month.of("2025-01").features["x"].values.tolist() == [1, 3]
    assert by_month.of("2025-02", "2025-01").features["x"].values.tolist() == [1, 2, 3]
    assert by_month.whole.to_json() == profile(rows, {"x": "number"}).to_json()
    by_quarter = seasons(rows, {"x": "number"}, time_column="month", season="quarter")
    assert by_quarter.of("2025-03").features["x"].values.tolist() == [1, 2, 3]
    assert Seasons.from_json(by_quarter.to_json()).to_json() == by_quarter.to_json()
    for window in (("2025-04",), (), ("May",)):
        with pytest.raises(UserError):
            by_month.of(*window)
    for broken in (rows.clear(), rows.with_columns(month=pl.lit("2024"))):
        with pytest.raises(UserError, match="the baseline has"):
            seasons(broken, {"x": "number"}, time_column="month")
    with pytest.raises(UserError, match="no season"):
        seasons(rows, {"x": "number"}, time_column="month", season="week")  # type: ignore[arg-type]
