from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from data_sources.hdb_resale.sample import make_sample, write_sample
from govml_pipeline.data.validation import validate_files
from govml_pipeline.errors import UserError
from govml_pipeline.usecase import UseCase


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    first = write_sample(tmp_path / "a", seed=4, rows=2000).read_bytes()
    assert first == write_sample(tmp_path / "b", seed=4, rows=2000).read_bytes()
    assert first != write_sample(tmp_path / "c", seed=5, rows=2000).read_bytes()


def test_keeps_the_contract_and_has_late_rows(tmp_path: Path, use_case: UseCase) -> None:
    path = write_sample(tmp_path, seed=1, rows=4000)
    outcome = validate_files([path], use_case.contract)
    assert outcome.report["dataset"]["rows_accepted"] == 4000
    assert (outcome.report["dataset"]["first_month"], outcome.report["dataset"]["last_month"]) == ("2017-01", "2025-08")
    months = outcome.rows["month"].to_list()
    assert months != sorted(months)
    assert months[:3900] == sorted(months[:3900])


def test_has_the_columns_of_the_real_data(use_case: UseCase) -> None:
    assert tuple(make_sample(seed=1, rows=1000).columns) == use_case.contract.names


@pytest.mark.parametrize(("seed", "rows"), [(1, 10), (-1, 2000)])
def test_refuses_what_it_cannot_make(tmp_path: Path, seed: int, rows: int) -> None:
    with pytest.raises(UserError):
        write_sample(tmp_path, seed=seed, rows=rows)
    assert not list(tmp_path.iterdir())


def test_command_line(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "govml_pipeline.data",
        "sample",
        "--source",
        "hdb_resale",
        "--output",
        str(tmp_path),
    ]
    done = subprocess.run([*command, "--seed", "3", "--rows", "1000"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "resale_sample.csv").read_bytes().count(b"\n") == 1001
    wrong = subprocess.run(
        [*command[:4], "--source", "no", "--output", "x"], capture_output=True, text=True, check=False
    )
    assert wrong.returncode == 2
    assert "error: data source 'no'" in wrong.stderr
