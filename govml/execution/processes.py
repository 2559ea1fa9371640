"""Child processes of a run: each in its own process group, with a time limit, and none left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from govml.execution.failures import Interrupted

# SageMaker waits 120 s between SIGTERM and SIGKILL; nobody at a terminal does.
GRACE_SECONDS = 5.0


@dataclass(frozen=True)
class Exit:
    """How a process ended: its exit code (negative: the signal), and whether the time limit ended it."""

    code: int
    timed_out: bool


class Processes:
    """Starts children and can stop all of them; safe to use from several threads."""

    def __init__(self, *, grace_seconds: float = GRACE_SECONDS) -> None:
        self._grace = grace_seconds
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._stopping = False

    def run(
        self, command: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: Path, timeout: float | None
    ) -> Exit:
        """Run a command to its end, its output and errors going to `log`.

        Args:
            command: program and arguments; no shell.
            env: the whole environment of the child.
            cwd: its working directory.
            log: file that is appended to.
            timeout: seconds after which the child is terminated; None for no limit.

        Raises:
            Interrupted: `stop` was called before or while the command ran.
            OSError: the program cannot be started.
        """
        # The lock: between the look at the flag and the entry in the set, `stop` must not slip through.
        with log.open("ab") as output, self._lock:
            if self._stopping:
                raise Interrupted
            child = subprocess.Popen(
                command,
                env=dict(env),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C at the terminal reaches only us, and we end the whole group
            )
            self._running.add(child)
        try:
            ended = self._wait(child, timeout)
        finally:
            signal_group(child, signal.SIGKILL)  # what the child started ends with it, as in a container
            with self._lock:
                self._running.discard(child)
        if self._stopping:
            raise Interrupted
        return ended

    def _wait(self, child: subprocess.Popen[bytes], timeout: float | None) -> Exit:
        try:
            return Exit(child.wait(timeout), timed_out=False)
        except subprocess.TimeoutExpired:
            signal_group(child, signal.SIGTERM)
            return Exit(self._reap(child), timed_out=True)

    def _reap(self, child: subprocess.Popen[bytes], grace_seconds: float | None = None) -> int:
        try:
            return child.wait(self._grace if grace_seconds is None else grace_seconds)
        except subprocess.TimeoutExpired:
            signal_group(child, signal.SIGKILL)
            return child.wait()

    def stop(self, *, grace_seconds: float | None = None) -> None:
        """End all children: SIGTERM, then SIGKILL after the grace period; let no further one start."""
        with self._lock:
            self._stopping = True
            children = list(self._running)
        for child in children:
            signal_group(child, signal.SIGTERM)
        for child in children:
            self._reap(child, grace_seconds)


def signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal to the process group that a child leads; nothing happens if all of it has ended."""
    try:
        os.killpg(child.pid, number)
    except (ProcessLookupError, PermissionError):  # macOS answers EPERM for a group of zombies
        return
