"""The embedded engine and Spark, in processes of its own, give the same rows: `make test-spark` runs this file."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from csvs import line, text
from dirty_rows import ROWS
from hypothesis import HealthCheck, given, settings
from polars.testing import assert_frame_equal

from govml_pipeline.data.contract import Contract
from govml_pipeline.data.csv_file import FILE, LINE
from govml_pipeline.engine import job
from govml_pipeline.engine.choice import open_engine
from govml_pipeline.engine.spark import SparkEngine
from govml_pipeline.errors import UserError
from govml_pipeline.usecase import UseCase

pytestmark = pytest.mark.spark
pytest.importorskip("pyspark", reason="PySpark is not in this environment; make test-spark has one")
NOW = 2025 * 12 + 11


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkEngine]:
    with open_engine("spark", master="local-cluster[2,1,1024]") as engine:
        yield engine


def results(
    engine, rows: Path, output: Path, use_case: UseCase, contract: Contract
) -> tuple[dict[str, pl.DataFrame], job.Outcome]:
    outcome = job.run(
        engine,
        rows=str(rows),
        output=str(output),
        contract=contract,
        derivation=use_case.derivation,
        this_month=NOW,
    )
    frames = {
        str(folder.relative_to(output)): pl.read_parquet(folder / "*.parquet")
        for folder in (output / job.ACCEPTED, output / job.QUARANTINE, *(output / job.TOTALS).iterdir())
    }
    order = {name: (FILE, LINE) if LINE in frame.columns else ("key", "month") for name, frame in frames.items()}
    return {name: frame.sort(order[name]) for name, frame in frames.items()}, outcome


def compare(
    spark: SparkEngine, rows: Path, folder: Path, use_case: UseCase, contract: Contract, *, keys: int = 1
) -> job.Outcome:
    """Assert that both engines give the same rows, to the last bit, and return the figures; totals of `keys` keys."""
    use_case = replace(use_case, derivation=replace(use_case.derivation, keys=use_case.derivation.keys[-keys:]))
    with open_engine("embedded") as embedded:
        here, figures = results(embedded, rows, folder / "embedded", use_case, contract)
    there, others = results(spark, rows, folder / "spark", use_case, contract)
    assert here.keys() == there.keys()
    for name, frame in here.items():
        assert_frame_equal(there[name], frame, check_dtypes=True, check_exact=True)
    assert replace(others, engine="embedded") == figures
    return figures


def test_dirty_rows_are_judged_alike(spark: SparkEngine, tmp_path: Path, use_case: UseCase) -> None:
    rows: list[dict[str, str | None]] = []

    @settings(max_examples=1500, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(ROWS)
    def collect(row: dict[str, str | None]) -> None:
        rows.append(row)

    collect()
    frame = pl.DataFrame(rows, schema=dict.fromkeys(use_case.contract.names, pl.String)).with_columns(
        pl.lit("x").alias(FILE), pl.int_range(pl.len()).alias(LINE)
    )
    (tmp_path / "rows").mkdir()
    for part in range(3):  # several tasks, so that executors and orders differ
        frame.gather_every(3, part).write_parquet(tmp_path / "rows" / f"{part}.parquet")
    lenient = replace(use_case.contract, malformed_rows="quarantine", max_quarantine_share=1.0)
    figures = compare(spark, tmp_path / "rows", tmp_path, use_case, lenient)
    assert figures.read == frame.height
    assert min(figures.accepted, figures.quarantined, figures.malformed) > 50


def test_csv_files_are_read_alike(spark: SparkEngine, tmp_path: Path, use_case: UseCase, sample_file: Path) -> None:
    folder = tmp_path / "rows"
    folder.mkdir()
    (folder / "sample.csv").write_bytes(sample_file.read_bytes())
    (folder / "late.csv").write_text(text(*[line()] * 30, line(town="ATLANTIS"), "half,a,row", line(month="2017-13")))
    lenient = replace(use_case.contract, malformed_rows="quarantine")
    figures = compare(spark, folder, tmp_path, use_case, lenient)
    assert (figures.read, figures.quarantined, figures.malformed) == (5033, 3, 2)


def test_a_refused_file_is_refused_in_the_same_words(spark: SparkEngine, tmp_path: Path, use_case: UseCase) -> None:
    (tmp_path / "prices.csv").write_text("month;town\n2017-01;BEDOK\n")
    with open_engine("embedded") as embedded, pytest.raises(UserError) as here:
        results(embedded, tmp_path / "prices.csv", tmp_path / "a", use_case, use_case.contract)
    with pytest.raises(UserError) as there:
        results(spark, tmp_path / "prices.csv", tmp_path / "b", use_case, use_case.contract)
    assert "separate the fields with commas" in str(here.value)
    assert str(there.value) == str(here.value)


def test_spark_listens_on_loopback_only_and_asks_for_a_secret(spark: SparkEngine) -> None:
    context = spark._session.sparkContext
    settings_of = dict(context.getConf().getAll())
    assert settings_of["spark.authenticate"] == settings_of["spark.network.crypto.enabled"] == "true"
    assert settings_of["spark.io.encryption.enabled"] == "true"
    assert settings_of["spark.master"].startswith("local-cluster")
    listening = _listening_addresses(_descendants(os.getpid()))
    assert listening
    assert listening <= {"127.0.0.1", "::1", "::ffff:127.0.0.1"}


def _descendants(parent: int) -> set[int]:
    children: dict[int, set[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        children.setdefault(int(fields[1]), set()).add(int(status.parent.name))
    found, queue = set(), [parent]
    while queue:
        for child in children.get(queue.pop(), set()) - found:
            found.add(child)
            queue.append(child)
    return found


def _listening_addresses(processes: set[int]) -> set[str]:
    """Addresses of listening TCP sockets, from /proc; state 0A is LISTEN (proc(5), /proc/net/tcp)."""
    inodes = set()
    for process in processes:
        for handle in Path(f"/proc/{process}/fd").iterdir():
            try:
                inodes.add(str(handle.readlink()).removeprefix("socket:[").removesuffix("]"))
            except OSError:
                continue
    found = set()
    for table, family in (("tcp", socket.AF_INET), ("tcp6", socket.AF_INET6)):
        for entry in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = entry.split()
            if fields[3] == "0A" and fields[9] in inodes:
                digits = bytes.fromhex(fields[1].partition(":")[0])
                words = b"".join(digits[start : start + 4][::-1] for start in range(0, len(digits), 4))
                found.add(socket.inet_ntop(family, words))
    return found


@pytest.mark.real_data
def test_the_real_files_give_the_same_rows(
    spark: SparkEngine, tmp_path: Path, use_case: UseCase, real_data: Path
) -> None:
    figures = compare(spark, real_data, tmp_path, use_case, use_case.contract, keys=5)
    assert (figures.read, figures.quarantined) == (304_230, 0)
