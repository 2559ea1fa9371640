"""`govml usecase new`: use cases of every kind, and one from a file, run at once."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import pytest
from new_use_cases import NEEDS_PIPELINE, acceptance, deliver, new
from scaffolds import Trial, lint, try_out

from govml.contracts import read_contract
from govml.scaffold.columns import Kind

pytestmark = NEEDS_PIPELINE


@dataclass(frozen=True)
class Tried:
    """What came of the use cases: one of each kind, `try_<kind>`, and `fines` from a file."""

    repository: Path
    work: Path
    printed: dict[str, str]


@pytest.fixture(scope="module")
def tried(shared_repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Tried:
    work = tmp_path_factory.mktemp("work")
    file = deliver(work / "fines.csv")
    chosen = ["--from-csv", str(file), "--time", "period", "--target", "paid", "--key", "ticket"]
    wanted = {f"try_{kind}": ["--kind", kind] for kind in get_args(Kind)}
    trials = []
    for name, arguments in {**wanted, "fines": ["--kind", "classification", *chosen]}.items():
        result = new(shared_repository, name, *arguments)
        assert result.exit_code == 0, result.output
        trials.append(Trial(name, work / name, json.dumps(acceptance(result, name))))
    return Tried(shared_repository, work, try_out(shared_repository, trials))


def test_what_is_scaffolded_is_clean(tried: Tried) -> None:
    lint(tried.repository)


@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_kind_runs_at_once(tried: Tried, kind: str) -> None:
    name = f"try_{kind}"
    assert read_contract(name, tried.repository / "pipeline_code" / "data_sources" / name).columns["month"]
    assert f"tests/usecases/{name}/" in tried.printed["tests"]
    assert "3,000 rows read" in tried.printed[name]
    assert "validation-score=" in tried.printed[name]
    folder = tried.work / name / "assess/processing/output/assessment"
    assert json.loads((folder / "assessment.json").read_text())["verdict"] == "accepted"
    tests = json.loads((folder / "model_tests.json").read_text())
    assert tests["failed"] == 0


def test_a_file_becomes_a_contract_and_a_use_case_that_runs(tried: Tried) -> None:
    path = tried.repository / "pipeline_code" / "data_sources" / "fines" / "contract.toml"
    contract = tomllib.loads(path.read_text())
    columns = {column.pop("name"): column for column in contract["columns"]}
    assert contract["dataset"]["key"] == ["period", "ticket"]
    assert {name: column["kind"] for name, column in columns.items()} == {
        "period": "month", "ticket": "text", "zone": "category", "speed": "integer", "fee": "decimal", "paid": "category",
    }  # fmt: skip
    assert columns["zone"]["values"] == ["EAST", "NORTH", "SOUTH"]
    assert columns["paid"]["values"] == ["NO", "YES"]
    assert columns["fee"]["required"] is False
    assert (columns["speed"]["minimum"], columns["speed"]["maximum"]) == (15, 155)
    assert "tests/usecases/fines/" in tried.printed["tests"]
    assert "validation-score=" in tried.printed["fines"]
