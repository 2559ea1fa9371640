"""Shows a run on the terminal: a live table where there is one, a line per event where there is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from govml.execution.logs import tail
from govml.execution.record import RunRecord, Status, StepRecord, now, seconds

if TYPE_CHECKING:
    from rich.table import Table

_STYLES = {
    Status.NOT_RUN: "dim",
    Status.EXECUTING: "cyan",
    Status.SUCCEEDED: "green",
    Status.FAILED: "bold red",
    Status.STOPPED: "yellow",
}
# More trials than end between two looks at the log.
_TRIAL_LINES = 100


@contextmanager
def shown(record: RunRecord) -> Iterator[Callable[[StepRecord], None]]:
    """Show a run while the block lasts; yields the listener to give to the runner."""
    from rich.console import Console
    from rich.live import Live

    console = Console()
    if not console.is_terminal:
        yield Lines()
        return
    with Live(get_renderable=lambda: table(record), console=console, refresh_per_second=4) as live:
        yield lambda _: live.refresh()


class Lines:
    """A listener that prints a line per event, for logs and pipes: a step's changes of state, and a tuning step's trials."""

    def __init__(self) -> None:
        self._told: dict[str, str] = {}
        self._trials: dict[str, int] = {}

    def __call__(self, step: StepRecord) -> None:
        """Print what is new about a step."""
        if step.type == "Tuning" and step.log:
            self._tell_trials(step)
        if self._told.get(step.name) == f"{step.status} {step.started}":
            return
        self._told[step.name] = f"{step.status} {step.started}"
        took = f" after {seconds(step):.1f} s" if step.ended else ""
        click.echo(f"{step.ended or step.started}  {step.name:<20} {step.status}{took}{origin(step)}")

    def _tell_trials(self, step: StepRecord) -> None:
        told = self._trials.get(step.log, 0)
        lines = [text for text in tail(Path(step.log), _TRIAL_LINES) if text.startswith("trial ")]
        for text in lines:
            if (number := int(text.split()[1])) > told:
                click.echo(f"{now()}  {step.name:<20} {text}")
                self._trials[step.log] = number


def origin(step: StepRecord) -> str:
    """Return where a step's result comes from, if it was not made now."""
    return f" (cached: run {step.cached_from})" if step.cached_from else ""


def table(record: RunRecord) -> Table:
    """Return the steps as a table: state, time, and the last line of the log of those that run."""
    from rich.table import Table
    from rich.text import Text

    grid = Table(title=f"{record.pipeline}  run {record.run_id}", title_justify="left", box=None, padding=(0, 2, 0, 0))
    for heading in ("step", "type", "state", "seconds", ""):
        grid.add_column(heading, justify="right" if heading == "seconds" else "left", no_wrap=True)
    for step in record.steps:
        doing = (tail(Path(step.log), 1) or [""])[0] if step.status is Status.EXECUTING else origin(step).strip()
        took = f"{seconds(step):.1f}" if step.started else ""
        # Text, not markup: what a step prints must not be able to style or hide anything.
        cells = (step.name, step.type, str(step.status), took, doing)
        grid.add_row(*(Text(cell, style=_STYLES[step.status]) for cell in cells))
    return grid
