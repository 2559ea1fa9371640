"""Whatever the body: an answer of the caller's kind, typed, that the document describes, and never a failure of the server."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from asgi import Client
from csvs import HEADER, ROW
from hypothesis import example, given, settings
from hypothesis import strategies as st

from govml_pipeline.model.artefact import Model
from govml_pipeline.serving.app import create_app

INSTANCE = {name: value for name, value in ROW.items() if name != "resale_price"}
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
#: A good request, changed in some places.
CHANGED = st.builds(
    lambda changes, explain: {
        "instances": [{**INSTANCE, **changes}],
        **({} if explain is None else {"explain": explain}),
    },
    st.dictionaries(st.sampled_from([*ROW, "other"]), SCALARS | JSON, max_size=3),
    st.none() | st.booleans() | JSON,
)
BODIES = st.one_of(
    st.binary(max_size=200),
    JSON.map(lambda value: json.dumps(value).encode()),
    st.builds(lambda value: json.dumps({"instances": value}).encode(), JSON),
    CHANGED.map(lambda value: json.dumps(value).encode()),
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=6).map(",".join).map(str.encode),
    st.builds(
        lambda lines: (HEADER + "\n" + "\n".join(lines)).encode(),
        st.lists(st.text("0123456789ABC,\"'\r\n-", max_size=80)),
    ),
)
TYPES = st.sampled_from(["application/json", "text/csv", "text/csv; charset=latin-1", "", "application/xml", ";"])
ACCEPTED = st.sampled_from(["application/json", "text/csv", "*/*", "", "image/png", ",;,"])


@pytest.fixture(scope="module")
def client(model: Model) -> Client:
    return Client(create_app(model, max_bytes=100_000))


@pytest.fixture(scope="module")
def schemas(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/openapi.json").json()["components"]
    return found


@settings(max_examples=250, deadline=None)
@given(body=BODIES, content_type=TYPES, accept=ACCEPTED)
@example(body=b'{"instances": [{"month": 1e400}]}', content_type="application/json", accept="*/*")
@example(
    body=b'{"instances": [{"lease_commence_date": 1' + b"0" * 5000 + b"}]}",
    content_type="application/json",
    accept="*/*",
)
@example(body=b'{"a":' * 5000, content_type="application/json", accept="*/*")
@example(body=b'{"instances": [{"town": "\\ud800"}]}', content_type="application/json", accept="*/*")
@example(body=b'{"instances": [{"\\ud800": 1}]}', content_type="application/json", accept="*/*")
@example(body=("month\n" + "\x00").encode(), content_type="text/csv", accept="*/*")
@example(body=b"month," + b"x" * 50_000, content_type="text/csv", accept="*/*")
@example(body=b'"' + b"a" * 90_000, content_type="text/csv", accept="text/csv")
@example(body=b'month\n"' + b"1" * 99_000 + b'"', content_type="text/csv", accept="*/*")
def test_never_a_failure_of_the_server(
    client: Client, schemas: dict[str, Any], body: bytes, content_type: str, accept: str
) -> None:
    headers = {"content-type": content_type, "accept": accept}
    answer = client.post("/invocations", content=body, headers=headers)
    assert answer.status_code in {200, 400, 406, 413, 415, 422}
    if answer.status_code != 200:
        schema = {"$ref": "#/components/schemas/Error", "components": schemas}
        jsonschema.Draft202012Validator(schema).validate(answer.json())
        assert len(answer.content) < 100_000  # an error is no echo


@settings(max_examples=100, deadline=None)
@given(value=st.text() | st.binary().map(lambda raw: raw.decode("latin-1")))
def test_headers_are_never_echoed_but_as_harmless_ids(client: Client, value: str) -> None:
    raw = value.encode("utf-8", "replace")
    headers = {"X-Correlation-Id": raw, "X-Amzn-SageMaker-Custom-Attributes": raw, "accept": raw, "content-type": raw}
    answer = client.post("/invocations", content=b"{}", headers=headers)
    assert 400 <= answer.status_code < 500
    assert answer.headers["X-Correlation-Id"].isascii()
