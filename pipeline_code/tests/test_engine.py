"""The job on the embedded engine, and what a user is told; that Spark gives the same is test_engine_spark.py."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from csvs import line, text

from govml_pipeline.data.checks import check_rows
from govml_pipeline.data.csv_file import FILE, LINE, read_csv_file
from govml_pipeline.engine import job, session
from govml_pipeline.engine.embedded import EmbeddedEngine
from govml_pipeline.errors import UserError
from govml_pipeline.features.history import monthly_totals
from govml_pipeline.main import main
from govml_pipeline.usecase import UseCase
from usecases.hdb_resale.derive import derive

NOW = 2025 * 12 + 11


def run(rows: Path, output: Path, use_case: UseCase, **changes) -> job.Outcome:
    contract = replace(use_case.contract, **changes)
    return job.run(
        EmbeddedEngine(),
        rows=str(rows),
        output=str(output),
        contract=contract,
        derivation=use_case.derivation,
        this_month=NOW,
    )


@pytest.fixture
def delivery(tmp_path: Path, sample_file: Path) -> Path:
    folder = tmp_path / "rows"
    folder.mkdir()
    (folder / "b.csv").write_bytes(sample_file.read_bytes())
    (folder / "a.csv").write_text(text(*[line()] * 30, line(town="ATLANTIS"), line(flat_type="")))
    return folder


def test_gives_what_the_functions_in_memory_give(delivery: Path, tmp_path: Path, use_case: UseCase) -> None:
    outcome = run(delivery, tmp_path / "out", use_case)
    raw = pl.concat([read_csv_file(delivery / name, use_case.contract).rows for name in ("a.csv", "b.csv")])
    good, bad = check_rows(raw, use_case.contract, this_month=NOW)
    assert pl.read_parquet(tmp_path / "out/accepted/*.parquet").equals(good.cast({LINE: pl.Int64}))
    assert (
        pl.read_parquet(tmp_path / "out/quarantine/*.parquet").sort(LINE).equals(bad.cast({LINE: pl.Int64}).sort(LINE))
    )
    assert (outcome.read, outcome.accepted, outcome.quarantined) == (5032, 5030, 2)

    derived = derive(good)
    measure = (derived["resale_price"] / derived["floor_area_sqm"]).to_numpy()
    for key, count in outcome.totals.items():
        table = pl.read_parquet(tmp_path / f"out/totals/{key}/*.parquet")
        assert table.equals(monthly_totals(derived[key], derived["month_number"].to_numpy(), measure))
        assert table["count"].sum() == 5030
        assert table["total"].sum() == pytest.approx(measure.sum())
        assert table.height == count


def test_parquet_of_raw_rows_gives_the_same_as_their_csv(delivery: Path, tmp_path: Path, use_case: UseCase) -> None:
    raw = pl.concat([read_csv_file(delivery / name, use_case.contract).rows for name in ("a.csv", "b.csv")])
    raw.write_parquet(tmp_path / "rows.parquet")
    by_csv = run(delivery, tmp_path / "csv", use_case)
    by_parquet = run(tmp_path / "rows.parquet", tmp_path / "parquet", use_case)
    assert by_parquet == by_csv
    for name in ("accepted", "quarantine", "totals/block_key"):
        first, second = (pl.read_parquet(tmp_path / kind / name / "*.parquet") for kind in ("csv", "parquet"))
        assert first.equals(second.cast(first.schema))


def test_the_delivery_is_refused_by_the_contracts_rules(tmp_path: Path, use_case: UseCase) -> None:
    file = tmp_path / "delivery.csv"
    file.write_text(text(*[line()] * 50, line(month="2017-13")))
    with pytest.raises(UserError, match=r"1 rows cannot be read.*\n.*line 52: month = '2017-13': malformed"):
        run(file, tmp_path / "a", use_case, malformed_rows="refuse")
    assert run(file, tmp_path / "b", use_case, malformed_rows="quarantine").malformed == 1
    file.write_text(text(*[line()] * 90, *[line(town="ATLANTIS")] * 10))
    with pytest.raises(UserError, match=r"10 of 100 rows break the data contract \(10\.0%, at most 5\.0%\)"):
        run(file, tmp_path / "c", use_case)


def test_the_step_leaves_all_or_nothing(delivery: Path, tmp_path: Path, capsys) -> None:
    arguments = ["transform", "--use-case", "hdb_resale", "--rows", str(delivery), "--output", str(tmp_path / "out")]
    assert main([*arguments, "--this-month", "2025-12"]) == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "accepted", "quarantine", "totals", "transform.json",
    ]  # fmt: skip
    assert json.loads((tmp_path / "out/transform.json").read_text())["accepted"] == 5030
    (delivery / "c.csv").write_text(text(*[line(town="ATLANTIS")] * 2000))
    arguments[-1] = str(tmp_path / "refused")
    assert main(arguments) == 2
    assert "break the data contract" in capsys.readouterr().err
    assert list((tmp_path / "refused").iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--engine", "flink"], "there is no engine 'flink'"),
        (["--master", "local"], "--master is Spark's"),
        (["--rows", "s3a://bucket/rows"], "reads local files only"),
        (["--this-month", "soon"], "'soon' is not a month"),
    ],
)
def test_mistakes_are_named(arguments: list[str], message: str, tmp_path: Path, capsys) -> None:
    given = ["transform", "--use-case", "hdb_resale", "--rows", str(tmp_path), "--output", str(tmp_path / "out")]
    assert main([*given, *arguments]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert "hint: " in error


def test_rows_that_are_none_are_named(tmp_path: Path, use_case: UseCase) -> None:
    with pytest.raises(UserError, match=r"no \.parquet, \.csv"):
        run(tmp_path, tmp_path / "a", use_case)
    rows = pl.DataFrame({FILE: "x", LINE: 1} | dict.fromkeys(use_case.contract.names, "1"))
    rows.drop("town").write_parquet(tmp_path / "rows.parquet")
    with pytest.raises(UserError, match="missing column 'town'"):
        run(tmp_path, tmp_path / "b", use_case)
    rows.with_columns(resale_price=1.0).write_parquet(tmp_path / "rows.parquet")
    with pytest.raises(UserError, match="column 'resale_price' is Float64, not text"):
        run(tmp_path, tmp_path / "c", use_case)
    (tmp_path / "rows.csv").write_text(text(line()))
    with pytest.raises(UserError, match="holds Parquet and CSV files"):
        run(tmp_path, tmp_path / "d", use_case)


def test_without_pyspark_the_user_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(UserError, match=r"needs PySpark(.|\n)*requirements/spark\.txt(.|\n)*--engine embedded"):
        session.start(str(tmp_path))


def test_without_java_the_user_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(session, "_pyspark", lambda: tmp_path)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(UserError, match=r"needs Java(.|\n)*Java 17 or 21"):
        session.start(str(tmp_path))


def test_sums_in_units_are_exact_for_small_and_large_values() -> None:
    from itertools import permutations

    import numpy as np

    for values in ([0.1, 0.2, 0.3], [-1.75, 2.5, -0.25], [1e9 + 0.5, -1e-9, 3.0]):
        totals = {
            monthly_totals(pl.Series(["a"] * 3), np.full(3, 1), np.array(order))["total"][0]
            for order in permutations(values)
        }
        assert len(totals) == 1
        assert totals.pop() == pytest.approx(sum(values), abs=4e-10)
