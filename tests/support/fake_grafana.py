"""Grafana's HTTP API as it is documented, as far as dashboards as code use it, on loopback.

Source: Grafana HTTP API reference, "Dashboard API", "Folder API", "Data source API", "Folder/Dashboard Search API".
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "glsa_secret-of-the-test"


@dataclass
class FakeGrafana:
    """What the server holds, what it was asked, and what goes wrong with the next requests.

    Args:
        broken: path's first part -> statuses that it answers with first.
        meddle: uid of a dashboard that somebody else saves whenever it is read.
    """

    dashboards: dict[str, dict[str, Any]] = field(default_factory=dict)
    folders: dict[str, dict[str, Any]] = field(default_factory=dict)
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    broken: dict[str, list[int]] = field(default_factory=dict)
    meddle: set[str] = field(default_factory=set)
    url: str = ""

    @property
    def written(self) -> list[tuple[str, str]]:
        return [each for each in self.asked if each[0] != "GET"]

    def answer(self, method: str, target: str, token: str, body: Any) -> tuple[int, Any]:
        place = urlsplit(target)
        self.asked.append((method, place.path))
        for path, statuses in self.broken.items():
            if place.path.startswith(path) and statuses:
                return statuses.pop(0), {"message": "made to fail"}
        if token != f"Bearer {TOKEN}":
            return 401, {"message": "Unauthorized"}
        parts = place.path.removeprefix("/api/").split("/")
        if parts[0] == "search":
            return 200, self._search(parse_qs(place.query)["tag"][0])
        return getattr(self, f"_{parts[0]}")(method, parts[1:], body)

    def _search(self, tag: str) -> list[dict[str, Any]]:
        found = [each for each in self.dashboards.values() if tag in each["dashboard"].get("tags", [])]
        return [{"uid": each["dashboard"]["uid"], "folderUid": each["meta"]["folderUid"]} for each in found]

    def _dashboards(self, method: str, parts: list[str], body: Any) -> tuple[int, Any]:
        if method == "POST":
            return self._save(body)
        there = self.dashboards.get(parts[1])
        if there is None:
            return 404, {"message": "Dashboard not found"}
        if method == "DELETE":
            del self.dashboards[parts[1]]
            return 200, {"title": there["dashboard"]["title"]}
        found = json.loads(json.dumps(there))
        if parts[1] in self.meddle:
            there["dashboard"]["version"] += 1
        return 200, found

    def _save(self, body: Any) -> tuple[int, Any]:
        wanted, there = body["dashboard"], self.dashboards.get(body["dashboard"]["uid"])
        if body["folderUid"] not in self.folders:
            return 400, {"message": "folder not found"}
        if there is not None and wanted.get("version") != there["dashboard"]["version"]:
            return 412, {"status": "version-mismatch", "message": "The dashboard has been changed by someone else"}
        version = 1 if there is None else there["dashboard"]["version"] + 1
        number = len(self.dashboards) + 1 if there is None else there["dashboard"]["id"]
        kept = {**wanted, "id": number, "version": version, "weekStart": ""}
        self.dashboards[wanted["uid"]] = {"dashboard": kept, "meta": {"folderUid": body["folderUid"]}}
        self.messages.append(body["message"])
        return 200, {"status": "success", "version": version}

    def _folders(self, method: str, parts: list[str], body: Any) -> tuple[int, Any]:
        if method == "POST":
            self.folders[body["uid"]] = {**body, "version": 1}
            return 200, self.folders[body["uid"]]
        there = self.folders.get(parts[0])
        if there is None:
            return 404, {"message": "folder not found"}
        if method == "PUT":
            if body["version"] != there["version"]:
                return 412, {"message": "The folder has been changed by someone else"}
            there |= {"title": body["title"], "version": there["version"] + 1}
        return 200, there

    def _datasources(self, method: str, parts: list[str], body: Any) -> tuple[int, Any]:
        if method == "POST":
            self.sources[body["uid"]] = {**body, "id": len(self.sources) + 1, "readOnly": False}
            return 200, {"message": "Datasource added"}
        there = self.sources.get(parts[1])
        if there is None:
            return 404, {"message": "Data source not found"}
        if method == "PUT":
            there |= body
        return 200, there


@contextmanager
def serving(grafana: FakeGrafana) -> Iterator[FakeGrafana]:
    """Serve on a free port of loopback."""

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            status, found = grafana.answer(self.command, self.path, self.headers["Authorization"], body)
            text = json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_PUT = do_DELETE = _do  # noqa: N815 - names of http.server

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    grafana.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield grafana
    finally:
        server.shutdown()
        server.server_close()
