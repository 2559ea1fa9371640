"""The program that serves a model: the same code as in the model's container."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from govml.execution.environment import child_environment

LOOPBACK = "127.0.0.1"


class Program(Protocol):
    """How a model process is started."""

    def command(self, model: Path, port: int) -> list[str]:
        """Return program and arguments that serve the model in `model` on a port of loopback."""
        ...

    def environment(self, job: Mapping[str, str], folder: Path) -> dict[str, str]:
        """Return the process's whole environment, with the container's own variables in it."""
        ...


@dataclass(frozen=True)
class ServingProgram:
    """`python -m govml_pipeline.serving`, as the serving image runs it.

    Args:
        interpreter: Python that has the pipeline's dependencies.
        home: home directory of the process.
    """

    interpreter: Path
    home: Path

    def command(self, model: Path, port: int) -> list[str]:
        """Return program and arguments."""
        arguments = ["--model-dir", str(model), "--host", LOOPBACK, "--port", str(port)]
        return [str(self.interpreter), "-m", "govml_pipeline.serving", *arguments]

    def environment(self, job: Mapping[str, str], folder: Path) -> dict[str, str]:
        """Return the environment: nothing of the user's, no way to the account (a model needs none)."""
        self.home.mkdir(parents=True, exist_ok=True)
        return child_environment(
            interpreter=self.interpreter,
            home=self.home,
            base_dir=folder,
            platform={},
            job=job,
            overrides={},
            account=None,
        )
