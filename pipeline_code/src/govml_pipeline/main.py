"""Dispatch of the code archive's sub-commands, and what the outside sees of an error.

Exit codes: 0 done, 1 a defect of ours or of the platform (traceback), 2 a mistake in data or arguments (message only).
"""

from __future__ import annotations

import argparse
import contextlib
import sys

from govml_pipeline import paths
from govml_pipeline.errors import UserError
from govml_pipeline.steps import STEPS


def main(arguments: list[str] | None = None, *, archive: str | None = None) -> int:
    """Run one step; return the exit code.

    Args:
        arguments: command line without the program's name; `sys.argv` when None.
        archive: path of the zip application that runs, None when the package is installed.
    """
    parser = argparse.ArgumentParser(prog="code.zip", description="Steps of a SageMaker pipeline.")
    commands = parser.add_subparsers(dest="step", required=True, metavar="STEP")
    for name, step in STEPS.items():
        command = commands.add_parser(name, help=step.summary, description=step.summary)
        command.add_argument("--use-case", required=step.needs_use_case, help="a folder of usecases/")
        step.add_arguments(command)
    options = parser.parse_args(arguments)
    options.archive = archive
    try:
        STEPS[options.step].run(options)
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        _leave_message(str(error))
        return error.exit_code
    return 0


def _leave_message(text: str) -> None:
    """Put the error where the service reads the reason of a failed job; not worth a second error if it cannot."""
    with contextlib.suppress(OSError):
        file = paths.message_file()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text[:1024], encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
