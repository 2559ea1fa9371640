"""The use case's transformation: derived quantities, no look into the future, the same features wherever it is used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from csvs import line, text

from govml_pipeline.data.split import Split
from govml_pipeline.errors import UserError
from govml_pipeline.files import read_json, write_json
from usecases.hdb_resale.derive import derive
from usecases.hdb_resale.features import HdbTransformation


@pytest.mark.parametrize(
    ("lease", "years"),
    [
        ("61 years 04 months", 61 + 4 / 12),
        ("61 years 01 month", 61 + 1 / 12),
        ("61 years", 61.0),
        ("70", 70.0),
        ("", 1978 + 99.5 - 2017),
    ],
)
def test_remaining_lease_in_years(check, lease: str, years: float) -> None:
    accepted, _ = check(text(line(month="2017-01", lease_commence_date="1978", remaining_lease=lease)))
    assert derive(accepted)["remaining_lease_years"][0] == pytest.approx(years)


def test_storey_is_the_middle_of_the_range(check) -> None:
    accepted, _ = check(text(line(storey_range="04 TO 06"), line(storey_range="01 TO 05")))
    assert derive(accepted)["storey"].to_list() == [5.0, 3.0]


@pytest.mark.parametrize("month", ["2018-01", "2020-06", "2024-09", "2025-08"])
def test_features_of_a_month_use_strictly_earlier_months_only(split: Split, rows: pl.DataFrame, month: str) -> None:
    """Whatever happens in the month itself or later, the features of its rows stay the same to the bit."""
    subject = rows.filter(pl.col("month") == month)
    honest = HdbTransformation.fit(split.train, rows)
    disturbed = rows.with_columns(
        pl.when(pl.col("month") >= month).then(pl.col("resale_price") * 7).otherwise(pl.col("resale_price"))
    )
    truncated = rows.filter(pl.col("month") < month)
    expected = honest.transform(subject)
    for others in (disturbed, truncated):
        features = HdbTransformation.fit(split.train, others).transform(subject)
        np.testing.assert_array_equal(features.matrix, expected.matrix)
        np.testing.assert_array_equal(features.baseline, expected.baseline)


def test_features_do_use_earlier_months(split: Split, rows: pl.DataFrame) -> None:
    """The counterpart: without it, the leakage test would pass for features that use nothing."""
    subject = rows.filter(pl.col("month") == "2020-06")
    dearer = rows.with_columns(
        pl.when(pl.col("month") == "2020-05").then(pl.col("resale_price") * 2).otherwise(pl.col("resale_price"))
    )
    before = HdbTransformation.fit(split.train, rows).transform(subject)
    after = HdbTransformation.fit(split.train, dearer).transform(subject)
    assert not np.array_equal(before.matrix, after.matrix, equal_nan=True)
    assert not np.array_equal(before.baseline, after.baseline)


def test_features_do_not_look_at_the_target(transformation: HdbTransformation, split: Split) -> None:
    with_target = transformation.transform(split.test)
    without = transformation.transform(split.test.drop("resale_price"))
    np.testing.assert_array_equal(with_target.matrix, without.matrix)


def test_categories_are_learned_from_the_training_months_only(split: Split, rows: pl.DataFrame) -> None:
    renamed = rows.with_columns(
        pl.when(pl.col("month") >= "2024-09")
        .then(pl.lit("NEW MODEL"))
        .otherwise(pl.col("flat_model"))
        .alias("flat_model")
    )
    transformation = HdbTransformation.fit(split.train, renamed)
    assert "NEW MODEL" not in transformation.categories["flat_model"].values
    column = transformation.names.index("flat_model")
    features = transformation.transform(renamed.filter(pl.col("month") >= "2024-09"))
    assert np.isnan(features.matrix[:, column]).all()


def test_a_row_alone_has_the_features_that_it_has_among_others(transformation: HdbTransformation, split: Split) -> None:
    together = transformation.transform(split.test)
    for position in range(0, split.test.height, 7):
        alone = transformation.transform(split.test.slice(position, 1))
        np.testing.assert_array_equal(alone.matrix[0], together.matrix[position])
        assert alone.baseline[0] == together.baseline[position]


def test_the_artefact_survives_the_round_trip_and_has_the_same_bytes(
    transformation: HdbTransformation, split: Split, rows: pl.DataFrame, tmp_path: Path
) -> None:
    transformation.save(tmp_path / "a")
    shuffled = rows.sample(fraction=1.0, shuffle=True, seed=5)
    HdbTransformation.fit(split.train.sample(fraction=1.0, shuffle=True, seed=6), shuffled).save(tmp_path / "b")
    for name in ("transformation.json", "history.parquet"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    loaded = HdbTransformation.load(tmp_path / "a").transform(split.test)
    np.testing.assert_array_equal(loaded.matrix, transformation.transform(split.test).matrix)


def test_another_version_of_the_format_is_refused(transformation: HdbTransformation, tmp_path: Path) -> None:
    transformation.save(tmp_path)
    state = read_json(tmp_path / "transformation.json")
    write_json(tmp_path / "transformation.json", {**state, "format_version": 99})
    with pytest.raises(UserError, match="format 99"):
        HdbTransformation.load(tmp_path)


def test_a_month_missing_in_the_middle_leaves_the_last_known_market(split: Split, rows: pl.DataFrame) -> None:
    """No sale in 2021-06: the month after it goes by the index and the regression of the month before."""
    without = rows.filter(pl.col("month") != "2021-06")
    subject = rows.filter(pl.col("month") == "2021-07")
    fitted = HdbTransformation.fit(split.train.filter(pl.col("month") != "2021-06"), without)
    after = fitted.transform(subject)
    at_once = fitted.transform(subject.with_columns(pl.lit("2021-06").alias("month")))
    np.testing.assert_allclose(after.baseline, at_once.baseline, atol=0.02)
    assert np.isfinite(after.baseline).all()
