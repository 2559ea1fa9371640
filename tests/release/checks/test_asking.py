"""Asking an endpoint for rows: what is an answer, and what the caller must mend."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from checked_models import VERSION, Runtime, answering, refused, rows

from govml.errors import UserError
from govml.release.checks.asking import Endpoint, NotAnswered
from govml.release.checks.known_answers import parse_known


def test_many_rows_go_in_several_requests_and_come_back_in_order() -> None:
    known, runtime = rows(250), Runtime(live=answering(rows(250)))
    found = Endpoint(runtime, "e").ask([row.instance for row in known.rows])
    assert list(found.predictions) == [row.answer for row in known.rows]
    assert (found.model_version, runtime.calls) == (VERSION, 3)


@pytest.mark.parametrize(
    "answer",
    [
        {"predictions": [1.0], "model_version": VERSION},
        {"model_version": VERSION},
        [1, 2],
        refused("ModelError"),
        refused("ThrottlingException"),
    ],
)
def test_an_answer_that_cannot_be_used_is_none(answer: Any) -> None:
    with pytest.raises(NotAnswered):
        Endpoint(Runtime(live=lambda _: answer), "e").ask([{"a": 1}, {"a": 2}])


@pytest.mark.parametrize(
    "error",
    [refused("AccessDeniedException"), refused("ValidationError"), EndpointConnectionError(endpoint_url="http://x")],
)
def test_what_the_caller_must_mend_is_no_failure_of_the_model(error: Exception) -> None:
    with pytest.raises(UserError, match="cannot be"):
        Endpoint(Runtime(live=lambda _: error), "e").ask([{"a": 1}])


def test_answers_of_two_models_at_once_are_refused() -> None:
    versions = iter("ab")
    both = lambda instances: {"predictions": [1.0] * len(instances), "model_version": next(versions)}  # noqa: E731
    with pytest.raises(NotAnswered, match="several models"):
        Endpoint(Runtime(live=both), "e").ask([{"a": place_} for place_ in range(101)])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"{", "is no JSON"),
        (b'{"rows": [], "kind": "regression"}', "has no rows"),
        (b"[]", "has no rows"),
        (b'{"rows": [{"answer": 1}], "kind": "regression"}', "row 0 has no instance"),
        (b'{"rows": [{"instance": {"a": NaN}}], "kind": "regression"}', "is no JSON"),
        (b'{"rows": [{"instance": {"a": 1}}], "kind": "guess"}', "kind 'guess' is none of"),
    ],
)
def test_a_file_of_another_form_is_refused_with_the_place(text: bytes, message: str) -> None:
    with pytest.raises(UserError, match=message) as error:
        parse_known(text, source="rows.json")
    assert "rows.json" in str(error.value)
