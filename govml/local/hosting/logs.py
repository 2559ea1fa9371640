"""The containers' logs: into the account's log groups, as SageMaker sends them, and their metrics to a Prometheus if asked for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from govml.telemetry.forwarder.delivery import NotDelivered, Post, deliver, poster
from govml.telemetry.forwarder.lines import read
from govml.telemetry.forwarder.samples import Sample

# PutLogEvents takes so many events in one call (CloudWatch Logs API reference).
_MOST_EVENTS = 10_000
_MOST_BYTES = 1 << 20
# Lines that no Prometheus takes are kept so long; the counters are cumulative, so that nothing is lost with older ones.
_MOST_KEPT = 1_000


class Forwarding:
    """Hands metrics in lines on, by the forwarder's own code.

    Args:
        url: remote-write address.
        tell: takes a line for the terminal when nothing answers there, once each time.
    """

    def __init__(self, url: str, tell: Callable[[str], None]) -> None:
        self._post: Post = poster(url)
        self._tell = tell
        self._waiting: list[list[Sample]] = []
        self._silent = False

    def __call__(self, lines: Sequence[str]) -> None:
        """Hand on what the lines tell, and what could not be handed on before."""
        self._waiting = [*self._waiting, *read(lines).metrics][-_MOST_KEPT:]
        try:
            deliver(self._waiting, self._post)
        except NotDelivered as error:
            if not self._silent:
                self._tell(f"metrics wait: {error}")
            self._silent = True
        else:
            self._waiting, self._silent = [], False


@dataclass
class _File:
    """One log.

    Args:
        group: log group.
        path: the file.
        at: how far it has been read, in bytes.
        streamed: whether its log stream exists.
    """

    group: str
    path: Path
    at: int = 0
    streamed: bool = False


@dataclass
class LogFollower:
    """Sends whole lines of the processes' logs to the account.

    Args:
        logs: boto3 client of CloudWatch Logs.
        forward: gets the same lines; None: nobody does.
    """

    logs: Any
    forward: Callable[[Sequence[str]], None] | None = None
    _files: dict[Path, _File] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def follow(self, endpoint: str, log: Path) -> None:
        """Send what is written to a file from now on."""
        with self._lock:
            start = log.stat().st_size if log.exists() else 0
            self._files.setdefault(log, _File(f"/aws/sagemaker/Endpoints/{endpoint}", log, start))

    def flush(self) -> None:
        """Send what has been written since the last time."""
        with self._lock:
            for file in self._files.values():
                lines = _fresh(file)
                if not lines:
                    continue
                if self.forward is not None:
                    self.forward(lines)
                self._send(file, lines)

    def _send(self, file: _File, lines: Sequence[str]) -> None:
        stream = f"{file.path.stem}"
        try:
            if not file.streamed:
                self._make(file, stream)
            now = int(time.time() * 1000)
            for start in range(0, len(lines), _MOST_EVENTS):
                events = [{"timestamp": now, "message": line} for line in lines[start : start + _MOST_EVENTS] if line]
                self.logs.put_log_events(logGroupName=file.group, logStreamName=stream, logEvents=events)
        except ClientError as error:
            # Of an endpoint that no stack of ours made: SageMaker would make its group, and nobody would look into it here.
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise

    def _make(self, file: _File, stream: str) -> None:
        try:
            self.logs.create_log_stream(logGroupName=file.group, logStreamName=stream)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceAlreadyExistsException":
                raise
        file.streamed = True


def _fresh(file: _File) -> list[str]:
    """Return the whole lines that are new; half of one waits for its end."""
    try:
        with file.path.open("rb") as stream:
            stream.seek(file.at)
            text = stream.read(_MOST_BYTES)
    except FileNotFoundError:
        return []
    whole = text[: text.rfind(b"\n") + 1]
    file.at += len(whole)
    return whole.decode("utf-8", errors="replace").splitlines()
