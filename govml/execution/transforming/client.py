"""Talks to a model's server on loopback as a batch transform does."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from govml.execution.transforming.records import TransformFailed

LOOPBACK = "127.0.0.1"
#: API reference, `ModelClientConfig`.
DEFAULT_TIMEOUT_SECONDS, DEFAULT_RETRIES = 600, 3
_POLL_SECONDS = 0.1
_SHOWN = 300


@dataclass(frozen=True)
class Client:
    """Asks one server.

    Args:
        port: of the server, on loopback.
        content_type: of the requests.
        accept: wanted of the answers; "" leaves it to the server.
        timeout: seconds for one answer.
        retries: further attempts where the server fails; what it refuses is not sent again.
    """

    port: int
    content_type: str
    accept: str = ""
    timeout: float = DEFAULT_TIMEOUT_SECONDS
    retries: int = DEFAULT_RETRIES

    def wait(self, seconds: float, *, alive: Callable[[], bool]) -> None:
        """Wait until the server answers `/ping`.

        Raises:
            TransformFailed: it has ended, or has not answered in time.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if not alive():
                raise TransformFailed("the model's server ended before it answered; its message stands in the log")
            try:
                if self._send("GET", "/ping", None, {})[0] == HTTPStatus.OK:
                    return
            except OSError:  # not listening yet
                time.sleep(_POLL_SECONDS)
        raise TransformFailed(f"the model's server has not answered /ping within {seconds:.0f} s")

    def parameters(self) -> Mapping[str, Any]:
        """Return what the server wants a transform to send (`/execution-parameters`); empty where it says nothing."""
        try:
            status, body = self._send("GET", "/execution-parameters", None, {})
            answer = json.loads(body) if status == HTTPStatus.OK else {}
        except (OSError, ValueError):
            return {}
        return answer if isinstance(answer, dict) else {}

    def transform(self, payload: bytes) -> bytes:
        """Return the answer to one request.

        Raises:
            TransformFailed: the server refuses it, or keeps failing.
        """
        headers = {"Content-Type": self.content_type} if self.content_type else {}
        headers |= {"Accept": self.accept} if self.accept else {}
        said = ""
        for _ in range(1 + self.retries):
            try:
                status, body = self._send("POST", "/invocations", payload, headers)
            except OSError as error:
                said = f"does not answer: {error}"
                continue
            if status == HTTPStatus.OK:
                return body
            said = f"answered {status}: {body[:_SHOWN].decode(errors='replace')}"
            if status < HTTPStatus.INTERNAL_SERVER_ERROR:
                break
        raise TransformFailed(f"the model's server {said}")

    def _send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=self.timeout)
        try:
            connection.request(method, path, body=body, headers=dict(headers))
            response = connection.getresponse()
            return response.status, response.read()
        except http.client.HTTPException as error:
            raise OSError(f"the answer is not HTTP: {error!r}") from error
        finally:
            connection.close()
