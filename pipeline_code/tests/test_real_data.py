"""The published files, when they are here: all three forms through one contract, to the row."""

from __future__ import annotations

import csv
import gzip
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from govml_pipeline.data.split import split_by_month
from govml_pipeline.data.validation import list_files, validate_files
from govml_pipeline.feature_store.local import LocalStore
from govml_pipeline.ingestion.lake import open_lake
from govml_pipeline.ingestion.run import ingest
from govml_pipeline.usecase import UseCase
from usecases.hdb_resale.derive import derive
from usecases.hdb_resale.feature_groups import GROUPS, compute, entities, features
from usecases.hdb_resale.features import HdbTransformation

pytestmark = pytest.mark.real_data


def test_all_files_reconcile_to_the_row(real_data: Path, use_case: UseCase) -> None:
    files, _ = list_files(real_data)
    outcome = validate_files(files, use_case.contract)
    lines = sum(gzip.decompress(path.read_bytes()).count(b"\n") - 1 for path in files)
    assert outcome.rows.height + outcome.quarantined.height == lines
    assert outcome.quarantined.is_empty()
    derived = derive(outcome.rows)
    assert derived["remaining_lease_years"].null_count() == 0
    assert derived["remaining_lease_years"].min() > 35
    assert derived["remaining_lease_years"].max() < 100
    assert derived["storey"].null_count() == 0


def test_read_validated_and_split_in_time(real_data: Path, use_case: UseCase) -> None:
    (path,) = real_data.glob("resale_2017*.csv.gz")
    started = time.process_time()
    outcome = validate_files([path], use_case.contract)
    split = split_by_month(outcome.rows, "month", test_months=12, validation_months=6)
    assert time.process_time() - started < 5  # CPU seconds of all threads: no other process can spoil the measurement
    assert outcome.rows.height == 214_874
    assert (split.train.height, split.validation.height, split.test.height) == (173_894, 14_704, 26_276)


def test_ingestion_reconciles_to_the_row_and_to_the_value(real_data: Path, use_case: UseCase, tmp_path: Path) -> None:
    """Counted anew with the standard library: every row of the files is in the table, and nothing else is."""
    lake = open_lake(
        use_case.contract,
        raw=str(real_data),
        curated=str(tmp_path / "curated"),
        catalogue=str(tmp_path / "catalogue.db"),
        database="lake",
    )
    run = ingest(lake, use_case.contract)
    taken = [entry for entry in run.taken_in if entry.outcome == "applied"]
    delivered: Counter[tuple[str, ...]] = Counter()
    for path in sorted(real_data.glob("*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                delivered[
                    row["month"],
                    row["town"],
                    row["block"],
                    row.get("remaining_lease") or "",
                    _number(row["resale_price"]),
                ] += 1
    table = lake.open_table()
    rows = table.rows(table.months())
    columns = rows.select("month", "town", "block", "remaining_lease", "resale_price").iter_rows()
    curated = Counter((month, town, block, lease or "", _number(price)) for month, town, block, lease, price in columns)
    assert curated == delivered
    assert run.rows == sum(entry.counts.accepted for entry in taken) == delivered.total()
    assert sum(entry.counts.read for entry in taken) == delivered.total() + sum(
        entry.counts.quarantined for entry in taken
    )
    assert not ingest(lake, use_case.contract).taken_in


def _number(value: str | float) -> str:
    return f"{float(value):.2f}"


def test_features_from_the_store_are_those_of_the_transformation_on_every_row(
    tmp_path: Path, real_data: Path, use_case: UseCase
) -> None:
    rows = validate_files(list_files(real_data)[0], use_case.contract).rows
    store, frames = LocalStore(tmp_path), compute(rows)
    for group in GROUPS:
        store.write(group, frames[group.name])
    fitted = HdbTransformation.fit(rows, rows)
    made = features(store.training_set(GROUPS, entities(rows.drop("resale_price"))), fitted)
    expected = fitted.transform(rows)
    np.testing.assert_allclose(made.matrix, expected.matrix, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(made.baseline, expected.baseline, rtol=1e-12)
