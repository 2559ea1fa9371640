"""A scaffolded use case, run by the pipeline's own interpreter as the account would run it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from govml.cli.use_case import INTERPRETER, REPOSITORY

# One process: each step finds the folders of a container, and the next one gets what it left.
STEPS = """
import os, shutil, sys
from pathlib import Path
from govml_pipeline.data.__main__ import main as data
from govml_pipeline.main import main

name, work, criteria = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
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
"""


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


def run_steps(repository: Path, name: str, work: Path, criteria: str) -> str:
    """Run sample and the steps Validate to Assess of a use case, against acceptance criteria as JSON."""
    return run(repository, "-c", STEPS, name, str(work), criteria)


def run_tests(repository: Path, name: str) -> str:
    """Run the use case's own tests."""
    folder = f"tests/usecases/{name}"
    return run(repository, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--confcutdir", folder, folder)


def lint(repository: Path) -> None:
    """Check and format-check the scaffold as this repository is checked."""
    ruff = REPOSITORY / ".venv" / "bin" / "ruff"
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run([str(ruff), *command, "."], cwd=repository, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
