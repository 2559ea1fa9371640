"""The sandbox by plain CloudFormation, into an account that was never bootstrapped: the shipped scripts, run as they are."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from aws_shim import aws_program
from botocore.exceptions import ClientError

from govml.bootstrap.assembly import read_stacks
from govml.bootstrap.plain.folder import PlainFolder, write_folder
from govml.local import Connection, lifecycle
from govml.settings import Settings
from govml.synthesis import synthesise

pytestmark = pytest.mark.local_account

REPOSITORY = Path(__file__).resolve().parents[3]
BUCKET = "agency-published-code"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> PlainFolder:
    root = tmp_path_factory.mktemp("plain")
    assembly = synthesise(REPOSITORY / "config" / "sandbox.yaml", "dev", output=root / "cdk.out", quiet=True)
    return write_folder(settings, read_stacks(assembly), "dev", asset_bucket=BUCKET, directory=root / "plain")


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Connection]:
    with pytest.MonkeyPatch.context() as patch, socket.socket() as probe:
        patch.setenv("GOVML_STATE_DIR", str(tmp_path_factory.mktemp("plain-account")))
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        started = lifecycle.up(account_id=settings.environment("dev").account, region=settings.region, port=port)
        try:
            s3 = started.connection.client("s3")
            s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": settings.region})
            yield started.connection
        finally:
            lifecycle.down()


@pytest.fixture(scope="module")
def scripts_run(folder: PlainFolder, account: Connection, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Both scripts, twice: a second run finds nothing to change."""
    programs = tmp_path_factory.mktemp("bin")
    environment = {**account.process_environ(), "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    with aws_program(programs, account):
        for script in ("publish.sh", "deploy.sh", "publish.sh", "deploy.sh"):
            done = subprocess.run(
                ["/bin/sh", script], cwd=folder.directory, env=environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr[-3000:]


def test_the_scripts_deploy_every_stack_without_a_bootstrap(
    scripts_run: None, folder: PlainFolder, account: Connection
) -> None:
    stacks = account.client("cloudformation").describe_stacks()["Stacks"]
    assert {stack["StackName"] for stack in stacks} == set(folder.stacks)
    assert {stack["StackStatus"] for stack in stacks} <= {"CREATE_COMPLETE", "UPDATE_COMPLETE"}
    with pytest.raises(ClientError):
        account.client("ssm").get_parameter(Name="/cdk-bootstrap/hnb659fds/version")


def test_the_functions_run_the_published_code(scripts_run: None, account: Connection) -> None:
    """A custom resource that could not load its code would have failed the stack; its configuration says where it is."""
    functions = account.client("lambda").list_functions()["Functions"]
    assert functions
    assert all(function["CodeSize"] > 0 for function in functions)


def test_the_tags_of_the_stacks_are_those_of_the_agency_file(
    scripts_run: None, account: Connection, settings: Settings
) -> None:
    for stack in account.client("cloudformation").describe_stacks()["Stacks"]:
        tags = {tag["Key"]: tag["Value"] for tag in stack["Tags"]}
        assert tags["Project-Code"] == settings.project_code
        assert tags["Environment"] == "dev"
