"""What a step sees of this machine: nothing of the user's, and no network if it is isolated."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from govml.execution import isolation
from govml.execution.record import Status

DUMP = """
import json, os, pathlib
pathlib.Path('/opt/ml/processing/output/o/env.json').write_text(json.dumps(dict(os.environ)))
"""
USERS_OWN = (
    "AWS_SESSION_TOKEN",
    "AWS_ROLE_SESSION_NAME",
    "HTTPS_PROXY",
    "no_proxy",
    "PYTHONPATH",
    "MLFLOW_TRACKING_URI",
    "SECRET",
)


def environment_of(prepare: Any, steps: Any, s3: Any, **options: Any) -> dict[str, str]:
    record = prepare(steps.definition(steps.processing("Step", DUMP, outputs=("o",), **options))).runner.run()
    assert record.status is Status.SUCCEEDED, record.step("Step").reason
    body = s3.get_object(Bucket=steps.bucket, Key="out/Step/o/env.json")["Body"].read()
    found: dict[str, str] = json.loads(body)
    return found


@pytest.fixture(autouse=True)
def _users_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in USERS_OWN:
        monkeypatch.setenv(name, "users-own")
    monkeypatch.setenv("LANG", "C.UTF-8")


def test_an_isolated_step_has_no_credentials_and_nothing_of_the_users(prepare: Any, steps: Any, s3: Any) -> None:
    found = environment_of(prepare, steps, s3, isolated=True, environment={"MODE": "full", "WHERE": "/opt/ml/model"})
    base = found.pop("SAGEMAKER_BASE_DIR")
    assert found.pop("PATH").split(":")[0] == str(Path(sys.executable).parent), "python3 in a shell is this one too"
    assert found.pop("HOME").endswith("state/home"), "the user's own home holds credentials"
    assert found.pop("WHERE") == f"{base}/model"
    assert found.pop("LC_CTYPE", "") in ("", "C.UTF-8")  # added by Python itself
    assert found == {"LANG": "C.UTF-8", "MODE": "full", "PYTHONUNBUFFERED": "1"}


def test_a_step_that_is_not_isolated_reaches_the_account_and_the_local_tracking_store(
    prepare: Any, steps: Any, s3: Any, account: Any, tmp_path: Path
) -> None:
    found = environment_of(prepare, steps, s3, environment={"MLFLOW_TRACKING_URI": "arn:aws:sagemaker:x"})
    assert found["MLFLOW_TRACKING_URI"] == f"sqlite:///{tmp_path}/state/mlflow/mlflow.db"
    assert account.environ().items() <= found.items()
    assert not {"AWS_ROLE_SESSION_NAME", "HTTPS_PROXY", "SECRET", "PYTHONPATH"} & set(found)


def test_the_tracking_store_is_not_pressed_upon_a_step_that_has_none(prepare: Any, steps: Any, s3: Any) -> None:
    assert "MLFLOW_TRACKING_URI" not in environment_of(prepare, steps, s3)


CONNECT = """
import socket, sys
own = socket.create_server(('127.0.0.1', 0))
socket.create_connection(own.getsockname()).close()
print('own loopback works')
socket.create_connection(('127.0.0.1', int(sys.argv[1])), 5).close()
"""


@pytest.mark.parametrize("isolated", [True, False])
def test_only_a_step_that_is_not_isolated_reaches_the_network(prepare: Any, steps: Any, isolated: bool) -> None:
    if isolated and isolation.find_isolation().description != isolation.NAMESPACE:
        pytest.skip("this platform permits no network namespaces")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        local = prepare(steps.definition(steps.processing("Step", CONNECT, isolated=isolated, arguments=(port,))))
        record = local.runner.run()
    assert record.step("Step").status is (Status.FAILED if isolated else Status.SUCCEEDED)
    log = (local.directory / "steps/Step/log.txt").read_text()
    assert "own loopback works" in log
    assert ("ConnectionRefusedError" in log) is isolated
    assert isolated or record.step("Step").isolation == ""


def test_where_namespaces_are_not_permitted_the_record_says_so(
    prepare: Any, steps: Any, s3: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from govml.execution.report import report

    monkeypatch.setattr("govml.execution.isolation.shutil.which", lambda _: None)
    local = prepare(steps.definition(steps.processing("Step", isolated=True)))
    record = local.runner.run()
    assert record.step("Step").isolation == isolation.ENVIRONMENT_ONLY
    assert f"network isolation: {isolation.ENVIRONMENT_ONLY}" in report(record, directory=local.directory)
