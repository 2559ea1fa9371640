"""The account as the adapter sees it: clients that go through its own front door, and botocore's service models."""

from __future__ import annotations

import threading
from typing import Any

import botocore.session
from botocore.config import Config
from ministack.core.responses import get_account_id, get_region

from govml.local.emulator.settings import EmulatorSettings

_session = botocore.session.Session()
_clients: dict[tuple[str, str, str], Any] = {}
_lock = threading.Lock()


def current_account() -> str:
    """Account id of the request or stack that is being served."""
    return str(get_account_id())


def current_region() -> str:
    """Region of the request or stack that is being served."""
    return str(get_region())


def client(service: str) -> Any:
    """Return a cached boto3-style client for the current account and region.

    Calls go through the gateway, so that what the adapter provisions is exactly what any client would see.
    Call it from a worker thread only: on the event loop it would wait for itself.
    """
    key = (service, current_account(), current_region())
    with _lock:
        if key not in _clients:
            _clients[key] = _session.create_client(
                service,
                region_name=key[2],
                endpoint_url=EmulatorSettings.from_environment().endpoint_url,
                aws_access_key_id=key[1],
                aws_secret_access_key="local",  # noqa: S106 - a fake credential: the gateway checks no signature
                config=Config(retries={"max_attempts": 0}, connect_timeout=5, read_timeout=60),
            )
        return _clients[key]


def service_model(service: str) -> Any:
    """Return botocore's model of a service: operations, request and response shapes."""
    with _lock:
        return _session.get_service_model(service)
