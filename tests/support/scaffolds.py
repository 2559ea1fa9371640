"""Scaffolded use cases, run by the pipeline's own interpreter as the account would run it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from govml.cli.use_case import INTERPRETER, REPOSITORY

# One process for all use cases, as loading the libraries takes longer than what the steps do: each step finds the folders of
# a container, and the next one gets what it left. Then come the use cases' own tests.
PROGRAM = """
import json, os, shutil, sys
from pathlib import Path
import pytest
from govml_pipeline.data.__main__ import main as data
from govml_pipeline.main import main

def run_steps(name, work, criteria):
    inputs = {
        "validate": {"processing/input/raw": "raw"},
        "prepare": {"processing/input/validated": "validate/processing/output/validated"},
        "trial": {f"input/data/{part}": f"prepare/processing/output/{part}" for part in ("train", "validation", "transformation")},
    }
    inputs["train"] = {**inputs["trial"], "input/data/trial": "trial/model"}
    inputs["evaluate"] = {"processing/input/model": "train/model", "processing/input/test": "prepare/processing/output/test"}
    inputs["assess"] = {
        **inputs["evaluate"],
        "processing/input/train": "prepare/processing/output/train",
        "processing/input/report": "validate/processing/output/report",
        "processing/input/evaluation": "evaluate/processing/output/evaluation",
        "processing/input/predictions": "evaluate/processing/output/predictions",
    }
    assert data(["sample", "--source", name, "--output", str(work / "raw"), "--rows", "3000"]) == 0
    for step, parts in inputs.items():
        for place, origin in parts.items():
            shutil.copytree(work / origin, work / step / place)
        os.environ["SAGEMAKER_BASE_DIR"] = str(work / step)
        code = main([step, "--use-case", name, *(["--criteria", criteria] if step == "assess" else [])])
        assert code == 0, step

for name, work, criteria in json.loads(sys.argv[1]):
    print(f"=== {name}", flush=True)
    run_steps(name, Path(work), criteria)
del os.environ["SAGEMAKER_BASE_DIR"]
print("=== tests", flush=True)
tests = "tests/usecases"
sys.exit(pytest.main(["-v", "-p", "no:cacheprovider", "--confcutdir", tests, tests]))
"""


@dataclass(frozen=True)
class Trial:
    """A scaffolded use case that is to be run.

    Args:
        name: the use case.
        work: folder for what its steps leave, one folder a step.
        criteria: acceptance criteria as JSON.
    """

    name: str
    work: Path
    criteria: str


def run(repository: Path, *arguments: str) -> str:
    """Run the pipeline's interpreter on a scaffold; return what it printed.

    Raises:
        AssertionError: it failed.
    """
    path = [repository / "pipeline_code", REPOSITORY / "pipeline_code" / "src", REPOSITORY / "pipeline_code"]
    done = subprocess.run(
        [str(INTERPRETER), *arguments],
        cwd=repository / "pipeline_code",
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def try_out(repository: Path, trials: Sequence[Trial]) -> dict[str, str]:
    """Run sample and the steps Validate to Assess of use cases, and then their own tests.

    Returns:
        What each use case's steps printed, by its name, and what pytest said, test by test, under `tests`.

    Raises:
        AssertionError: a step or a test failed.
    """
    given = json.dumps([(each.name, str(each.work), each.criteria) for each in trials])
    _, *parts = f"\n{run(repository, '-c', PROGRAM, given)}".split("\n=== ")
    return {name: text for name, _, text in (part.partition("\n") for part in parts)}


def lint(repository: Path) -> None:
    """Check and format-check the scaffold as this repository is checked."""
    ruff = REPOSITORY / ".venv" / "bin" / "ruff"
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run([str(ruff), *command, "."], cwd=repository, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
