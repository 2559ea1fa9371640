"""Grafana's HTTP API, by the standard library: a token, a few tries, and never a token in a message."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlsplit

#: Answers after which the same request may go through a little later.
_AGAIN: Final = frozenset({429, 500, 502, 503, 504})
_TRIES: Final = 4
_SECONDS: Final = 10.0


class GrafanaError(Exception):
    """Grafana refused a request, or did not answer.

    Args:
        what: method and path.
        status: HTTP status; 0 when there was no answer.
        message: Grafana's own words.
    """

    def __init__(self, what: str, status: int, message: str) -> None:
        super().__init__(f"{what}: {status or 'no answer'}: {message}")
        self.status = status


@dataclass(frozen=True)
class Grafana:
    """One Grafana.

    Args:
        url: its address, as in `https://g-0123456789.grafana-workspace.ap-southeast-1.amazonaws.com`.
        token: token of a service account; it is sent and never shown.
        sleep: waits between tries, in seconds.

    Raises:
        ValueError: the address is neither HTTPS nor this machine's own.
    """

    url: str
    token: str = field(repr=False)
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        """Refuse to send the token where it could be read on its way."""
        place = urlsplit(self.url)
        if place.scheme != "https" and place.hostname not in {"127.0.0.1", "localhost"}:
            raise ValueError(f"{self.url} is not HTTPS, and the token would be readable on its way")

    def get(self, path: str) -> Any | None:
        """Return what stands at a path; None when there is nothing.

        Raises:
            GrafanaError: Grafana refuses or does not answer.
        """
        try:
            return self._send("GET", path, None)
        except GrafanaError as error:
            if error.status == 404:
                return None
            raise

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """Change something.

        Args:
            method: `POST`, `PUT` or `DELETE`.
            path: as in `/api/dashboards/db`.
            body: what is sent as JSON.

        Raises:
            GrafanaError: Grafana refuses or does not answer.
        """
        return self._send(method, path, body)

    def _send(self, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        for left in reversed(range(_TRIES)):
            try:
                return self._once(method, path, body)
            except GrafanaError as error:
                if not left or not (error.status == 0 or error.status in _AGAIN):
                    raise
                self.sleep(2.0 ** (_TRIES - 1 - left))
        raise AssertionError("the last try returns or raises")

    def _once(self, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        request = urllib.request.Request(  # noqa: S310 - the scheme was looked at when this was made
            self.url.rstrip("/") + quote(path, safe="/?=&"),
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "Accept": "application/json",
            },
        )
        what = f"{method} {path}"
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - as above
                text = answer.read()
        except urllib.error.HTTPError as error:
            raise GrafanaError(what, error.code, _message(error.read())) from None
        except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
            raise GrafanaError(what, 0, str(getattr(error, "reason", error))) from None
        try:
            return json.loads(text) if text else None
        except ValueError:
            raise GrafanaError(what, 0, "the answer is no JSON: is this Grafana's address?") from None


def _message(text: bytes) -> str:
    try:
        found = json.loads(text)
    except ValueError:
        return "no reason given"
    return str(found.get("message", "no reason given")) if isinstance(found, dict) else "no reason given"
