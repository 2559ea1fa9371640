"""A local server that answers as data.gov.sg documents: datastore search, initiate and poll download, a file to fetch.

Faults are scripted: each entry of `faults` is taken by one request, in order, before it is answered normally.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

DATASET = "d_8b84c4ee58e3cfc0ece0d773c8ca6abc"


class Upstream:
    """State of the imitated service."""

    def __init__(self, rows: list[dict[str, str]]) -> None:
        self.rows = rows
        self.faults: list[Callable[[BaseHTTPRequestHandler], bool] | None] = []
        self.total: Callable[[int], int] = lambda _: len(self.rows)
        self.polls_until_ready = 2
        self.etag = '"v1"'
        self.requests: list[tuple[str, dict[str, str], dict[str, str]]] = []
        self.address = ""

    @property
    def file(self) -> bytes:
        lines = [",".join(self.rows[0]), *(",".join(row.values()) for row in self.rows)]
        return ("\n".join(lines) + "\n").encode()


def fail(status: int, **headers: str) -> Callable[[BaseHTTPRequestHandler], bool]:
    """Answer once with an error status."""

    def answer(handler: BaseHTTPRequestHandler) -> bool:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return True

    return answer


def break_off(after: int) -> Callable[[BaseHTTPRequestHandler], bool]:
    """Send a part of the file, then hang up."""

    def answer(handler: Any) -> bool:
        content = handler.upstream.file
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.send_header("ETag", handler.upstream.etag)
        handler.end_headers()
        handler.wfile.write(content[:after])
        handler.close_connection = True
        return True

    return answer


@contextlib.contextmanager
def running(upstream: Upstream) -> Iterator[Upstream]:
    class Handler(_Handler):
        pass

    Handler.upstream = upstream
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        upstream.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield upstream
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    upstream: Upstream

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.upstream.requests.append(
            (parts.path, query, {name.lower(): value for name, value in self.headers.items()})
        )
        fault = self.upstream.faults.pop(0) if self.upstream.faults else None
        if fault and fault(self):
            return
        if parts.path == "/api/action/datastore_search":
            self._search(query)
        elif parts.path.endswith("/initiate-download"):
            self._json({"code": 0, "data": {"message": "Download successfully initiated"}}, 201)
        elif parts.path.endswith("/poll-download"):
            self._poll()
        elif parts.path == "/file.csv":
            self._file()
        else:
            self._json({"code": 404, "errorMsg": "not found"}, 404)

    def _search(self, query: dict[str, str]) -> None:
        offset, limit = int(query.get("offset", 0)), int(query.get("limit", 100))
        if query.get("resource_id") != DATASET:
            self._json({"success": False, "error": {"message": "Not found"}}, 404)
            return
        fields = [{"type": "int4", "id": "_id"}, *({"type": "text", "id": name} for name in self.upstream.rows[0])]
        page = self.upstream.rows[offset : offset + limit]
        records = [{"_id": offset + position + 1, **row} for position, row in enumerate(page)]
        result = {
            "resource_id": DATASET,
            "fields": fields,
            "records": records,
            "total": self.upstream.total(offset),
            "limit": limit,
            "_links": {
                "start": "/api/action/datastore_search",
                "next": f"/api/action/datastore_search?offset={offset + limit}",
            },
        }
        self._json({"help": "https://data.gov.sg/api/3/action/help_show", "success": True, "result": result})

    def _poll(self) -> None:
        self.upstream.polls_until_ready -= 1
        if self.upstream.polls_until_ready > 0:
            self._json({"code": 0, "data": {"status": "DOWNLOAD_PENDING"}}, 201)
        else:
            self._json(
                {"code": 0, "data": {"status": "DOWNLOAD_SUCCESS", "url": f"{self.upstream.address}/file.csv?sig=x"}},
                201,
            )

    def _file(self) -> None:
        content, status = self.upstream.file, 200
        wanted = self.headers.get("Range", "")
        # RFC 9110, 13.1.5: a range is served unless If-Range names another version.
        if wanted and self.headers.get("If-Range", self.upstream.etag) == self.upstream.etag:
            content, status = content[int(wanted.removeprefix("bytes=").rstrip("-")) :], 206
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", self.upstream.etag)
        self.end_headers()
        self.wfile.write(content)

    def _json(self, value: Any, status: int = 200) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
