"""The use case's feature groups: the model's own features, the same in training and at inference, never the future."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from feature_groups import Clock, FakeSageMaker
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govml_pipeline.data import months
from govml_pipeline.feature_store.declaration import load_declarations
from govml_pipeline.feature_store.local import LocalStore
from govml_pipeline.feature_store.sagemaker import SageMakerStore
from govml_pipeline.feature_store.store import FeatureStore
from usecases.hdb_resale.feature_groups import GROUPS, compute, entities, features
from usecases.hdb_resale.features import HdbTransformation


def materialise(store: FeatureStore, rows: pl.DataFrame) -> FeatureStore:
    frames = compute(rows)
    for group in GROUPS:
        store.write(group, frames[group.name])
    return store


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory, rows: pl.DataFrame) -> FeatureStore:
    return materialise(LocalStore(tmp_path_factory.mktemp("full")), rows)


def test_every_record_fits_its_declaration(rows: pl.DataFrame) -> None:
    frames = compute(rows)
    assert set(frames) == {group.name for group in GROUPS}
    for group in GROUPS:
        assert set(frames[group.name].columns) == set(group.schema)


def test_a_month_is_known_from_its_last_second_in_singapore(rows: pl.DataFrame) -> None:
    first = compute(rows)["market_index"]["event_time"].min()
    assert first == datetime.datetime(2017, 1, 31, 15, 59, 59, tzinfo=datetime.UTC)
    asked = entities(rows.filter(pl.col("month") == "2017-02").drop("resale_price"))["time"].unique().to_list()
    assert asked == [datetime.datetime(2017, 1, 31, 16, 0, tzinfo=datetime.UTC)]


def test_features_from_the_store_are_those_of_the_transformation(
    full: FeatureStore, rows: pl.DataFrame, transformation: HdbTransformation
) -> None:
    expected = transformation.transform(rows)
    found = features(full.training_set(GROUPS, entities(rows.drop("resale_price"))), transformation)
    np.testing.assert_allclose(found.matrix, expected.matrix, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(found.baseline, expected.baseline, rtol=1e-12)


def test_training_and_inference_see_the_same_features_for_every_row(
    tmp_path: Path, full: FeatureStore, rows: pl.DataFrame, transformation: HdbTransformation
) -> None:
    """For every month: what its requests saw then, with the store as it was, is what the training set holds, to the bit."""
    trained = full.training_set(GROUPS, entities(rows.drop("resale_price")))
    live = LocalStore(tmp_path / "live")
    number = months.number_expression("month")
    last = int(rows.select(number.max()).item())
    for month in range(last - 11, last + 1):
        materialise(live, rows.filter(number < month))
        request = rows.filter(number == month).drop("resale_price")
        served = live.serving_set(GROUPS, entities(request))
        expected = trained.filter(pl.col("month_number") == month)
        assert served.equals(expected.select(served.columns)), months.text(month)
        made = features(served, transformation)
        np.testing.assert_array_equal(made.matrix, features(expected, transformation).matrix)


@pytest.mark.parametrize("online", [True, False])
def test_sagemaker_gives_the_same_features_as_the_folder(tmp_path: Path, rows: pl.DataFrame, *, online: bool) -> None:
    some = rows.filter(pl.col("town") == rows["town"][0])
    past, request = some.filter(pl.col("month") < "2025-06"), some.filter(pl.col("month") >= "2025-06")
    fake = FakeSageMaker(Clock(), online=online)
    fake.groups = {f"p-{group.key.replace('_', '-')}": group for group in GROUPS}
    deployed = materialise(SageMakerStore("p", control=fake, runtime=fake, read=fake.read), past)
    folder = materialise(LocalStore(tmp_path), past)
    asked = entities(request.drop("resale_price"))
    assert deployed.training_set(GROUPS, asked).equals(folder.training_set(GROUPS, asked))
    assert deployed.serving_set(GROUPS, asked).equals(folder.serving_set(GROUPS, asked))


_CHANGE = st.tuples(st.integers(0, 10_000), st.sampled_from(["price", "drop", "twice"]))


@given(month=st.integers(2018 * 12, 2025 * 12), changes=st.lists(_CHANGE, min_size=1, max_size=8))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_data_of_the_month_and_later_never_changes_a_rows_features(
    tmp_path_factory: pytest.TempPathFactory,
    full: FeatureStore,
    rows: pl.DataFrame,
    month: int,
    changes: list[tuple[int, str]],
) -> None:
    number = months.number_expression("month")
    earlier, later = rows.filter(number < month), rows.filter(number >= month)
    for position, kind in changes:
        at = position % later.height
        one = later.slice(at, 1).with_columns(pl.col("resale_price") * 5)
        before, after = later.head(at), later.slice(at + 1)
        if kind == "twice":
            later = pl.concat([later, one])
        elif kind == "price":
            later = pl.concat([before, one, after])
        elif later.height > 1:
            later = pl.concat([before, after])
    disturbed = materialise(LocalStore(tmp_path_factory.mktemp("disturbed")), pl.concat([earlier, later]))
    subject = entities(rows.filter(number == month).drop("resale_price"))
    assert disturbed.training_set(GROUPS, subject).equals(full.training_set(GROUPS, subject))


def test_earlier_months_do_change_a_rows_features(tmp_path: Path, full: FeatureStore, rows: pl.DataFrame) -> None:
    """The counterpart: without it, the test above would pass for features that use nothing."""
    earlier = pl.when(pl.col("month") == "2020-05").then(pl.col("resale_price") * 2).otherwise(pl.col("resale_price"))
    dearer = materialise(LocalStore(tmp_path), rows.with_columns(earlier.alias("resale_price")))
    subject = entities(rows.filter(pl.col("month") == "2020-06").drop("resale_price"))
    assert not dearer.training_set(GROUPS, subject).equals(full.training_set(GROUPS, subject))


def test_a_backfill_leaves_an_earlier_training_set_as_it_was(tmp_path: Path, rows: pl.DataFrame) -> None:
    clock = Clock("2025-09-01")
    store = materialise(LocalStore(tmp_path, clock=clock), rows.sample(fraction=0.8, seed=1))
    subject = entities(rows.tail(200).drop("resale_price"))
    made = store.training_set(GROUPS, subject)
    asked_at = clock.now
    clock.set("2025-10-01")
    materialise(store, rows)
    assert not store.training_set(GROUPS, subject).equals(made)
    assert store.training_set(GROUPS, subject, known_by=asked_at).equals(made)


def test_the_committed_file_is_what_the_code_declares() -> None:
    declarations = load_declarations("hdb_resale")
    assert json.loads(declarations.path.read_text(encoding="utf-8")) == declarations.as_json()
