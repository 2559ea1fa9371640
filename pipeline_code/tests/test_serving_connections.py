"""Callers that break the rules of HTTP, on purpose or not: they are told or left, and the others notice nothing."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from csvs import ROW
from live import answers, connect, live, request

from govml_pipeline.model.artefact import Model
from govml_pipeline.serving.app import create_app
from govml_pipeline.serving.limits import Limits
from govml_pipeline.serving.server import Server, make_server

GOOD = json.dumps({"instances": [{name: value for name, value in ROW.items() if name != "resale_price"}]}).encode()
LIMITS = Limits(max_bytes=200_000, head_bytes=8192, connections=20, head_seconds=5, read_seconds=7)


@pytest.fixture(scope="module")
def served(model: Model) -> Iterator[tuple[int, Server]]:
    with live(model, LIMITS) as found:
        yield found


@pytest.fixture
def port(served: tuple[int, Server]) -> Iterator[int]:
    """The port; afterwards the server still answers."""
    yield served[0]
    with connect(served[0]) as connection:
        connection.sendall(request(GOOD))
        assert answers(connection, 1)[0][0] == 200


def test_several_requests_on_one_connection_sent_at_once(port: int) -> None:
    with connect(port) as connection:
        connection.sendall(request(GOOD) + request(b"{") + request(GOOD))
        assert [status for status, _ in answers(connection, 3)] == [200, 400, 200]


def test_a_caller_that_closes_its_side_gets_its_answer(port: int) -> None:
    with connect(port) as connection:
        connection.sendall(request(GOOD))
        connection.shutdown(socket.SHUT_WR)
        assert [status for status, _ in answers(connection)] == [200]


@pytest.mark.parametrize("sent", [b"", b"POST", request(GOOD, length=len(GOOD) + 10), request(GOOD)])
def test_a_caller_that_goes_away(port: int, sent: bytes) -> None:
    connect(port).close()
    with connect(port) as connection:
        connection.sendall(sent)


@pytest.mark.parametrize(
    "sent",
    [
        b"\x00\xff\x16\x03\x01 not HTTP\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        request(GOOD, "Content-Length: 1"),
        request(GOOD, length=-1),
        request(GOOD, "no colon here"),
        request(GOOD).replace(b"Content-Length: ", b"Content-Length: x"),
        b"POST /invocations HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_no_http_is_refused_and_the_connection_closed(port: int, sent: bytes) -> None:
    with connect(port) as connection:
        connection.sendall(sent)
        found = answers(connection)
        assert all(400 <= status < 500 for status, _ in found)
        assert found[-1][1]["error"]["type"] == "malformed_request"


def test_more_bytes_than_announced_are_no_second_request(port: int) -> None:
    with connect(port) as connection:
        connection.sendall(request(GOOD, length=len(GOOD) - 1))
        # Cut-off JSON, and a byte that begins no request, after which the connection is closed.
        assert {status for status, _ in answers(connection)} == {400}


def test_a_body_that_is_too_large_by_its_header_is_refused_before_it_comes(port: int) -> None:
    with connect(port) as connection:
        connection.sendall(request(b"", length=LIMITS.max_bytes + 1))
        assert answers(connection, 1)[0][1]["error"]["type"] == "payload_too_large"


def test_a_chunked_body_that_is_too_large_is_refused_as_it_comes(port: int) -> None:
    head = (
        b"POST /invocations HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    with connect(port) as connection:
        connection.sendall(head + 3 * (b"20000\r\n" + b" " * 0x20000 + b"\r\n"))
        assert answers(connection, 1)[0][1]["error"]["type"] == "payload_too_large"


def test_a_head_without_end_is_cut_off(port: int) -> None:
    with connect(port) as connection:
        try:
            connection.sendall(b"GET /ping HTTP/1.1\r\n" + b"X-Padding: " + b"a" * 200_000)
        except (BrokenPipeError, ConnectionResetError):
            return
        assert all(status >= 400 for status, _ in answers(connection))


def test_connections_beyond_the_limit_are_told_to_come_again(served: tuple[int, Server], port: int) -> None:
    held = [connect(port) for _ in range(LIMITS.connections)]
    try:
        for connection in held:  # answered: the server has taken them all
            connection.sendall(b"GET /ping HTTP/1.1\r\nHost: t\r\n\r\n")
        statuses = [answers(connection, 1)[0][0] for connection in held]
        with connect(port) as connection:
            statuses += [status for status, _ in answers(connection)]
        assert statuses[-1] == 503
        assert set(statuses[:10]) == {200}
    finally:
        for connection in held:
            connection.close()


class Standing:
    """A connection whose time stands still, without a socket."""

    def __init__(self, model: Model, loop: asyncio.AbstractEventLoop) -> None:
        server = make_server(create_app(model, limits=LIMITS), LIMITS)
        server.config.load()
        self.now = 1000.0
        self.transport = mock.Mock(**{"get_write_buffer_size.return_value": 0, "is_closing.return_value": False})
        self.protocol: Any = server.config.http_protocol_class(
            config=server.config, server_state=server.server_state, app_state={}, _loop=loop
        )
        self.protocol.connection_made(self.transport)
        self.protocol.loop = mock.Mock(**{"time.side_effect": lambda: self.now}, wraps=loop)
        self.protocol._head_since = self.now

    def aborted_after(self, seconds: float) -> bool:
        self.now += seconds
        self.protocol.check()
        return bool(self.transport.abort.called)


@pytest.fixture
def standing(model: Model) -> Iterator[Standing]:
    with asyncio.Runner() as runner:

        async def make() -> Standing:
            return Standing(model, asyncio.get_running_loop())

        yield runner.run(make())


def test_a_head_that_comes_too_slowly(standing: Standing) -> None:
    standing.protocol.data_received(b"POST /invocations HTTP/1.1\r\n")
    assert not standing.aborted_after(4)
    standing.protocol.data_received(b"X-Slow: yes\r\n")  # a byte now and then does not help
    assert not standing.aborted_after(0.5)
    assert standing.aborted_after(1)


def test_a_caller_that_does_not_take_its_answer(standing: Standing) -> None:
    standing.protocol._head_since = None
    standing.transport.get_write_buffer_size.return_value = 100_000
    assert not standing.aborted_after(1)
    assert not standing.aborted_after(6)
    standing.transport.get_write_buffer_size.return_value = 50_000  # it does, slowly
    assert not standing.aborted_after(2)
    assert standing.aborted_after(8)
