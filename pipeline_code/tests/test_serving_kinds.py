"""Answers of a model that says more than one number: named values in JSON, columns in CSV, the same as in training."""

from __future__ import annotations

import pytest
from asgi import Client

from govml_pipeline import notebook
from govml_pipeline.model.artefact import Model
from govml_pipeline.serving.app import create_app
from govml_pipeline.usecase import load_use_case


@pytest.fixture(scope="module")
def prepared() -> notebook.Prepared:
    use_case = load_use_case("service_requests")
    return notebook.prepare(use_case, notebook.sample_rows(use_case, rows=3000, seed=1))


@pytest.fixture(scope="module")
def classifier(prepared: notebook.Prepared) -> Model:
    return notebook.train(load_use_case("service_requests"), prepared)


def test_a_classification_answers_with_class_and_probabilities(classifier: Model, prepared: notebook.Prepared) -> None:
    rows = prepared.split.test.head(40)
    expected = classifier.predict(rows)
    instances = rows.select(classifier.use_case.contract.inputs.names).to_dicts()
    client = Client(create_app(classifier))
    answer = client.post("/invocations", json={"instances": instances}).json()
    assert answer["predictions"] == expected.to_dicts()
    assert set(answer["predictions"][0]) == {"prediction", "probability:NO", "probability:YES"}
    lines = client.post("/invocations", json={"instances": instances}, headers={"accept": "text/csv"}).text.splitlines()
    parts = [line.split(",") for line in lines]
    assert [part[0] for part in parts] == expected["prediction"].to_list()
    assert [float(part[2]) for part in parts] == expected["probability:YES"].to_list()


def test_a_request_that_breaks_the_contract_is_refused(classifier: Model, prepared: notebook.Prepared) -> None:
    instance = prepared.split.test.head(1).select(classifier.use_case.contract.inputs.names).to_dicts()[0]
    answer = Client(create_app(classifier)).post("/invocations", json={"instances": [{**instance, "region": "MARS"}]})
    assert answer.status_code == 422
    assert answer.json()["error"]["details"][0]["column"] == "region"
