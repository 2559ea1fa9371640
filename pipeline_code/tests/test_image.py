"""The image's own programs, which SageMaker starts by name where a job takes no command."""

from __future__ import annotations

import subprocess
from pathlib import Path

TRAIN = Path(__file__).parents[1] / "image" / "train"


def start(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Start `train` as SageMaker does, with nothing but the job's environment."""
    return subprocess.run(
        [TRAIN], env={"PATH": "/usr/bin:/bin", **environment}, capture_output=True, text=True, check=False
    )


def test_train_runs_the_words_of_its_command() -> None:
    done = start({"GOVML_COMMAND": "printf [%s] trial --use-case hdb_resale * $HOME"})
    assert (done.returncode, done.stdout) == (0, "[trial][--use-case][hdb_resale][*][$HOME]")


def test_train_ends_as_its_command_ends() -> None:
    assert start({"GOVML_COMMAND": "false"}).returncode == 1


def test_train_without_a_command_says_so() -> None:
    for environment in ({}, {"GOVML_COMMAND": ""}):
        done = start(environment)
        assert (done.returncode, done.stderr.startswith("error: GOVML_COMMAND is not set")) == (2, True)
