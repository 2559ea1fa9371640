"""Runs a deployed pipeline on this machine, with its progress on the terminal: shared by the commands that do so."""

from __future__ import annotations

import signal
import sys
from types import FrameType
from typing import TYPE_CHECKING

import click

from govml.cli.use_case import INTERPRETER, exit_on_failure
from govml.local.paths import state_directory

if TYPE_CHECKING:
    from govml.execution.account import Account
    from govml.execution.local_run import LocalRun, Machine

# What a shell reports for a process that Ctrl-C ended: 128 + SIGINT.
INTERRUPTED = 130


def machine(account: Account, *, workers: int = 2, keep: bool = False, use_cache: bool = True) -> Machine:
    """Return what this machine lends to runs; see `govml.execution.local_run.Machine`."""
    from govml.execution.local_run import Machine

    return Machine(
        account=account,
        state=state_directory(),
        interpreter=INTERPRETER,
        workers=workers,
        keep_workspaces=keep,
        use_cache=use_cache,
    )


def run_here(local: LocalRun) -> None:
    """Run a pipeline to its end and exit as it did: 0 succeeded, 1 failed, 130 stopped."""
    from govml.execution.progress import shown
    from govml.execution.record import Status
    from govml.execution.report import report

    for number in (signal.SIGTERM, signal.SIGHUP):  # a closed terminal must end the steps as Ctrl-C does
        signal.signal(number, _interrupt)
    with shown(local.record) as listener:
        record = local.runner.run(listener)
    click.echo(report(record, directory=local.directory))
    if record.status is Status.STOPPED:
        sys.exit(INTERRUPTED)
    exit_on_failure(record.status is not Status.SUCCEEDED)


def _interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a signal handler
    raise KeyboardInterrupt
