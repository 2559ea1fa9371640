"""Data tests: rows against the contract. The step Validate runs the contract over every delivery; these test it."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from data_sources.service_requests.sample import write_sample
from govml_pipeline.data.validation import validate_files
from usecases.service_requests.features import CONTRACT


def test_the_sample_keeps_the_contract(tmp_path: Path) -> None:
    outcome = validate_files([write_sample(tmp_path, seed=1, rows=2000)], CONTRACT)
    assert outcome.quarantined.is_empty()
    assert outcome.rows.height == 2000


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second, other = (
        write_sample(tmp_path / name, seed=seed, rows=1000).read_bytes()
        for name, seed in (("a", 4), ("b", 4), ("c", 5))
    )
    assert first == second != other


def test_a_row_without_its_month_is_quarantined(tmp_path: Path) -> None:
    path = write_sample(tmp_path, seed=1, rows=1000)
    frame = pl.read_csv(path, infer_schema=False)
    spoilt = pl.when(pl.int_range(pl.len()) == 7).then(None).otherwise(pl.col("month")).alias("month")
    frame.with_columns(spoilt).write_csv(path)
    outcome = validate_files([path], CONTRACT)
    assert outcome.quarantined.select("source_line", "column", "reason").rows() == [(9, "month", "missing value")]


def test_the_sample_is_what_makes_the_case_hard(tmp_path: Path) -> None:
    rows = validate_files([write_sample(tmp_path, seed=1, rows=20_000)], CONTRACT).rows
    late = rows["late"] == "YES"
    assert 0.08 < late.mean() < 0.15
    calls = rows.filter(pl.col("channel") == "HOTLINE")
    assert calls["words"].null_count() > calls.height / 2
    months = rows["month"].to_list()
    assert months != sorted(months), "nothing is delivered late"
    north_east = rows.filter((pl.col("region") == "NORTH-EAST") & late)["month"]
    assert (north_east >= "2024-03").mean() > (rows["month"] >= "2024-03").mean()


def test_a_request_is_delivered_once(tmp_path: Path) -> None:
    path = write_sample(tmp_path, seed=1, rows=1000)
    frame = pl.read_csv(path, infer_schema=False)
    assert frame.select("month", "request").is_unique().all()
