"""HTTP GET that waits its turn: retries with back-off, honours Retry-After, gives up with a clear message."""

from __future__ import annotations

import datetime
import email.utils
import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from govml_pipeline.errors import UserError

_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
_LONGEST_WAIT = 120.0
T = TypeVar("T")


@dataclass
class HttpClient:
    """GET requests against a public API.

    Args:
        headers: sent with every request.
        attempts: how often a request is tried in all.
        first_wait: seconds before the second attempt; doubled each time.
        min_interval: seconds between two requests at least, to stay below a published rate limit.
        timeout: seconds until a silent connection is given up.
        sleep: waits; replaced in tests.
        progress: told why there is a wait.
    """

    headers: dict[str, str]
    attempts: int = 6
    first_wait: float = 2.0
    min_interval: float = 0.0
    timeout: float = 60.0
    sleep: Callable[[float], None] = time.sleep
    progress: Callable[[str], None] = lambda _: None

    _earliest: float = 0.0

    def json(self, url: str, parameters: dict[str, str] | None = None) -> dict[str, Any]:
        """GET a JSON object.

        Raises:
            UserError: refused, unreachable after all attempts, or not JSON.
        """

        def read(response: http.client.HTTPResponse) -> dict[str, Any]:
            value = json.loads(response.read())
            if not isinstance(value, dict):
                raise ValueError("not a JSON object")
            return value

        return self.get(f"{url}?{urllib.parse.urlencode(parameters)}" if parameters else url, read)

    def get(
        self, url: str, read: Callable[[http.client.HTTPResponse], T], headers: Callable[[], dict[str, str]] = dict
    ) -> T:
        """GET and read a response; a connection that breaks while reading counts as a failed attempt.

        Args:
            url: what to get.
            read: reads the response; a ValueError means that the body is not what was asked for.
            headers: further headers, asked for anew at each attempt.

        Raises:
            UserError: refused, or unreachable after all attempts.
        """
        wait = self.first_wait
        where = urllib.parse.urlsplit(url)._replace(query="").geturl()
        for attempt in range(1, self.attempts + 1):
            self._take_turn()
            request = urllib.request.Request(url, headers={**self.headers, **headers()})  # noqa: S310  the scheme is the caller's, checked there
            try:
                with urllib.request.urlopen(request, timeout=self.timeout) as response:  # noqa: S310  as above
                    return read(response)
            except urllib.error.HTTPError as error:
                if error.code not in _TRANSIENT:
                    raise UserError(
                        f"{where} answers {error.code} {error.reason}", hint="check the dataset's id and your API key"
                    ) from error
                reason, asked = f"answers {error.code}", retry_after(error.headers.get("Retry-After"))
            except (OSError, http.client.HTTPException, ValueError) as error:
                reason, asked = f"fails: {error}", None
            if attempt < self.attempts:
                pause = min(asked if asked is not None else wait, _LONGEST_WAIT)
                self.progress(f"{where} {reason}; attempt {attempt + 1} of {self.attempts} in {pause:g} s")
                self.sleep(pause)
                wait *= 2
        raise UserError(f"{where} {reason}, {self.attempts} times", hint="try again later; what was fetched is kept")

    def _take_turn(self) -> None:
        now = time.monotonic()
        if now < self._earliest:
            self.sleep(self._earliest - now)
        self._earliest = max(now, self._earliest) + self.min_interval


def retry_after(value: str | None) -> float | None:
    """Seconds of a Retry-After header, given as seconds or as a date (RFC 9110, 10.2.3); None if there is none."""
    if not value:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (moment - datetime.datetime.now(datetime.UTC)).total_seconds())
