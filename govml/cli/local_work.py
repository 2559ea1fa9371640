"""`govml local work`: run the pipelines that something in the local account has started."""

from __future__ import annotations

import datetime
import signal
import threading
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from govml.local.working.worker import Subject


@click.command()
@click.option("--config", default="config/sandbox.yaml", show_default=True, help="The agency file that is deployed.")
@click.option("--once", is_flag=True, help="End when nothing waits any more.")
def work(config: str, once: bool) -> None:
    """Run what schedules, alarms and functions of the local account start, until Ctrl-C.

    Executions take time from now on: they are Executing until this worker has run their steps.
    """
    from govml.cli.running import machine
    from govml.local import connection
    from govml.local.working.worker import Worker

    account = connection()
    worker = Worker(account, machine(account), subjects(Path(config)), _tell)
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of a signal handler
        threading.Thread(target=stop.set).start()  # the main thread may hold the event's lock while it waits on it

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    _tell("waiting for pipeline executions; Ctrl-C ends it")
    try:
        worker.work(stop, once=once)
    except KeyboardInterrupt:
        click.echo("stopped")


def subjects(config: Path) -> dict[str, Subject]:
    """Return what each pipeline of an agency file is about, by its name.

    Raises:
        UserError: the file is wrong.
    """
    from govml.local.working.worker import Subject
    from govml.settings import load_settings
    from govml.settings.names import Names

    settings, found = load_settings(config), {}
    for environment in settings.environments:
        names = Names(settings.agency, environment)
        for use_case in settings.use_cases:
            for name in (names.pipeline, names.feature_pipeline, names.monitoring_pipeline):
                found[name(use_case)] = Subject(use_case, environment)
        for source in settings.sources:
            found[names.ingestion_pipeline(source)] = Subject(source, environment)
    return found


def _tell(line: str) -> None:
    click.echo(f"{datetime.datetime.now().astimezone():%H:%M:%S}  {line}")
