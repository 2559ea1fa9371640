"""The generic transformation: fitted on the training rows, blind to the future, the same for a row wherever it is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from labelled import labelled

from govml_pipeline.data import months
from govml_pipeline.data.contract import parse_contract
from govml_pipeline.errors import UserError
from govml_pipeline.features.tabular import TabularTransformation
from govml_pipeline.features.tabular_settings import TabularSettings
from govml_pipeline.files import read_json, write_json
from govml_pipeline.model.algorithms.xgboost import ALGORITHM
from govml_pipeline.serving.payload import parse

CONTRACT = parse_contract("""
dataset = { name = "requests", version = 1, title = "R", publisher = "P", notice = "", time_column = "month", target = "late" }
columns = [
    { name = "month", kind = "month" },
    { name = "channel", kind = "category", unknown = "warn", required = false, values = ["APP", "PHONE"] },
    { name = "officer", kind = "text" },
    { name = "pages", kind = "integer", required = false },
    { name = "distance", kind = "decimal" },
    { name = "empty", kind = "decimal", required = false },
    { name = "late", kind = "category", required = false, values = ["NO", "YES"] },
]
""")
PLAIN = TabularSettings(
    contract=CONTRACT, kind="classification", categories=("officer",), one_hot_limit=4, label_delay=1
)
SERIES = replace(
    PLAIN, contract=replace(CONTRACT, target="distance"), kind="timeseries", series=("channel",), label_delay=0
)


class Plain(TabularTransformation):
    settings = PLAIN


class Series(TabularTransformation):
    settings = SERIES


class Scaled(TabularTransformation):
    settings = replace(PLAIN, kind="clustering", scale=True, clip=(0.05, 0.95))


def make_rows(count: int = 900) -> pl.DataFrame:
    generator = np.random.default_rng(3)
    month = np.sort(generator.integers(0, 30, count))
    frame = pl.DataFrame(
        {
            "month": [f"{2020 + number // 12}-{number % 12 + 1:02d}" for number in month],
            "channel": generator.choice(["APP", "PHONE", "LETTER [OLD]", None], count),
            "officer": [f"O{number}" for number in generator.integers(0, 40, count)],
            "pages": [None if number == 0 else int(number) for number in generator.integers(0, 9, count)],
            "distance": generator.lognormal(1, 1, count).round(4),
            "empty": pl.Series([None] * count, dtype=pl.Float64),
        }
    )
    late = (frame["officer"].str.slice(1).cast(pl.Int64) + pl.Series(generator.integers(0, 20, count))) > 30
    return frame.with_columns(pl.when(late).then(pl.lit("YES")).otherwise(pl.lit("NO")).alias("late"))


ROWS = make_rows()
TRAIN = ROWS.filter(pl.col("month") < "2022-01")
KINDS = pytest.mark.parametrize("kind", [Plain, Series, Scaled])
FITTED = {kind: kind.fit(TRAIN, ROWS) for kind in (Plain, Series, Scaled)}


def through_the_endpoint(rows: pl.DataFrame, kind: type[TabularTransformation]) -> pl.DataFrame:
    contract = kind.settings.contract
    instances = rows.select(contract.inputs.names).to_dicts()
    return parse(json.dumps({"instances": instances}).encode(), "application/json", contract)


@KINDS
def test_every_row_has_the_same_features_alone_reordered_reloaded_and_at_the_endpoint(
    kind: type[TabularTransformation], tmp_path: Path
) -> None:
    """Train/serve equality, to the bit, on every row of the sample."""
    fitted = FITTED[kind]
    together = fitted.transform(ROWS)
    fitted.save(tmp_path)
    loaded = kind.load(tmp_path)
    assert (loaded.names, loaded.kinds) == (fitted.names, fitted.kinds)
    served = loaded.transform(through_the_endpoint(ROWS, kind))
    np.testing.assert_array_equal(served.matrix, together.matrix)
    np.testing.assert_array_equal(served.baseline, together.baseline)
    order = np.random.default_rng(1).permutation(ROWS.height)
    np.testing.assert_array_equal(loaded.transform(ROWS[order]).matrix, together.matrix[order])
    by_row = loaded.transform_rows(ROWS.to_dicts())
    np.testing.assert_array_equal(by_row.matrix, together.matrix)
    np.testing.assert_array_equal(by_row.baseline, together.baseline)
    for position in range(ROWS.height):
        alone = loaded.transform(ROWS[position])
        np.testing.assert_array_equal(alone.matrix[0], together.matrix[position])
        assert alone.baseline[0] == together.baseline[position]


INSTANCES = st.fixed_dictionaries(
    {
        "month": st.from_regex(r"(201[89]|202[0-5])-(0[1-9]|1[0-2])", fullmatch=True),
        "channel": st.none() | st.text(st.characters(categories=["Lu", "Nd"]), min_size=1, max_size=5),
        "officer": st.sampled_from(["O1", "O39", "O99", "nobody"]),
        "pages": st.none() | st.integers(-(10**12), 10**12),
        "distance": st.integers(-(10**9), 10**9) | st.sampled_from([0.5, -0.25, 12345.678]),
        "empty": st.none() | st.integers(0, 5),
    }
)


@KINDS
@settings(max_examples=40, deadline=None)
@given(instances=st.lists(INSTANCES, min_size=1, max_size=6))
def test_whatever_the_request_its_features_are_finite_and_those_of_each_row_alone(
    kind: type[TabularTransformation], instances: list[dict[str, Any]]
) -> None:
    contract = kind.settings.contract
    sent = [{name: row.get(name, "YES") for name in contract.inputs.names} for row in instances]
    rows = parse(json.dumps({"instances": sent}).encode(), "application/json", contract)
    together = FITTED[kind].transform(rows)
    assert np.isfinite(together.matrix).all()
    by_row = FITTED[kind].transform_rows(rows.to_dicts())
    np.testing.assert_array_equal(by_row.matrix, together.matrix)
    np.testing.assert_array_equal(by_row.baseline, together.baseline)
    for position in range(rows.height):
        np.testing.assert_array_equal(FITTED[kind].transform(rows[position]).matrix[0], together.matrix[position])


@pytest.mark.parametrize("kind", [Plain, Series])
@pytest.mark.parametrize("month", ["2020-03", "2021-07", "2022-05"])
def test_features_use_labels_that_were_known_before_the_month(kind: type[TabularTransformation], month: str) -> None:
    subject = ROWS.filter(pl.col("month") == month)
    first_unknown = months.text(months.number(month) - kind.settings.label_delay)
    past = ROWS.filter(pl.col("month") < first_unknown)
    np.testing.assert_array_equal(
        kind.fit(TRAIN, past).transform(subject).matrix, kind.fit(TRAIN, ROWS).transform(subject).matrix
    )


def test_features_do_use_the_labels_of_earlier_months() -> None:
    subject = ROWS.filter(pl.col("month") == "2021-07")
    past = ROWS.filter(pl.col("month") < "2021-05")
    for kind in (Plain, Series):
        before, after = (kind.fit(TRAIN, rows).transform(subject).matrix for rows in (past, ROWS))
        assert not np.array_equal(before, after)


def test_everything_else_is_learnt_from_the_training_rows_only() -> None:
    strange = ROWS.with_columns(
        pl.when(pl.col("month") >= "2022-01").then(pl.lit(1e6)).otherwise(pl.col("distance")).alias("distance")
    )
    assert Scaled.fit(TRAIN, strange).quantities == FITTED[Scaled].quantities


def test_the_features_are_named_and_distinct() -> None:
    names = FITTED[Plain].names
    assert {"pages", "pages_missing", "distance", "channel=APP", "channel=LETTER (OLD)", "channel=(unseen)"} <= set(
        names
    )
    assert {"officer_share", "officer_level", "officer_weight", "season_sine", "trend_months"} <= set(names)
    assert "empty" not in names
    ALGORITHM.fit(
        replace(labelled(np.zeros((9, len(names))), np.arange(9)), names=names, kinds=FITTED[Plain].kinds),
        {},
        1,
        seed=1,
    )


def test_outliers_are_clipped_missing_values_filled_in_and_unseen_ones_told_apart() -> None:
    fitted = FITTED[Plain]
    row = {"month": "2022-03", "channel": "FAX", "officer": "O99", "pages": None, "distance": 1e9, "empty": 3.0}
    frame = pl.DataFrame([row], schema=ROWS.drop("late").schema)
    features = dict(zip(fitted.names, fitted.transform(frame).matrix[0], strict=True))
    assert features["distance"] == np.float32(np.quantile(TRAIN["distance"], 0.999))
    assert (features["pages"], features["pages_missing"]) == (TRAIN["pages"].median(), 1)
    assert (features["channel=(unseen)"], features["channel=APP"], features["officer_share"]) == (1, 0, 0)
    late = (TRAIN["late"] == "YES").mean()
    assert features["officer_level"] == pytest.approx(late)
    assert features["officer_weight"] == 0


def test_scaled_features_have_mean_0_and_deviation_1() -> None:
    matrix = FITTED[Scaled].transform(TRAIN).matrix
    column = matrix[:, FITTED[Scaled].names.index("distance")]
    assert column.mean() == pytest.approx(0, abs=1e-5)
    assert column.std() == pytest.approx(1, abs=1e-5)


def test_the_logarithm_of_the_target_is_learnt_and_undone() -> None:
    class Logarithm(TabularTransformation):
        settings = replace(SERIES, log_target=True)

    fitted = Logarithm.fit(TRAIN, ROWS)
    features = fitted.transform(TRAIN)
    label = fitted.label(TRAIN, features)
    assert abs(label.mean()) < 0.1
    np.testing.assert_allclose(fitted.target(features, label), TRAIN["distance"])


def test_a_lag_is_the_value_of_that_very_month() -> None:
    fitted = FITTED[Series]
    subject = ROWS.filter((pl.col("month") == "2021-07") & (pl.col("channel") == "APP"))
    then = ROWS.filter((pl.col("month") == "2020-07") & (pl.col("channel") == "APP"))["distance"].mean()
    column = fitted.transform(subject).matrix[:, fitted.names.index("series_lag12")]
    np.testing.assert_allclose(column, then, rtol=1e-6)


def test_the_order_of_the_rows_does_not_change_a_byte(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 2)):
        shuffled = (rows.sample(fraction=1, shuffle=True, seed=seed) for rows in (TRAIN, ROWS))
        Series.fit(*shuffled).save(tmp_path / name)
    for file in ("transformation.json", "past.parquet"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_rows_without_any_value_are_refused() -> None:
    class Nothing(TabularTransformation):
        settings = replace(PLAIN, ignore=("channel", "officer", "pages", "distance"), categories=())

    with pytest.raises(UserError, match="requests: no column has a value"):
        Nothing.fit(TRAIN, ROWS)


@pytest.mark.parametrize("change", [{"format_version": 9}, {"contract": "others"}])
def test_a_state_of_another_format_or_source_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    FITTED[Plain].save(tmp_path)
    write_json(tmp_path / "transformation.json", {**read_json(tmp_path / "transformation.json"), **change})
    with pytest.raises(UserError, match="this code reads format 1 of 'requests'"):
        Plain.load(tmp_path)
