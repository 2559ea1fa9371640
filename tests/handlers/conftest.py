"""The functions' code as Lambda loads it, and a local server in the place of CloudFormation's response bucket."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
RUNTIME = REPOSITORY / "constructs" / "govml_constructs" / "account_setting" / "runtime"


class ResponseBucket(BaseHTTPRequestHandler):
    """Keeps what is put to it; `server.answers` are the status codes of the next answers, 200 when there is none."""

    server: Any

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((dict(self.headers), json.loads(body)))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Stay quiet."""


@pytest.fixture
def cloudformation() -> Iterator[Any]:
    """A server with `url`, `received` (headers and body of each answer) and `answers`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), ResponseBucket)
    received: list[Any] = []
    server.received, server.answers = received, []  # type: ignore[attr-defined]  # what its handler reads
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    host, port = server.server_address[:2]
    yield SimpleNamespace(url=f"http://{host}:{port}/answer", received=received, answers=server.answers)  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def function(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Callable[[dict[str, Any]], None]]]:
    """Return the entry point with the environment of one setting, freshly loaded as in a cold start."""
    names = [path.stem for path in RUNTIME.glob("*.py")]
    monkeypatch.syspath_prepend(str(RUNTIME))
    for name in names:
        monkeypatch.delitem(sys.modules, name, raising=False)

    def load(setting: str) -> Callable[[dict[str, Any]], None]:
        import handler

        monkeypatch.setenv("SETTING", setting)
        context = SimpleNamespace(log_stream_name="2026/11/21/[$LATEST]abc")
        return lambda event: handler.handle(event, context)

    yield load
    for name in names:
        sys.modules.pop(name, None)


@pytest.fixture
def event(cloudformation: Any) -> Callable[..., dict[str, Any]]:
    """Make a custom-resource request as CloudFormation sends it."""

    def make(kind: str, properties: dict[str, Any], physical_id: str | None = None) -> dict[str, Any]:
        known = {"PhysicalResourceId": physical_id} if physical_id else {}
        return {
            "RequestType": kind,
            "ResponseURL": cloudformation.url,
            "StackId": "arn:aws:cloudformation:ap-southeast-1:123456789012:stack/s/1",
            "RequestId": "request-1",
            "LogicalResourceId": "Setting",
            "ResourceType": "Custom::Setting",
            "ResourceProperties": {"ServiceToken": "arn:aws:lambda:function", **properties},
            **known,
        }

    return make
