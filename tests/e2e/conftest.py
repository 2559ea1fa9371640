"""One local account for the whole session: an emulator on a free port, with its own state directory.

`bare_account` is up and bootstrapped; `local_account` has every stack of `config/sandbox.yaml` deployed into it.
Tests that tear it down run last.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from deployed_resources import Resource, of_type, resources

from govml.bootstrap.assembly import read_stacks
from govml.bootstrap.kit import kit
from govml.local import Connection, deployment, images, lifecycle
from govml.local.bootstrap import bootstrap
from govml.local.cdk_cli import CliRun
from govml.local.paths import state_directory
from govml.settings import Settings, load_settings

REPOSITORY = Path(__file__).resolve().parents[2]
CONFIG = REPOSITORY / "config" / "sandbox.yaml"
ENVIRONMENT = "dev"


@dataclass(frozen=True)
class Deployed:
    """What the session's deployment was made of, and how it went."""

    connection: Connection
    settings: Settings
    config: Path
    assembly: Path
    run: CliRun


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave what rings its alarms, what changes it, and then what destroys it to the end: a stable sort keeps the rest.

    A release from end to end comes first: it counts versions and ledger entries, which other tests leave behind, too.
    """
    items.sort(
        key=lambda item: [
            *(name in getattr(item, "fixturenames", ()) for name in ("torn_down", "updated", "ringing")),
            item.path.name != "test_release.py",
        ]
    )


@pytest.fixture(scope="session")
def settings() -> Settings:
    return load_settings(CONFIG)


@contextmanager
def running_account(folder: Path, account: str, region: str) -> Iterator[Connection]:
    """Run an account of its own, with its own state directory, and put the environment back."""
    before = os.environ.get("GOVML_STATE_DIR")
    os.environ["GOVML_STATE_DIR"] = str(folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = lifecycle.up(account_id=account, region=region, port=port)
    try:
        yield started.connection
    finally:
        lifecycle.down()
        if before is None:
            del os.environ["GOVML_STATE_DIR"]
        else:
            os.environ["GOVML_STATE_DIR"] = before


@pytest.fixture(scope="session")
def bare_account(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Connection]:
    """The way into a running, bootstrapped and otherwise empty account."""
    account = settings.environment(ENVIRONMENT).account
    with running_account(tmp_path_factory.mktemp("account"), account, settings.region) as connection:
        stacks = read_stacks(deployment.synthesise(CONFIG, ENVIRONMENT))
        result = bootstrap(connection, kit(settings, stacks, [ENVIRONMENT]))
        assert result.code == 0, result.log.read_text()
        yield connection


@pytest.fixture(scope="session")
def another_account() -> Callable[[Path, str, str], AbstractContextManager[Connection]]:
    """Run a second account beside the session's, for what cannot share one: names that an account has once."""
    return running_account


@pytest.fixture(scope="session")
def deployed(bare_account: Connection, settings: Settings) -> Deployed:
    """The sandbox, deployed by the real CDK CLI."""
    assembly = state_directory() / "cdk.out"  # what the policies were computed from
    run = deployment.deploy(bare_account, assembly)
    assert run.code == 0, run.log.read_text()[-5000:]
    images.stand_in(bare_account)  # as `govml local deploy` does
    return Deployed(bare_account, settings, CONFIG, assembly, run)


@pytest.fixture(scope="session")
def local_account(deployed: Deployed) -> Connection:
    """The way into the account with the sandbox deployed."""
    return deployed.connection


@pytest.fixture(scope="session")
def prefix(settings: Settings) -> str:
    return f"{settings.agency}-dev"


@pytest.fixture(scope="session")
def found(local_account: Connection, prefix: str) -> list[Resource]:
    return resources(local_account.client("cloudformation"), f"{prefix}-")


@pytest.fixture(scope="session")
def keys(local_account: Connection, found: list[Resource]) -> dict[str, str]:
    """Alias -> ARN of the environment's keys."""
    kms = local_account.client("kms")
    return {
        alias.removeprefix("alias/"): kms.describe_key(KeyId=alias)["KeyMetadata"]["Arn"]
        for alias in of_type(found, "KMS::Alias")
    }


@pytest.fixture(scope="session")
def updated(deployed: Deployed, tmp_path_factory: pytest.TempPathFactory, found: list[Resource]) -> Path:
    """The same agency with other settings: longer log retention, another owner, a looser acceptance criterion."""
    text = deployed.config.read_text()
    for before, after in (
        ("log_retention_days: 400", "log_retention_days: 545"),
        ("owner: platform-team@example.gov.sg", "owner: other-team@example.gov.sg"),
        ("mape: {max: 6.0}", "mape: {max: 7.5}"),
    ):
        assert before in text
        text = text.replace(before, after)
    config = tmp_path_factory.mktemp("update") / "sandbox.yaml"
    config.write_text(text)
    assembly = deployment.synthesise(config, "dev", output=config.with_name("cdk.out"))
    run = deployment.deploy(deployed.connection, assembly)
    assert run.code == 0, run.log.read_text()[-5000:]
    return assembly


@pytest.fixture(scope="session")
def torn_down(deployed: Deployed, updated: Path, found: list[Resource], prefix: str) -> list[Resource]:
    """All stacks destroyed; what existed before."""
    before = resources(deployed.connection.client("cloudformation"), f"{prefix}-")
    run = deployment.destroy(deployed.connection, updated)
    assert run.code == 0, run.log.read_text()[-5000:]
    return before
