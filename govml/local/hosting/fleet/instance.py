"""One model process: started, asked whether it is healthy, started again when it has ended."""

from __future__ import annotations

import http.client
import subprocess
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from govml.local.hosting.fleet.program import LOOPBACK, Program
from govml.local.hosting.fleet.spawner import Spawner, end, free_port

# SageMaker waits so long for one answer of a real-time model.
REQUEST_SECONDS = 60.0
_PING_SECONDS = 2.0
_BACKOFF = (0.0, 0.2, 0.5, 1.0, 2.0, 5.0)
_TAIL_BYTES = 1500


@dataclass(frozen=True)
class Answer:
    """What a model process answered.

    Args:
        status: HTTP status.
        headers: names in small letters.
        body: the whole body.
    """

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Place:
    """Where and how a process runs.

    Args:
        program: how it is started.
        model: folder of the model.
        variables: the container's environment.
        folder: its working directory.
        log: file that its output is appended to.
    """

    program: Program
    model: Path
    variables: Mapping[str, str]
    folder: Path
    log: Path


@dataclass
class Instance:
    """A model process and its successors on the same place.

    Args:
        spawner: starts it.
        place: where and how.
    """

    spawner: Spawner
    place: Place
    ready: threading.Event = field(default_factory=threading.Event)
    starts: int = 0
    port: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _next_start: float = 0.0

    @property
    def pid(self) -> int | None:
        """Process id; None before the first start."""
        return self._process.pid if self._process else None

    def check(self) -> None:
        """Start the process if it is not there, and note whether it is healthy. Called again and again by one thread."""
        if self._process is None or self._process.poll() is not None:
            self.ready.clear()
            if time.monotonic() >= self._next_start:
                self._start()
        elif not self.ready.is_set() and self._healthy():
            self.ready.set()

    def examine(self) -> None:
        """End a process that lives but does not answer `/ping`; the next check starts another one."""
        if self.ready.is_set() and not self._healthy() and self._process is not None:
            self.ready.clear()
            end(self._process, grace=1.0)

    def _start(self) -> None:
        self._next_start = time.monotonic() + _BACKOFF[min(self.starts, len(_BACKOFF) - 1)]
        self.starts += 1
        self.port = free_port()
        self.place.folder.mkdir(parents=True, exist_ok=True)
        self._process = self.spawner.start(
            self.place.program.command(self.place.model, self.port),
            environment=self.place.program.environment(self.place.variables, self.place.folder),
            cwd=self.place.folder,
            log=self.place.log,
        )

    def _healthy(self) -> bool:
        with suppress(OSError):
            return self._send("GET", "/ping", b"", {}, _PING_SECONDS).status == http.HTTPStatus.OK
        return False

    def invoke(self, body: bytes, headers: Mapping[str, str], *, path: str = "/invocations") -> Answer:
        """Send one request.

        Raises:
            TimeoutError: no answer within `REQUEST_SECONDS`.
            OSError: the process has ended or ends, so that the request may be sent to another one.
        """
        return self._send("POST", path, body, headers, REQUEST_SECONDS)

    def _send(self, method: str, path: str, body: bytes, headers: Mapping[str, str], timeout: float) -> Answer:
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=timeout)
        try:
            connection.request(method, path, body=body, headers=dict(headers))
            response = connection.getresponse()
            named = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, named, response.read())
        except http.client.HTTPException as error:
            raise OSError(f"the answer is not HTTP: {error!r}") from error
        finally:
            connection.close()

    def stop(self) -> None:
        """End the process; nothing starts another one."""
        self.ready.clear()
        if self._process is not None:
            end(self._process)

    def tail(self) -> str:
        """Return the end of its log, for the reason of a failure."""
        if not self.place.log.exists():
            return ""
        return self.place.log.read_bytes()[-_TAIL_BYTES:].decode("utf-8", errors="replace").strip()
