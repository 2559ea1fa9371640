"""What an answer holds beside predictions: version, ids, explanations; and that the document describes all of it."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import numpy as np
import pytest
from asgi import Client
from csvs import ROW

from data_sources.hdb_resale.sample import make_sample
from govml_pipeline.model.artefact import Model
from govml_pipeline.serving.app import create_app
from govml_pipeline.serving.explaining import NAMED
from govml_pipeline.serving.payload import parse

INSTANCE = {name: value for name, value in ROW.items() if name != "resale_price"}
IDS = {"X-Correlation-Id": "case-1", "X-Amzn-SageMaker-Inference-Id": "label/42"}


@pytest.fixture(scope="module")
def client(model: Model) -> Client:
    return Client(create_app(model))


@pytest.fixture(scope="module")
def document(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").json()
    return found


def conforms(document: dict[str, Any], name: str, value: Any) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    jsonschema.Draft202012Validator(schema).validate(value)


@pytest.mark.parametrize(
    ("call", "options", "status"),
    [
        ("POST /invocations", {"json": {"instances": [INSTANCE]}}, 200),
        ("POST /invocations", {"json": {"instances": [INSTANCE]}, "headers": {"accept": "text/csv"}}, 200),
        ("POST /invocations", {"content": b"{"}, 415),
        ("POST /invocations", {"json": {"instances": [{**INSTANCE, "town": "ATLANTIS"}]}}, 422),
        ("GET /invocations", {}, 405),
        ("GET /nowhere", {}, 404),
        ("GET /ping", {}, 200),
        ("GET /execution-parameters", {}, 200),
    ],
)
def test_every_answer_names_the_model(
    client: Client, document: dict[str, Any], call: str, options: dict[str, Any], status: int
) -> None:
    answer = client.request(*call.split(), **options)
    version = document["info"]["version"]
    assert answer.status_code == status
    assert answer.headers["X-Model-Version"] == version
    if status != 200:
        assert answer.json()["model_version"] == version
        conforms(document, "Error", answer.json())


def test_ids_come_back_and_stand_in_the_log(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    for body in ({"instances": [INSTANCE]}, {}):
        answer = client.post("/invocations", json=body, headers=IDS)
        assert {name: answer.headers[name] for name in IDS} == IDS
        entry = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert (entry["correlation_id"], entry["inference_id"]) == ("case-1", "label/42")


@pytest.mark.parametrize("value", ["a b", "x\u00e9", "a" * 129, '"}{', "{{1}}", "%0a"])
def test_an_inference_id_that_is_not_harmless_is_left_out(
    client: Client, capsys: pytest.CaptureFixture[str], value: str
) -> None:
    headers = {"X-Amzn-SageMaker-Inference-Id": value.encode()}
    answer = client.post("/invocations", json={"instances": [INSTANCE]}, headers=headers)
    assert "X-Amzn-SageMaker-Inference-Id" not in answer.headers
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["inference_id"] is None


def test_nothing_of_a_request_reaches_the_log(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    town = "SECRET\nTOWN\x1b[31m"
    answer = client.post("/invocations", json={"instances": [{**INSTANCE, "town": town}]})
    assert answer.status_code == 422
    written = capsys.readouterr()
    assert "SECRET" not in written.out + written.err
    assert len(written.out.splitlines()) == 1
    assert json.loads(written.out)["error"] == "contract_violation"


def test_explanations_add_up_to_the_output(client: Client, model: Model, document: dict[str, Any]) -> None:
    rows = make_sample(seed=5, rows=300).select(model.use_case.contract.inputs.names).tail(40)
    asked = client.post("/invocations", json={"instances": rows.to_dicts(), "explain": True}).json()
    plain = client.post("/invocations", json={"instances": rows.to_dicts()}).json()
    assert asked["predictions"] == plain["predictions"]
    assert "explanations" not in plain
    assert len(asked["explanations"]) == rows.height
    checked = parse(json.dumps({"instances": rows.to_dicts()}).encode(), "application/json", model.use_case.contract)
    output = model.fitted.output(model.transformation.transform(checked).matrix)
    for explained, expected in zip(asked["explanations"], output, strict=True):
        conforms(document, "Explanation", explained)
        shown = [entry["contribution"] for entry in explained["contributions"]]
        assert len(shown) == NAMED
        assert sorted(shown, key=abs, reverse=True) == shown
        np.testing.assert_allclose(explained["base"] + sum(shown) + explained["rest"], expected, atol=1e-5)


def test_more_rows_than_can_be_explained(client: Client) -> None:
    answer = client.post("/invocations", json={"instances": [INSTANCE] * 101, "explain": True})
    assert (answer.status_code, answer.json()["error"]["type"]) == (422, "explanation_unavailable")
    assert client.post("/invocations", json={"instances": [INSTANCE], "explain": 1}).status_code == 400


def test_the_document_describes_what_goes_in(client: Client, document: dict[str, Any], model: Model) -> None:
    assert document["info"]["version"] == model.version
    assert set(document["paths"]) == {"/ping", "/invocations", "/openapi.json", "/execution-parameters"}
    rows = make_sample(seed=3, rows=200).select(model.use_case.contract.inputs.names).to_dicts()
    for row in rows:
        conforms(document, "Instance", row)
    for change in ({"town": "ATLANTIS"}, {"town": None}, {"floor_area_sqm": 5}, {"colour": "red"}, {"block": "x y"}):
        with pytest.raises(jsonschema.ValidationError):
            conforms(document, "Instance", {**INSTANCE, **change})
        assert client.post("/invocations", json={"instances": [{**INSTANCE, **change}]}).status_code == 422


@pytest.mark.parametrize("value", [0.1 + 0.2, 1e-7, 90.00000000000001, 1.5e2, 100.0])
def test_a_number_of_json_is_taken_however_it_is_written(value: float, client: Client, model: Model) -> None:
    area = 60 + value
    answer = client.post("/invocations", json={"instances": [{**INSTANCE, "floor_area_sqm": area}]})
    assert answer.status_code == 200, answer.text
