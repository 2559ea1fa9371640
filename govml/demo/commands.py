"""Runs the demo's commands one by one, shows them, and keeps their times."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import click

from govml.cli.use_case import REPOSITORY

T = TypeVar("T")


class StepFailed(Exception):
    """A command of the demo did not succeed; its own output has said why."""

    def __init__(self, title: str, code: int) -> None:
        super().__init__(f"{title}: exit code {code}")
        self.code = code


@dataclass
class Commands:
    """Runs `govml ...` commands, one numbered headline each.

    Attributes:
        seconds: title -> wall time, in the order of the steps.
    """

    seconds: dict[str, float] = field(default_factory=dict)

    def run(self, title: str, *arguments: str) -> None:
        """Run one command with its output on the terminal.

        Raises:
            StepFailed: it ended with another code than 0.
        """
        self._headline(title, arguments)
        start = time.monotonic()
        code = subprocess.run(_govml(arguments), cwd=REPOSITORY, stdin=subprocess.DEVNULL, check=False).returncode
        self.seconds[title] = time.monotonic() - start
        if code:
            raise StepFailed(title, code)
        click.echo(f"   done in {self.seconds[title]:.1f} s")

    @contextmanager
    def background(self, title: str, *arguments: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
        """Keep one command running while the block lasts; it is told to end, and waited for, afterwards.

        Args:
            title: headline.
            arguments: the command's arguments.
            log: file that takes its output.
        """
        self._headline(title, arguments)
        before = set(self.seconds)
        with log.open("wb") as output:
            process = subprocess.Popen(
                _govml(arguments), cwd=REPOSITORY, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
            )
            start = time.monotonic()
            self.seconds[title] = 0.0  # its number is taken; the steps beside it get the next ones
            try:
                yield process
                beside = sum(took for other, took in self.seconds.items() if other != title and other not in before)
                self.seconds[title] = time.monotonic() - start - beside
            finally:
                process.terminate()
                process.wait(timeout=60)

    def timed(self, what: str, wait: Callable[[], T]) -> T:
        """Wait for what the last command has begun; the time goes to that command's."""
        start, last = time.monotonic(), list(self.seconds)[-1]
        result = wait()
        took = time.monotonic() - start
        self.seconds[last] += took
        click.echo(f"   {took:.1f} s {what}")
        return result

    def quietly(self, *arguments: str) -> None:
        """Run one command without headline or output, whatever comes of it: for tidying up."""
        subprocess.run(_govml(arguments), cwd=REPOSITORY, stdin=subprocess.DEVNULL, capture_output=True, check=False)

    def _headline(self, title: str, arguments: Sequence[str]) -> None:
        click.echo()
        click.secho(f"[{len(self.seconds) + 1}] {title}", bold=True)
        click.echo(f"   $ govml {' '.join(arguments)}")


def _govml(arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "govml.cli.main", *arguments]
