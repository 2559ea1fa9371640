"""Several processes behind one port: a supervisor starts this very command again, and hands the socket on.

Not by forking: the threads of Polars and OpenMP do not outlive a fork. Each process loads the model by itself and takes
connections from the same socket. A process that ends by itself is started anew, unless it was the first thing it did: then
it would do so again.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from govml_pipeline.errors import UserError

_VARIABLE: Final = "GOVML_SERVING_ROLE"
_POLL_SECONDS: Final = 0.1
#: The processes have 25 s to finish; SageMaker kills the container after 30.
_GRACE_SECONDS: Final = 28.0


@dataclass(frozen=True)
class Role:
    """What a supervised process was given.

    Args:
        listener: the socket to take connections from.
        announce: tells the supervisor that the model is loaded.
        lifeline: whether the supervisor is still there.
    """

    listener: socket.socket
    announce: Callable[[], None]
    lifeline: Callable[[], bool]


def role() -> Role | None:
    """Return what the supervisor has handed over; None in a process that nobody supervises."""
    given = os.environ.pop(_VARIABLE, "")
    if not given:
        return None
    listener, ready, life = map(int, given.split(","))

    def announce() -> None:
        os.write(ready, b".")
        os.close(ready)

    def lifeline() -> bool:
        return not select.select([life], [], [], 0)[0]  # readable is: the other end is closed

    return Role(socket.socket(fileno=listener), announce, lifeline)


def supervise(listener: socket.socket, processes: int) -> None:
    """Run so many processes until SIGTERM or SIGINT.

    Args:
        listener: socket that has its address.
        processes: how many.

    Raises:
        UserError: a process ended before its model was loaded.
    """
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _: stopping.append(received))
    life, held = os.pipe()
    children: list[_Child] = []
    try:
        children += [_Child(listener, life) for _ in range(processes)]
        announced = False
        while not stopping:
            time.sleep(_POLL_SECONDS)
            for position, child in enumerate(children):
                code = child.process.poll()
                if code is None:
                    continue
                if not child.ready():
                    raise UserError(
                        f"a server process ended with exit code {code} before its model was loaded",
                        hint="its own message stands above",
                    )
                child.close()
                children[position] = _Child(listener, life)
                print(
                    f"a server process ended with exit code {code} and was started again", file=sys.stderr, flush=True
                )
            if not announced and all(child.ready() for child in children):
                host, port = listener.getsockname()[:2]
                print(f"serving with {processes} processes on http://{host}:{port}", flush=True)
                announced = True
    finally:
        _end([child.process for child in children])
        os.close(held)
        os.close(life)


class _Child:
    def __init__(self, listener: socket.socket, life: int) -> None:
        self._ready, ready = os.pipe()
        os.set_blocking(self._ready, False)
        given = (listener.fileno(), ready, life)
        self.process = subprocess.Popen(
            [sys.executable, *sys.orig_argv[1:]],
            env={**os.environ, _VARIABLE: ",".join(map(str, given))},
            pass_fds=given,
        )
        os.close(ready)
        self._loaded = False

    def close(self) -> None:
        """Forget a process that has ended."""
        os.close(self._ready)

    def ready(self) -> bool:
        """Whether the process has loaded its model."""
        if not self._loaded and select.select([self._ready], [], [], 0)[0]:
            self._loaded = bool(os.read(self._ready, 1))
        return self._loaded


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in processes:
        process.terminate()
    deadline = time.monotonic() + _GRACE_SECONDS
    for process in processes:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
