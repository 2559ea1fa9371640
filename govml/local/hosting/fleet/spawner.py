"""Starts processes from one thread that lives as long as the front, and ends their whole groups."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from govml.execution import tether
from govml.execution.processes import signal_group
from govml.local.hosting.fleet.program import LOOPBACK

_TETHER = (sys.executable, "-I", "-S", str(Path(tether.__file__)))
_GRACE_SECONDS = 10.0


def free_port() -> int:
    """Return a TCP port of loopback that nothing uses at the moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


class Spawner:
    """Starts model processes that end with the front, even when it is killed.

    The kernel ties a child to the *thread* that started it (prctl(2), PR_SET_PDEATHSIG), so all of them start from one.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="spawner")

    def start(
        self, command: list[str], *, environment: Mapping[str, str], cwd: Path, log: Path
    ) -> subprocess.Popen[bytes]:
        """Start a command in a process group of its own; its output is appended to `log`.

        Raises:
            OSError: it cannot be started.
        """
        return self._thread.submit(self._start, command, environment, cwd, log).result()

    def _start(
        self, command: list[str], environment: Mapping[str, str], cwd: Path, log: Path
    ) -> subprocess.Popen[bytes]:
        with log.open("ab") as output:
            return subprocess.Popen(
                [*_TETHER, *command],
                env=dict(environment),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def close(self) -> None:
        """Start nothing more; call it when every process has been ended."""
        self._thread.shutdown()


def end(process: subprocess.Popen[bytes], *, grace: float = _GRACE_SECONDS) -> None:
    """End a process and what it started: SIGTERM, then SIGKILL after `grace` seconds."""
    signal_group(process, signal.SIGTERM)
    try:
        process.wait(grace)
    except subprocess.TimeoutExpired:
        signal_group(process, signal.SIGKILL)
        process.wait()
    signal_group(process, signal.SIGKILL)
