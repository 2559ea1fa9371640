from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from botocore.exceptions import EndpointConnectionError

from govml.errors import UserError
from govml.local.access import Connection, require_loopback

HERE = Connection("http://127.0.0.1:4566", "111122223333", "ap-southeast-1")


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:4566", "http://localhost:1", "http://[::1]:80"])
def test_loopback_is_allowed(endpoint: str) -> None:
    require_loopback(endpoint)


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://s3.ap-southeast-1.amazonaws.com",
        "http://10.0.0.7:4566",
        "http://127.0.0.1.example.com:4566",
        "http://127.0.0.1@example.com:4566",
        "",
    ],
)
def test_any_other_machine_is_refused(endpoint: str) -> None:
    with pytest.raises(UserError, match="not on this machine's loopback"):
        require_loopback(endpoint)
    with pytest.raises(UserError):
        Connection(endpoint, HERE.account, HERE.region).client("s3")


def test_a_child_process_gets_nothing_of_the_users_own_aws_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ROLE_ARN", "AWS_ENDPOINT_URL_S3", "CDK_DEFAULT_ACCOUNT"):
        monkeypatch.setenv(name, "of-the-user")
    environment = HERE.process_environ()
    assert "of-the-user" not in environment.values()
    assert environment["PATH"] == os.environ["PATH"]
    assert environment["AWS_ENDPOINT_URL"] == HERE.endpoint_url
    assert environment["AWS_CONFIG_FILE"] == environment["AWS_SHARED_CREDENTIALS_FILE"] == os.devnull
    assert environment["AWS_EC2_METADATA_DISABLED"] == "true"


def test_a_call_that_forgets_the_endpoint_ends_at_a_proxy_that_is_not_there() -> None:
    environment = HERE.environ()
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        host, _, port = environment[name].removeprefix("http://").partition(":")
        with socket.socket() as probe:
            assert probe.connect_ex((host, int(port))) != 0
    assert "127.0.0.1" in environment["NO_PROXY"]


def test_a_client_ignores_the_users_profile_and_goes_to_the_account_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_port: int
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:9")
    client = Connection(f"http://127.0.0.1:{free_port}", HERE.account, HERE.region).client("sts")
    with pytest.raises(EndpointConnectionError, match=str(free_port)):
        client.get_caller_identity()
