"""Training reads the very rows of the curated table that its manifest lists."""

from __future__ import annotations

import datetime
import json
import shutil
from pathlib import Path

import polars as pl
import pytest
from lakes import SALES, THIS_MONTH, deliver, make_lake

from govml_pipeline.data.validation import list_files, validate_files
from govml_pipeline.errors import UserError
from govml_pipeline.ingestion.run import ingest


def materialise(base: Path, target: Path) -> Path:
    """What SageMaker's input type ManifestFile puts into a job's folder."""
    _, *names = json.loads((base / "curated" / "manifests" / "latest.manifest").read_bytes())
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(base / "curated" / name, target / name)
    return target


def test_the_job_s_rows_are_the_table_s(tmp_path: Path) -> None:
    deliver(tmp_path, "a.csv", ["2025-01,A,,1", "2025-01,B,x,2", "2025-02,C,,3.25"], at=1_750_000_000)
    deliver(tmp_path, "b.csv", ["2025-01,B,x,7", "2025-01,Z,,1"], at=1_750_000_009)
    lake = make_lake(tmp_path)
    run = ingest(lake, SALES, this_month=THIS_MONTH)
    files, others = list_files(materialise(tmp_path, tmp_path / "job"))
    assert not others
    checked = validate_files(files, SALES, this_month=THIS_MONTH)
    assert sorted(checked.rows.select("month", "shop", "note", "price").rows()) == [
        ("2025-01", "A", None, 1.0),
        ("2025-01", "B", "x", 7.0),
        ("2025-02", "C", None, 3.25),
    ]
    assert checked.quarantined.is_empty()
    assert set(checked.rows["source_file"]) == {entry.id for entry in run.taken_in}


def test_a_row_that_breaks_the_contract_now_is_held_back(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    pl.DataFrame({"month": ["2025-01", "2025-01"], "shop": ["A", "Q"], "price": [1.0, 2.0]}).write_parquet(
        tmp_path / "in" / "x.parquet"
    )
    with pytest.raises(UserError, match="1 of 2 rows break the data contract"):
        validate_files(list_files(tmp_path / "in")[0], SALES, this_month=THIS_MONTH)


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "x.parquet").write_bytes(b"month,shop")
    with pytest.raises(UserError, match="not a Parquet file"):
        validate_files(list_files(folder)[0], SALES)
    pl.DataFrame({"month": ["2025-01"]}).write_parquet(folder / "x.parquet")
    with pytest.raises(UserError, match="lacks column 'shop', 'price'"):
        validate_files(list_files(folder)[0], SALES)
    (folder / "y.csv").write_text("month\n")
    with pytest.raises(UserError, match="train on one of the two"):
        list_files(folder)


ODD = {
    "a list": pl.Series("shop", [["A"]]),
    "a structure": pl.Series("shop", [{"a": "A"}]),
    "a length of time": pl.Series("shop", [datetime.timedelta(1)]),
    "bytes that are no text": pl.Series("shop", [b"\xff\xfe"]),
    "a line below zero": pl.Series("source_line", [-1]),
    "a line that is text": pl.Series("source_line", ["x"]),
}


@pytest.mark.parametrize("column", ODD.values(), ids=ODD.keys())
def test_a_column_of_an_odd_type_is_named(tmp_path: Path, column: pl.Series) -> None:
    rows = pl.DataFrame({"month": ["2025-01"], "shop": ["A"], "price": [1.0]}).with_columns(column)
    rows.write_parquet(tmp_path / "x.parquet")
    with pytest.raises(UserError, match=f"x.parquet: column '{column.name}' is of type"):
        validate_files(list_files(tmp_path)[0], SALES)


def test_numbers_name_deliveries_too_and_zero_rows_are_refused(tmp_path: Path) -> None:
    rows = pl.DataFrame({"month": ["2025-01"], "shop": ["A"], "price": [1.0], "delivery_id": [5]})
    rows.write_parquet(tmp_path / "x.parquet")
    assert validate_files([tmp_path / "x.parquet"], SALES, this_month=THIS_MONTH).rows["source_file"].to_list() == ["5"]
    rows.head(0).write_parquet(tmp_path / "x.parquet")
    with pytest.raises(UserError, match="zero rows"):
        validate_files([tmp_path / "x.parquet"], SALES)
