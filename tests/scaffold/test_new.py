"""`govml usecase new`: bad names, taken names and unusable files are refused, and nothing is left."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from new_use_cases import NEEDS_PIPELINE, agency_entry, deliver, new
from scaffolds import run

from govml.cli.use_case_new import usecase
from govml.errors import UserError


def listing(repository: Path) -> list[str]:
    return sorted(str(path.relative_to(repository)) for path in repository.rglob("*") if path.is_file())


def test_prints_what_the_agency_file_needs(repository: Path) -> None:
    assert agency_entry(new(repository, "first_try", "--kind", "classification")) == {
        "data": {"sources": {"first_try": {}}},
        "use_cases": {"first_try": {"acceptance": {"roc_auc": {"min": 0.65}}}},
    }


@pytest.mark.parametrize("name", ["A", "9lives", "my-case", "my__case", "x" * 26, "class", "../up", ""])
def test_a_bad_name_is_refused(repository: Path, name: str) -> None:
    before = listing(repository)
    with pytest.raises(UserError):
        new(repository, name, "--kind", "regression")
    assert listing(repository) == before


def test_nothing_is_replaced(repository: Path) -> None:
    page = repository / "docs" / "use-cases" / "my-case.md"
    page.write_text("ours")
    before = listing(repository)
    with pytest.raises(UserError, match=r"use case 'my_case' is there: docs/use-cases/my-case\.md"):
        new(repository, "my_case", "--kind", "regression")
    assert listing(repository) == before
    assert page.read_text() == "ours"


def test_a_move_that_fails_takes_back_the_others(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = listing(repository)
    rename = Path.rename

    def full(self: Path, target: Path) -> Path:
        if target.suffix == ".md":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OSError, match="No space"):
        new(repository, "my_case", "--kind", "regression")
    assert listing(repository) == before


def test_another_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not this repository"):
        new(tmp_path, "my_case", "--kind", "regression")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("columns", "arguments", "message"),
    [
        ({}, ["--kind", "regression", "--target", "price"], "has no column 'price'"),
        ({}, ["--kind", "regression"], "kind regression has a target"),
        ({}, ["--kind", "clustering", "--target", "fee"], "kind clustering has no target"),
        ({}, ["--kind", "regression", "--target", "zone"], "zone = '(North|South|East)' is not a number"),
        ({}, ["--kind", "regression", "--target", "fee"], "100 rows have no fee"),
        ({}, ["--kind", "classification", "--target", "ticket"], "ticket has 900 classes"),
        ({"paid": lambda _: "yes"}, ["--kind", "classification", "--target", "paid"], "paid never changes"),
        ({"period": lambda row: f"2021-01-{row % 28 + 1:02d}"}, ["--kind", "clustering"], "it holds days"),
        ({"period": lambda _: "2021-01"}, ["--kind", "clustering"], "covers 2021-01 to 2021-01"),
        ({"Unit Price": lambda _: "1"}, ["--kind", "clustering"], "rename it in the file, for example to unit_price"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(
    repository: Path, tmp_path: Path, columns: dict[str, Any], arguments: list[str], message: str
) -> None:
    file, before = deliver(tmp_path / "fines.csv", **columns), listing(repository)
    with pytest.raises(UserError, match=message):
        new(repository, "fines", "--from-csv", str(file), "--time", "period", *arguments)
    assert listing(repository) == before


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"period,fee\n2021-01,1\n", "has 1 rows"),
        (b"period,fee\n2021-01\n", "line 2: 1 fields instead of 2"),
        (b"period,period\n", "is there twice"),
        (b"period,\xff\n", "cannot be read as CSV"),
        (b"period,fee\n2021-01,1\x00\n", "line 2: binary data"),
        (",".join(f"c{number}" for number in range(100_000)).encode() + b",c7\n", "'c7' is there twice"),
    ],
)
def test_a_file_that_is_no_table_is_refused(repository: Path, tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "fines.csv"
    file.write_bytes(content)
    with pytest.raises(UserError, match=message):
        new(repository, "fines", "--kind", "clustering", "--from-csv", str(file), "--time", "period")


def test_options_about_a_file_need_one(repository: Path) -> None:
    with pytest.raises(UserError, match="are about a file"):
        new(repository, "fines", "--kind", "regression", "--target", "fee")
    with pytest.raises(UserError, match="needs --time"):
        new(repository, "fines", "--kind", "regression", "--from-csv", __file__)


@NEEDS_PIPELINE
def test_the_definition_is_authored_too(repository: Path) -> None:
    arguments = ["new", "first_try", "--kind", "anomaly", "--root", str(repository)]
    result = CliRunner().invoke(usecase, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    definition = repository / "pipeline_code" / "usecases" / "first_try" / "definition.json"
    names = [step["Name"] for step in json.loads(definition.read_text())["Steps"]]
    assert names[:5] == ["Validate", "Prepare", "Tune", "Train", "Evaluate"]
    run(repository, "-m", "govml_pipeline.authoring", "--check", "usecases.first_try")


@NEEDS_PIPELINE
def test_a_definition_that_cannot_be_authored_leaves_nothing(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = listing(repository)
    monkeypatch.setenv("PYTHONHASHSEED", "not a number")
    with pytest.raises(UserError, match="definition cannot be authored"):
        CliRunner().invoke(
            usecase, ["new", "first_try", "--kind", "anomaly", "--root", str(repository)], catch_exceptions=False
        )
    assert listing(repository) == before
