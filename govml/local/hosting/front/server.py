"""HTTP on loopback: reads requests within limits, hands them to the runtime, writes its answers."""

from __future__ import annotations

import http.server
import json
import socket
import uuid
from http import HTTPStatus

from govml.local.hosting.errors import RuntimeRefusal, unavailable
from govml.local.hosting.fleet.instance import Answer
from govml.local.hosting.fleet.program import LOOPBACK
from govml.local.hosting.front.runtime import Runtime
from govml.local.hosting.signature import SignedRequest

# SageMaker's limit for the body of a real-time invocation.
MAX_BYTES = 6 * 1024 * 1024
# An oversized body is read and thrown away up to here, so that its sender sees the refusal instead of a broken pipe.
_MAX_DRAINED = 256 * 1024 * 1024
_CHUNK = 1 << 16
# A client that sends nothing for so long has gone.
_IDLE_SECONDS = 30.0
HEALTH_PATH = "/ping"


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection. `runtime` is set by `serve`."""

    runtime: Runtime
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Tell that the front lives; SageMaker Runtime has no other reads."""
        if self.path == HEALTH_PATH:
            self._write(Answer(200, {"content-type": "application/json"}, b'{"status": "ok"}'))
        else:
            self._refuse(RuntimeRefusal("UnknownOperationException", f"GET {self.path} is no operation", 404))

    def do_POST(self) -> None:
        """Answer an invocation."""
        try:
            body = self._body()
            path, _, query = self.path.partition("?")
            headers = {name.lower(): value for name, value in self.headers.items()}
            self._write(self.runtime.answer(SignedRequest("POST", path, query, headers, body)))
        except RuntimeRefusal as refusal:
            self._refuse(refusal)
        except (TimeoutError, ConnectionError):  # the client has gone, or sends too slowly
            self.close_connection = True
        except Exception as error:
            self._refuse(unavailable(f"the front failed: {type(error).__name__}"))
            raise

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not length.isascii() or not length.isdigit():
            self.close_connection = True
            raise RuntimeRefusal("", "the request has no Content-Length", HTTPStatus.LENGTH_REQUIRED)
        size = int(length)
        if size > MAX_BYTES:
            self._drain(min(size, _MAX_DRAINED))
            self.close_connection = True
            message = f"HTTP content length exceeded {MAX_BYTES} bytes."
            raise RuntimeRefusal("", message, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        body = self.rfile.read(size)
        if len(body) < size:
            raise ConnectionError("the request ended before its body did")
        return body

    def _drain(self, size: int) -> None:
        while size > 0:
            chunk = self.rfile.read(min(size, _CHUNK))
            if not chunk:
                return
            size -= len(chunk)

    def _refuse(self, refusal: RuntimeRefusal) -> None:
        self._write(Answer(refusal.status, refusal.headers(), refusal.body()))

    def _write(self, answer: Answer) -> None:
        try:
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("x-amzn-RequestId", str(uuid.uuid4()))
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)
        except (OSError, TimeoutError):
            self.close_connection = True

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """Refuse what is no proper HTTP request, in JSON and without the standard library's page."""
        self.close_connection = True
        body = json.dumps({"message": message or HTTPStatus(code).phrase}).encode()
        self._write(Answer(code, {"content-type": "application/json", "connection": "close"}, body))

    def version_string(self) -> str:
        """Name the server without its versions."""
        return "govml-local"

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: the terminal is for deployments, and requests are counted."""


class Server(http.server.ThreadingHTTPServer):
    """A thread for each connection."""

    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: object, client_address: object) -> None:
        """Connections that end badly are no news; anything else is."""
        import sys

        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def bind(port: int) -> Server:
    """Listen on a port of loopback; 0 takes a free one. Requests wait until `attend` says who answers.

    Raises:
        OSError: the port is taken.
    """

    class Bound(Handler):
        """The handler of this server; the runtime is its own."""

    server = Server((LOOPBACK, port), Bound)
    server.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return server


def attend(server: Server, runtime: Runtime) -> None:
    """Let a runtime answer a server's requests. Blocks until the server is shut down."""
    server.RequestHandlerClass.runtime = runtime  # type: ignore[attr-defined]
    server.serve_forever(poll_interval=0.1)
