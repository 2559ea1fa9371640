"""The running account as the adapter sees it: its settings, and boto3 clients that go through its own front door."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import botocore.session
from botocore.config import Config

# Environment variables through which `govml.local.lifecycle` configures the process.
PORT = "GOVML_LOCAL_PORT"
ACCOUNT = "GOVML_LOCAL_ACCOUNT"
REGION = "GOVML_LOCAL_REGION"
FIDELITY_FILE = "GOVML_LOCAL_FIDELITY_FILE"

_session = botocore.session.Session()
_clients: dict[tuple[str, str, str], Any] = {}
_lock = threading.Lock()


@dataclass(frozen=True)
class EmulatorSettings:
    """What the starting process hands over.

    Args:
        port: TCP port on 127.0.0.1.
        account: 12-digit account id of every request.
        region: default region.
        fidelity_file: where the audit of lost properties is written.
    """

    port: int
    account: str
    region: str
    fidelity_file: Path

    @classmethod
    def from_environment(cls) -> EmulatorSettings:
        """Read the settings; a missing variable is a KeyError, because only `govml local up` starts this process."""
        return cls(int(os.environ[PORT]), os.environ[ACCOUNT], os.environ[REGION], Path(os.environ[FIDELITY_FILE]))

    @property
    def endpoint_url(self) -> str:
        """The gateway's address. An IP address makes the SDKs use path-style S3 requests."""
        return f"http://127.0.0.1:{self.port}"


def client(service: str) -> Any:
    """Return a cached boto3-style client for the account and region of the request that is being served.

    Calls go through the gateway, so that what the adapter provisions is exactly what any client would see.
    Call it from a worker thread only: on the event loop it would wait for itself.
    """
    from ministack.core.responses import get_account_id, get_region

    key = (service, get_account_id(), get_region())
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
