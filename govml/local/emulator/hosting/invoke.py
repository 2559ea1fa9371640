"""SageMaker Runtime at the gateway's own address: requests are handed on to the front as they came, signature included."""

from __future__ import annotations

import http.client
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from govml.local.emulator.backends.errors import ApiError
from govml.local.emulator.hosting import leases

PREFIX = "/endpoints/"
_TIMEOUT = 70.0
_HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive"}


def relay(
    method: str, path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, Any]
) -> tuple[int, dict[str, str], bytes]:
    """Let the front answer. Blocks; call it from a worker thread."""
    lease = leases.attached()
    if lease is None:
        return ApiError(
            "ServiceUnavailable", "no front serves this account's endpoints: start `govml local serve`", 503
        ).response()
    address = urlsplit(lease.url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=_TIMEOUT)
    target = quote(path) + (f"?{urlencode(query, doseq=True)}" if query else "")
    try:
        # The host stays the gateway's: it is part of what was signed.
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            if name.lower() not in _HOP_BY_HOP:
                connection.putheader(name, value)
        connection.putheader("content-length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        kept = {name: value for name, value in response.getheaders() if name.lower() not in _HOP_BY_HOP}
        return response.status, kept, response.read()
    except (OSError, http.client.HTTPException) as error:
        return ApiError("ServiceUnavailable", f"the front does not answer: {error}", 503).response()
    finally:
        connection.close()
