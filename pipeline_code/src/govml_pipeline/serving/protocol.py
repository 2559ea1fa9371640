"""Connections that do not get on are ended: heads that never end, answers that nobody takes, connections without use.

uvicorn knows a limit for idle connections alone. Bodies that come too slowly are refused by the application
(`serving.invocation`), since they deserve an answer.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any, ClassVar, Final

from uvicorn.protocols.http.auto import AutoHTTPProtocol

from govml_pipeline.serving.errors import STATUS, Kind
from govml_pipeline.serving.limits import Limits

#: Seconds for which the rest of a refused body is still taken, so that its sender gets to read the answer.
_LINGER: Final = 5.0


class GuardedProtocol(AutoHTTPProtocol):  # httptools' where it is installed, else h11's
    """A connection; `check` is called every second."""

    limits: ClassVar[Limits] = Limits()

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._head_since: float | None = None
        self._head_bytes = 0
        self._rest_since: float | None = None
        self._unsent: tuple[int, float] = (0, 0.0)

    def connection_made(self, transport: Any) -> None:
        """Take a connection, or tell it to come again where there are too many."""
        super().connection_made(transport)
        self._head_since = self.loop.time()
        if len(self.connections) > self.limits.connections:
            self._refuse("overloaded", "too many connections: try again", "Retry-After: 1\r\n")

    def data_received(self, data: bytes) -> None:
        """Take bytes, and watch how long a head is, in bytes and in seconds."""
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before:  # a head is complete
            self._head_since, self._head_bytes, self._rest_since = None, 0, None
        elif before is None or (before.response_complete and not before.more_body):
            self._head_bytes += len(data)
            if self._head_since is None:
                self._head_since = self.loop.time()
            if self._head_bytes > self.limits.head_bytes:
                self.transport.abort()

    def eof_received(self) -> bool | None:
        """Answer a caller that has sent all and closed its side; close the connection then."""
        cycle = self.cycle
        if cycle is None or cycle.response_complete or cycle.more_body:
            return None
        cycle.keep_alive = False
        return True

    def on_response_complete(self) -> None:
        """Give the sender of a refused body some seconds to stop."""
        super().on_response_complete()
        if self.cycle.more_body:
            self._rest_since = self.loop.time()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP."""
        self._refuse("malformed_request", msg)

    def _refuse(self, kind: Kind, message: str, header: str = "") -> None:
        body = json.dumps({"error": {"type": kind, "message": message, "details": []}})
        status = HTTPStatus(STATUS[kind])
        head = f"HTTP/1.1 {status.value} {status.phrase}\r\n{header}Connection: close\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self.transport.write((head + body).encode("ascii"))
        self.transport.close()

    def check(self) -> None:
        """End the connection if it has not got on."""
        now = self.loop.time()
        waiting, since = self.transport.get_write_buffer_size(), self._unsent
        if not waiting or waiting != since[0]:
            self._unsent = since = (waiting, now)
        if (
            (self._head_since is not None and now - self._head_since > self.limits.head_seconds)
            or (self._rest_since is not None and now - self._rest_since > _LINGER)
            or (waiting and now - since[1] > self.limits.read_seconds)
        ):
            self.transport.abort()


def guarded(limits: Limits) -> type[GuardedProtocol]:
    """Return the protocol with limits of its own."""
    return type("GuardedProtocol", (GuardedProtocol,), {"limits": limits})
