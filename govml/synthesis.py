"""Runs `govml synth`, gate included, for commands that need an assembly."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from govml.errors import UserError

REPOSITORY = Path(__file__).resolve().parents[1]


def synthesise(
    config: Path,
    environment: str | None,
    *,
    output: Path,
    context: Sequence[str] = (),
    quiet: bool = False,
    judged: bool = True,
) -> Path:
    """Run `govml synth` and return the folder of the assembly.

    Args:
        config: agency file.
        environment: environment of that file; None for all.
        output: the folder to make.
        context: further CDK context, as in `["govml:allow-destroy=sandbox-dev"]`.
        quiet: show its output as errors only, for commands whose own output is read by programs.
        judged: demand that the gate passes; without it, templates are enough.

    Raises:
        UserError: the synthesis or its gate failed; its own output has said why.
    """
    command = [sys.executable, "-m", "govml.cli.main", "synth", "--config", str(config.resolve())]
    command += ["--output", str(output)]
    if environment is not None:
        command += ["--environment", environment]
    for pair in context:
        command += ["--context", pair]
    done = subprocess.run(
        command,
        cwd=REPOSITORY,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if quiet else None,
        text=True,
        check=False,
    )
    if done.returncode and (judged or not (output / "manifest.json").is_file()):
        print(done.stdout or "", file=sys.stderr, end="")
        raise UserError("there are no templates, because the synthesis failed", hint="mend what it says above")
    return output
