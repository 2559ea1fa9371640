"""What a request may ask, by how the server was started; and what happens beyond."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from csvs import ROW

from govml_pipeline.errors import UserError
from govml_pipeline.model.artefact import Model
from govml_pipeline.serving.app import create_app
from govml_pipeline.serving.limits import BATCH, Limits, limits_from

INSTANCE = {name: value for name, value in ROW.items() if name != "resale_price"}
ONE = json.dumps({"instances": [INSTANCE]}).encode()
MANY = json.dumps({"instances": [INSTANCE] * 40}).encode()


def test_a_batch_transform_takes_larger_requests_for_longer() -> None:
    assert limits_from({}) == Limits()
    assert limits_from({"SAGEMAKER_BATCH": "true"}) == BATCH == limits_from({}, batch=True)
    assert limits_from({"SAGEMAKER_BATCH": "true", "SAGEMAKER_MAX_PAYLOAD_IN_MB": "20"}).max_bytes == 20 * 2**20
    assert limits_from({"SAGEMAKER_BATCH": "true", "SAGEMAKER_MAX_PAYLOAD_IN_MB": "0"}).max_bytes == BATCH.max_bytes


def test_each_limit_has_a_variable() -> None:
    found = limits_from({"GOVML_SERVING_UNDER_WAY": "7", "GOVML_SERVING_READ_SECONDS": "0.5"})
    assert (found.under_way, found.read_seconds) == (7, 0.5)


@pytest.mark.parametrize("text", ["", "many", "0", "-1", "inf", "nan"])
def test_a_limit_that_is_no_number_is_the_users_mistake(text: str) -> None:
    with pytest.raises(UserError, match="GOVML_SERVING_MAX_BYTES"):
        limits_from({"GOVML_SERVING_MAX_BYTES": text})


class Held:
    """A model that predicts when it is let go."""

    def __init__(self, model: Model) -> None:
        self.go = threading.Event()
        self.begun = threading.Event()
        self.model = replace(model, fitted=self)  # type: ignore[arg-type]
        self._fitted = model.fitted

    def output(self, matrix: Any) -> Any:
        self.begun.set()
        assert self.go.wait(30)
        return self._fitted.output(matrix)


def post(client: httpx.AsyncClient, body: bytes | AsyncIterator[bytes]) -> Any:
    return client.post("/invocations", content=body, headers={"content-type": "application/json"})


def client(model: Model, limits: Limits) -> httpx.AsyncClient:
    app = create_app(model, limits=limits, observers=())
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


def test_too_many_requests_are_told_to_come_again_and_the_others_answered(model: Model) -> None:
    async def run() -> None:
        held = Held(model)
        async with client(held.model, replace(Limits(), under_way=2)) as caller:
            first, second = (asyncio.create_task(post(caller, MANY)) for _ in range(2))
            await asyncio.to_thread(held.begun.wait, 30)
            refused = await post(caller, ONE)
            held.go.set()
            assert [(await first).status_code, (await second).status_code] == [200, 200]
            assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
            assert refused.json()["error"]["type"] == "overloaded"
            assert refused.json()["model_version"] == model.version
            assert (await post(caller, ONE)).status_code == 200

    asyncio.run(run())


def test_large_requests_do_not_queue_without_end(model: Model) -> None:
    async def run() -> None:
        held = Held(model)
        async with client(held.model, replace(Limits(), waiting=1)) as caller:
            first = asyncio.create_task(post(caller, MANY))
            await asyncio.to_thread(held.begun.wait, 30)
            assert (await post(caller, MANY)).json()["error"]["type"] == "overloaded"
            held.go.set()
            assert (await first).status_code == 200

    asyncio.run(run())


def test_an_answer_that_takes_too_long_keeps_its_place_until_it_is_done(model: Model) -> None:
    async def run() -> None:
        held = Held(model)
        async with client(held.model, replace(Limits(), waiting=1, answer_seconds=0.01)) as caller:
            late = await post(caller, MANY)
            assert (late.status_code, late.json()["error"]["type"]) == (504, "timeout")
            assert (await post(caller, MANY)).status_code == 503
            held.go.set()
            while (await post(caller, MANY)).status_code == 503:  # its place is free again
                await asyncio.sleep(0)

    asyncio.run(run())


def test_a_body_that_does_not_come_is_refused(model: Model) -> None:
    async def run() -> None:
        never = asyncio.Event()

        async def body() -> AsyncIterator[bytes]:
            yield b"{"
            await never.wait()

        async with client(model, replace(Limits(), read_seconds=0.01)) as caller:
            answer = await post(caller, body())
            assert (answer.status_code, answer.json()["error"]["type"]) == (408, "request_timeout")

    asyncio.run(run())


def test_a_defect_of_ours_is_an_answer_and_leaves_no_trace_of_the_request(
    model: Model, capsys: pytest.CaptureFixture[str]
) -> None:
    class Broken:
        def output(self, matrix: Any) -> Any:
            raise RuntimeError("out of cheese")

    async def run() -> None:
        async with client(replace(model, fitted=Broken()), Limits()) as caller:  # type: ignore[arg-type]
            answer = await post(caller, ONE)
            assert (answer.status_code, answer.json()["error"]["type"]) == (500, "internal")
            assert "cheese" not in answer.text

    asyncio.run(run())
    written = capsys.readouterr()
    assert "out of cheese" in written.err
    assert INSTANCE["street_name"] not in written.out + written.err
