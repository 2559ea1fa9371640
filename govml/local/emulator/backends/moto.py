"""moto, called in this process as a WSGI application: no second server and no second port."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from werkzeug.test import EnvironBuilder, run_wsgi_app

from govml.local.emulator.account import current_account, current_region
from govml.local.emulator.backends.errors import ApiError

Response = tuple[int, dict[str, str], bytes]

# moto's state is plain dictionaries without locks; calls take milliseconds, so one at a time is fast enough.
_lock = threading.Lock()
_HOP_BY_HOP = {"connection", "content-length", "transfer-encoding", "accept-encoding"}


@lru_cache(maxsize=1)
def _application() -> Any:
    from moto.moto_server.werkzeug_app import (
        DomainDispatcherApplication,
        create_backend_app,
    )

    return DomainDispatcherApplication(create_backend_app)


def forward(*, method: str, path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, Any]) -> Response:
    """Let moto answer one request; it finds the service in the request's credential scope."""
    kept = {name: value for name, value in headers.items() if name.lower() not in _HOP_BY_HOP}
    builder = EnvironBuilder(
        path=path,
        method=method,
        query_string=urlencode(query, doseq=True),
        headers=list(kept.items()),
        data=body,
    )
    with _lock:
        chunks, status, answer = run_wsgi_app(_application(), builder.get_environ(), buffered=True)
        content = b"".join(chunks)
    return int(status.split()[0]), {name.lower(): value for name, value in answer.items()}, content


def backend(module: str) -> Any:
    """Return moto's own object for a service in the account and region of the current request."""
    backends = getattr(importlib.import_module(f"moto.{module}.models"), f"{module}_backends")
    return backends[current_account()]["aws" if module == "iam" else current_region()]


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what moto's objects raise, when they are called directly, into the answer that moto's server would give.

    Raises:
        ApiError: moto refused.
    """
    from moto.core.exceptions import ServiceException

    try:
        yield
    except ServiceException as error:
        raise ApiError(error.code, error.message) from error
