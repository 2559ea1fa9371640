"""SageMaker's contract, refusals with a type and a reason, and the same numbers as in training."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from asgi import Client
from csvs import HEADER, ROW

from data_sources.hdb_resale.sample import make_sample
from govml_pipeline.data.split import Split
from govml_pipeline.model.artefact import Model
from govml_pipeline.serving.__main__ import main
from govml_pipeline.serving.app import create_app

INSTANCE = {key: value for key, value in ROW.items() if key != "resale_price"}


@pytest.fixture(scope="module")
def client(model: Model) -> Client:
    return Client(create_app(model, max_bytes=2_000_000))


def post(client: Client, *instances: Any, **headers: str):
    return client.post("/invocations", json={"instances": list(instances)}, headers=headers)


def test_ping(client: Client, model: Model) -> None:
    assert client.get("/ping").status_code == 200
    assert client.get("/ping").json()["model_version"] == model.version


def test_answers_predictions_with_the_version_of_the_model(client: Client, model: Model) -> None:
    answer = post(client, INSTANCE, {**INSTANCE, "floor_area_sqm": 90, "lease_commence_date": 1990.0})
    assert answer.status_code == 200
    first, second = answer.json()["predictions"]
    assert 50_000 < first < second < 5_000_000
    assert answer.json()["model_version"] == model.version


def test_every_row_of_a_sample_gets_the_prediction_of_the_training_code(
    client: Client, model: Model, split: Split
) -> None:
    """Train/serve equality: raw text over HTTP against the validated rows of the pipeline, to the bit."""
    expected = model.predict(split.test)["prediction"].to_numpy()
    raw = make_sample(seed=11, rows=5000)
    test = split.test["source_line"].to_numpy() - 2
    instances = [raw.row(int(position), named=True) for position in test]
    served = post(client, *instances).json()["predictions"]
    np.testing.assert_array_equal(np.array(served), expected)
    for position in range(0, len(instances), 50):
        assert post(client, instances[position]).json()["predictions"] == [expected[position]]


@pytest.mark.parametrize("header", [True, False])
def test_csv_in_and_out(client: Client, header: bool) -> None:
    lines = [",".join(map(str, INSTANCE.values()))] * 2
    names = HEADER.removesuffix(",resale_price")
    body = "\n".join([names, *lines] if header else lines) + "\n"
    answer = client.post(
        "/invocations", content=body, headers={"content-type": "text/csv; charset=utf-8", "accept": "text/csv"}
    )
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    expected = post(client, INSTANCE).json()["predictions"][0]
    assert [float(value) for value in answer.text.split()] == [expected] * 2


def test_the_target_may_be_sent_and_is_ignored(client: Client) -> None:
    assert post(client, ROW).json() == post(client, {**ROW, "resale_price": "nonsense"}).json()


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"month": "2017-13"}, "month", "not a month"),
        ({"floor_area_sqm": "big"}, "floor_area_sqm", "not a number"),
        ({"floor_area_sqm": 5}, "floor_area_sqm", "below 20"),
        ({"town": "ATLANTIS"}, "town", "known values"),
        ({"town": None}, "town", "missing"),
        ({"floor_area_sqm": True}, "floor_area_sqm", "bool instead of"),
        ({"floor_area_sqm": [1]}, "floor_area_sqm", "list instead of"),
        ({"colour": "red"}, "colour", "unknown column"),
        ({"lease_commence_date": 1990.5}, "lease_commence_date", "not a whole number"),
    ],
)
def test_says_which_row_breaks_the_contract_and_why(
    client: Client, change: dict[str, Any], column: str, reason: str
) -> None:
    answer = post(client, INSTANCE, {**INSTANCE, **change})
    error = answer.json()["error"]
    assert answer.status_code == 422
    assert error["type"] == "contract_violation"
    assert (error["details"][0]["row"], error["details"][0]["column"]) == (1, column)
    assert reason in error["details"][0]["reason"]


@pytest.mark.parametrize(
    ("body", "content_type", "status", "kind"),
    [
        (b"{", "application/json", 400, "malformed_request"),
        (b"[]", "application/json", 400, "malformed_request"),
        (b'{"instances": []}', "application/json", 400, "malformed_request"),
        (b'{"instances": [1]}', "application/json", 400, "malformed_request"),
        (b'{"instances": [{"floor_area_sqm": NaN}]}', "application/json", 400, "malformed_request"),
        (b"[" * 100_000, "application/json", 400, "malformed_request"),
        (b"\xff", "application/json", 400, "malformed_request"),
        (b"", "text/csv", 400, "malformed_request"),
        (b"a,b\n", "text/csv", 400, "malformed_request"),
        (b'"a', "text/csv", 400, "malformed_request"),
        (b"month,month\n2017-01,2017-01\n", "text/csv", 422, "contract_violation"),
        (b"x", "image/png", 415, "unsupported_media_type"),
        (b"x", "", 415, "unsupported_media_type"),
        (b" " * 2_000_001, "application/json", 413, "payload_too_large"),
    ],
)
def test_refuses_bad_requests_with_a_type(
    client: Client, body: bytes, content_type: str, status: int, kind: str
) -> None:
    answer = client.post("/invocations", content=body, headers={"content-type": content_type})
    assert (answer.status_code, answer.json()["error"]["type"]) == (status, kind)
    assert answer.json()["error"]["message"]


def test_refuses_an_answer_form_that_it_does_not_speak(client: Client) -> None:
    assert post(client, INSTANCE, accept="image/png").status_code == 406
    assert client.get("/invocations").status_code == 405
    assert client.get("/docs").status_code == 404


@pytest.mark.parametrize("header", ["X-Correlation-Id", "X-Amzn-SageMaker-Custom-Attributes"])
def test_echoes_and_logs_the_correlation_id(client: Client, header: str, capsys: pytest.CaptureFixture[str]) -> None:
    answer = post(client, INSTANCE, **{header: "case-42"})
    assert answer.headers["X-Correlation-Id"] == answer.headers["X-Amzn-SageMaker-Custom-Attributes"] == "case-42"
    entry = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (entry["correlation_id"], entry["status"], entry["rows"]) == ("case-42", 200, 1)


def test_makes_a_correlation_id_when_the_callers_is_unsafe(client: Client) -> None:
    answer = post(client, INSTANCE, **{"X-Correlation-Id": 'x" injected {'})
    assert len(answer.headers["X-Correlation-Id"]) == 32


def test_the_server_listens_on_loopback_and_ends_cleanly_when_told_to(model_folder: Path) -> None:
    command = [sys.executable, "-m", "govml_pipeline.serving", "--model-dir", str(model_folder), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            host, _, port = server.stdout.readline().split("http://")[1].strip().partition(":")
            assert host == "127.0.0.1"
            answer = httpx.post(f"http://{host}:{port}/invocations", json={"instances": [INSTANCE]}, timeout=20)
            assert answer.json()["predictions"]
            server.send_signal(signal.SIGTERM)
            assert server.wait(timeout=20) == 0
        finally:
            server.kill()


def test_a_folder_without_a_model_is_the_users_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--model-dir", str(tmp_path)]) == 2
    assert "holds no model" in capsys.readouterr().err


def test_a_taken_port_is_the_users_mistake(model_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["--model-dir", str(model_folder), "--port", port]) == 2
    assert f"cannot listen on 127.0.0.1:{port}" in capsys.readouterr().err
