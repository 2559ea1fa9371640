"""A server in a thread of the test's process, as a container runs it but for loading the model; and raw requests to it."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from govml_pipeline.model.artefact import Model
from govml_pipeline.serving.app import create_app
from govml_pipeline.serving.limits import Limits
from govml_pipeline.serving.observation import Observer
from govml_pipeline.serving.server import Server, bound, make_server

SECONDS = 20.0


@contextmanager
def live(model: Model, limits: Limits, observers: Sequence[Observer] = ()) -> Iterator[tuple[int, Server]]:
    """Yield port and server."""
    with bound("127.0.0.1", 0) as listener:
        listener.listen()
        server = make_server(create_app(model, limits=limits, observers=observers), limits)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield listener.getsockname()[1], server
        finally:
            server.should_exit = True
            thread.join(SECONDS)


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=SECONDS)


def request(body: bytes, *headers: str, path: str = "/invocations", length: int | None = None) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: test", "Content-Type: application/json", *headers]
    return "\r\n".join([*lines, f"Content-Length: {len(body) if length is None else length}", "", ""]).encode() + body


def answers(connection: socket.socket, count: int | None = None) -> list[tuple[int, Any]]:
    """Status and JSON of so many answers; without a number, until the server closes the connection."""
    found: list[tuple[int, Any]] = []
    with connection.makefile("rb") as stream:
        while count is None or len(found) < count:
            try:
                line = stream.readline()
            except ConnectionResetError:
                break
            if not line:
                break
            status, length = int(line.split()[1]), 0
            while (header := stream.readline().strip()) != b"":
                name, _, value = header.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            found.append((status, json.loads(stream.read(length) or b"null")))
    return found
