"""The way into the running local account for everything else: endpoint, environment variables, boto3 clients."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from govml.errors import UserError
from govml.local.state import is_running, read_state

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# Nothing listens here: a call that forgets the endpoint ends at once instead of reaching AWS.
_DEAD_PROXY = "http://127.0.0.1:9"


def require_loopback(endpoint_url: str) -> None:
    """Refuse an endpoint on any other machine.

    Raises:
        UserError: the host is not this machine's loopback.
    """
    if urlsplit(endpoint_url).hostname not in _LOOPBACK:
        raise UserError(
            f"refused: {endpoint_url} is not on this machine's loopback",
            hint="the local commands never talk to AWS; deploy to an account with the CDK CLI itself",
        )


@dataclass(frozen=True)
class Connection:
    """A running local account.

    Args:
        endpoint_url: its address on loopback.
        account: 12-digit account id.
        region: AWS region.
    """

    endpoint_url: str
    account: str
    region: str

    def environ(self) -> dict[str, str]:
        """Return the environment variables with which boto3, the CDK CLI and other SDKs reach this account only.

        The credentials are fake (the emulator takes a 12-digit access key as the account id), the user's own profile
        and configuration are hidden, and whatever is not loopback goes to a proxy that does not exist.
        """
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": self.account,
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), _DEAD_PROXY),
            "NO_PROXY": "127.0.0.1,localhost",
            "no_proxy": "127.0.0.1,localhost",
        }

    def process_environ(self) -> dict[str, str]:
        """Return a child process's whole environment: this one's without any `AWS_` or `CDK_`, plus `environ()`."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_"))}
        return {**inherited, **self.environ()}

    def client(self, service: str) -> Any:
        """Return a boto3 client of `service` for this account, whatever the caller's own AWS configuration is."""
        require_loopback(self.endpoint_url)
        return _client(self, service)


@lru_cache(maxsize=128)
def _client(connection: Connection, service: str) -> Any:
    """One client a service: making one reads the service's model, up to half a second."""
    import botocore.session
    from botocore.config import Config

    session = botocore.session.Session(session_vars={"profile": (None, None, None, None)})
    session.set_config_variable("config_file", os.devnull)
    session.set_config_variable("credentials_file", os.devnull)
    return session.create_client(
        service,
        region_name=connection.region,
        endpoint_url=connection.endpoint_url,
        aws_access_key_id=connection.account,
        aws_secret_access_key="local",  # noqa: S106 - a fake credential: the gateway checks no signature
        config=Config(retries={"max_attempts": 0}, proxies={}, s3={"addressing_style": "path"}),
    )


def connection() -> Connection:
    """Return the connection to the running local account.

    Raises:
        UserError: it is not running.
    """
    state = read_state()
    if state is None or not is_running():
        raise UserError("the local account is not running", hint="start it with `govml local up`")
    return Connection(f"http://127.0.0.1:{state.port}", state.account, state.region)
