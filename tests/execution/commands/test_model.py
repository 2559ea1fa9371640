"""`govml pipeline run` and `govml model`: from data to an approved model that answers."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
from pathlib import Path
from typing import Any

import pytest
from toy_commands import TRAIN, Cli, free_port


def test_from_data_to_an_approved_model(cli: Cli, deploy: Any, s3: Any, encrypted: str, tmp_path: Path) -> None:
    deploy()
    assert "put s3://" in cli("data", "sample", "hdb_resale").output
    file = tmp_path / "real.csv"
    file.write_text("month,price\n2024-01,1\n2024-02,2\n")
    assert f"put s3://{encrypted}/hdb-resale/real.csv (2 rows)" in cli("data", "put", "hdb_resale", file).output
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket=encrypted, Prefix="hdb-resale/")["Contents"]]
    assert keys == ["hdb-resale/real.csv"], "the sample has been replaced"
    assert s3.head_object(Bucket=encrypted, Key="hdb-resale/real.csv")["ServerSideEncryption"] == "aws:kms"

    assert "no version yet" in cli("model", "list", "hdb_resale").output
    ran = cli("pipeline", "run", "hdb_resale", "--parameter", "TestMonths=6")
    assert (ran.exit_code, "Succeeded" in ran.output) == (0, True), ran.output
    listed = cli("pipeline", "list").output
    assert "Succeeded" in listed
    shown = cli("pipeline", "show", "latest").output
    assert "TestMonths = 6" in shown
    assert listed.split()[0] in shown

    assert "PendingManualApproval" in cli("model", "list", "hdb_resale").output
    assert "has no approved model" in cli.error("model", "serve", "hdb_resale")
    assert "is PendingManualApproval, not Approved" in cli.error("model", "serve", "hdb_resale", "--version", 1)
    assert "has no version 7\n  hint: it has 1" in cli.error("model", "approve", "hdb_resale", 7, "--by", "Tan")
    assert "is Approved" in cli("model", "approve", "hdb_resale", 1, "--by", "Tan Ah Kow").output
    listed = cli("model", "list", "hdb_resale").output
    assert "  ApprovedBy = Tan Ah Kow\n  Mae = 1.5\n" in listed, "approval keeps the lineage"


def test_an_approved_model_answers_until_ctrl_c(
    cli: Cli, deploy: Any, encrypted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy()
    cli("data", "sample", "hdb_resale")
    cli("pipeline", "run", "hdb_resale")
    cli("model", "approve", "hdb_resale", 1, "--by", "Tan")
    port, up = free_port(), threading.Event()
    answers: list[Any] = []
    monkeypatch.setattr("govml.cli.model.click.echo", lambda text, **_: up.set() if "/invocations" in text else None)
    from govml.execution.serving import request

    def user() -> None:
        up.wait(20)
        answers.append(request(port, "POST", "/invocations", b'[{"town": "YISHUN"}]'))
        answers.append(request(port, "POST", "/invocations", b"[]"))
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=user, daemon=True)
    thread.start()
    served = cli("model", "serve", "hdb_resale", "--port", port)
    thread.join(20)
    assert served.exit_code == 0, served.output
    assert answers == [(200, b'{"model": "toy", "aws": []}'), (400, b'{"model": "toy", "aws": []}')]
    with socket.create_server(("127.0.0.1", port)):
        pass  # the server has gone


def test_predict_shows_the_answer_and_fails_on_a_refusal(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "model.json").write_text('{"name": "toy"}')
    port = free_port()
    command = [str(tmp_path / "bin/python"), "-m", "govml_pipeline.serving", "--model-dir", str(tmp_path / "model")]
    with subprocess.Popen([*command, "--host", "127.0.0.1", "--port", str(port)]) as server:
        try:
            from govml.execution.serving import _wait_for_ping

            _wait_for_ping(server, port)
            good = cli("model", "predict", "hdb_resale", "--port", port, input='[{"town": "YISHUN"}]')
            bad = cli("model", "predict", "hdb_resale", "--port", port, input="[]")
        finally:
            server.terminate()
    assert (good.exit_code, json.loads(good.output)["model"]) == (0, "toy")
    assert (bad.exit_code, "status 400" in bad.output) == (1, True)


def test_predict_needs_a_server_and_json(cli: Cli, tmp_path: Path) -> None:
    port = free_port()
    assert "no model server answers" in cli.error("model", "predict", "hdb_resale", "--port", port, input="[]")
    assert "standard input is not JSON" in cli.error("model", "predict", "hdb_resale", "--port", port, input="town")
    missing = tmp_path / "none.json"
    assert "cannot be read" in cli.error("model", "predict", "hdb_resale", "--port", port, "--json", missing)


def test_a_taken_port_is_refused(cli: Cli, deploy: Any, encrypted: str) -> None:
    deploy()
    cli("data", "sample", "hdb_resale")
    cli("pipeline", "run", "hdb_resale")
    cli("model", "approve", "hdb_resale", 1, "--by", "Tan")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"port {port} cannot be used" in cli.error("model", "serve", "hdb_resale", "--port", port)


def test_a_server_that_does_not_come_up_is_a_users_error(cli: Cli, deploy: Any, steps: Any, encrypted: str) -> None:
    broken = TRAIN.replace("'broken': False", "'broken': True")
    trained = steps.training("Train", broken, channels={"train": f"s3://{encrypted}/hdb-resale"})
    model = {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}
    uri = {"Name": "InputDataUri", "Type": "String", "DefaultValue": f"s3://{encrypted}/hdb-resale"}
    deploy(steps.definition(trained, steps.register("Register", cli.group, model), parameters=[uri]))
    cli("data", "sample", "hdb_resale")
    cli("pipeline", "run", "hdb_resale")
    cli("model", "approve", "hdb_resale", 1, "--by", "Tan")
    assert "ended with exit code 7" in cli.error("model", "serve", "hdb_resale", "--port", free_port())
