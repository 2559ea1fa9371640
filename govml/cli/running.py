"""Runs a deployed pipeline on this machine, with its progress on the terminal: shared by the commands that do so."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from govml.cli.use_case import exit_on_failure
from govml.local.paths import state_directory

if TYPE_CHECKING:
    from govml.execution.account import Account
    from govml.execution.local_run import Target

# What a shell reports for a process that Ctrl-C ended: 128 + SIGINT.
INTERRUPTED = 130


def run_here(target: Target, *, account: Account, interpreter: Path, workers: int, keep: bool) -> None:
    """Run a pipeline to its end and exit as it did: 0 succeeded, 1 failed, 130 stopped.

    Args:
        target: the deployed pipeline, and what it is for.
        account: where it is deployed.
        interpreter: Python that has the pipeline's dependencies.
        workers: steps at a time.
        keep: keep the directories of succeeded steps too.

    Raises:
        UserError: it is not deployed, cannot be run here, or has no data.
    """
    from govml.execution.local_run import prepare_run
    from govml.execution.progress import shown
    from govml.execution.record import Status
    from govml.execution.report import report

    local = prepare_run(
        target,
        account=account,
        state=state_directory(),
        interpreter=interpreter,
        workers=workers,
        keep_workspaces=keep,
    )
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
