"""SageMaker Runtime's API over HTTP, called with boto3 and by hand: answers, errors, limits, shadows and captures."""

from __future__ import annotations

import base64
import dataclasses
import http.client
import io
import json
import random
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from hosting_stage import ACCOUNT, ENDPOINT, REGION, Stage, config, stage

from govml.local.hosting.capture.writer import CaptureWriter
from govml.local.hosting.front.asynchronous import AsyncQueue
from govml.local.hosting.front.callers import Callers
from govml.local.hosting.front.runtime import Runtime
from govml.local.hosting.front.server import MAX_BYTES, Server, attend, bind
from govml.local.hosting.front.variants import choose
from govml.local.hosting.metrics import Metrics

CAPTURE = {
    "EnableCapture": True,
    "InitialSamplingPercentage": 100,
    "DestinationS3Uri": "s3://zone/captured",
    "KmsKeyId": "alias/zone",
    "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
    "CaptureContentTypeHeader": {"JsonContentTypes": ["application/json"]},
}


class FakeS3:
    """Takes objects."""

    def __init__(self) -> None:
        self.put: list[dict[str, Any]] = []

    def put_object(self, **request: Any) -> None:
        self.put.append(request)

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        return {"Body": io.BytesIO(f"{Bucket}/{Key}".encode())}


class FakeTopics:
    """Takes notifications."""

    def __init__(self) -> None:
        self.published: list[dict[str, Any]] = []

    def publish(self, TopicArn: str, Message: str) -> None:  # noqa: N803
        self.published.append({"topic": TopicArn, **json.loads(Message)})


@dataclass
class Scene:
    """A front with one endpoint, `v1` beside its shadow `v2`."""

    stage: Stage
    runtime: Runtime
    server: Server
    s3: FakeS3
    client: Any

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def ask(self, **request: Any) -> dict[str, Any]:
        given = {"EndpointName": ENDPOINT, "Body": b"{}", "ContentType": "application/json", **request}
        told: dict[str, Any] = self.client.invoke_endpoint(**given)
        return told

    def refused(self, **request: Any) -> dict[str, Any]:
        with pytest.raises(ClientError) as refused:
            self.ask(**request)
        answer: dict[str, Any] = dict(refused.value.response)
        return answer

    def by_hand(self, method: str, path: str, **request: Any) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(str(urlsplit(self.url).netloc), timeout=10)
        connection.request(method, path, **request)
        return connection.getresponse()

    def captured(self, variant: str = "live") -> list[dict[str, Any]]:
        self.runtime.captures.flush()
        files = [item["Body"] for item in self.s3.put if f"/{ENDPOINT}/{variant}/" in item["Key"]]
        return [json.loads(text) for body in files for text in body.splitlines()]


def runtime_client(url: str, key: str = ACCOUNT, secret: str = "local") -> Any:  # noqa: S107 - fake
    return boto3.client(
        "sagemaker-runtime",
        region_name=REGION,
        endpoint_url=url,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=Config(retries={"max_attempts": 0}),
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    scene = stage(tmp_path_factory.mktemp("front"))
    for version in ("v1", "v2"):
        scene.models.say(version)
    scene.control.want("Creating", target=config("v1", shadows=("v2",), capture=CAPTURE))
    scene.until(lambda: scene.settled("config-v1"))
    s3 = FakeS3()
    runtime = Runtime(
        ACCOUNT,
        REGION,
        scene.reconciler.endpoints,
        Callers(scene.control, REGION),
        Metrics(scene.alarms),
        CaptureWriter(s3, lambda _: None),
        AsyncQueue(s3, FakeTopics(), REGION, lambda _: None),
    )
    server = bind(0)
    thread = threading.Thread(target=attend, args=(server, runtime))
    thread.start()
    found = Scene(scene, runtime, server, s3, None)
    found.client = runtime_client(found.url)
    yield found
    server.shutdown()
    thread.join()
    server.server_close()
    runtime.close()
    scene.close()


@pytest.fixture
def scene(made: Scene) -> Scene:
    made.stage.models.say("v1")
    made.s3.put.clear()
    made.captured()
    made.s3.put.clear()
    return made


def code(answer: dict[str, Any]) -> str:
    return str(answer["Error"]["Code"])


def test_an_answer_comes_with_its_variant_and_the_callers_attributes(scene: Scene) -> None:
    told = scene.ask(CustomAttributes="trace=7")
    assert json.loads(told["Body"].read())["version"] == "v1"
    assert (told["InvokedProductionVariant"], told["CustomAttributes"]) == ("live", "trace=7")


def test_a_bad_signature_is_refused(scene: Scene) -> None:
    with pytest.raises(ClientError) as refused:
        runtime_client(scene.url, secret="wrong").invoke_endpoint(EndpointName=ENDPOINT, Body=b"{}")
    assert code(dict(refused.value.response)) == "InvalidSignatureException"


def test_a_request_without_signature_is_refused(scene: Scene) -> None:
    answer = scene.by_hand("POST", f"/endpoints/{ENDPOINT}/invocations", body=b"{}")
    assert (answer.status, answer.headers["x-amzn-ErrorType"]) == (403, "MissingAuthenticationTokenException")


def test_an_endpoint_or_a_variant_that_is_not_there_is_a_validation_error(scene: Scene) -> None:
    assert code(scene.refused(EndpointName="other")) == "ValidationError"
    assert code(scene.refused(TargetVariant="other")) == "ValidationError"
    assert scene.ask(TargetVariant="live")["InvokedProductionVariant"] == "live"


@pytest.mark.parametrize("status", [400, 422, 500, 503])
def test_a_models_error_is_told_with_its_own_status_and_words(scene: Scene, status: int) -> None:
    scene.stage.models.say("v1", status=status)
    answer = scene.refused()
    assert code(answer) == "ModelError"
    assert answer["OriginalStatusCode"] == status
    assert json.loads(answer["OriginalMessage"])["version"] == "v1"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 424


def test_a_body_above_the_limit_is_refused_and_its_sender_hears_it(scene: Scene) -> None:
    assert code(scene.refused(Body=b"x" * (MAX_BYTES + 1))) == "413"
    assert json.loads(scene.ask(Body=b"x" * MAX_BYTES)["Body"].read())["bytes"] == MAX_BYTES


def test_a_body_without_length_is_refused(scene: Scene) -> None:
    with socket.create_connection(("127.0.0.1", int(scene.server.server_address[1]))) as connection:
        head = f"POST /endpoints/{ENDPOINT}/invocations HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 411 ")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/endpoints/x/invocations"), ("POST", "/other"), ("PUT", "/endpoints/x/invocations"), ("POST", "/../etc")],
)
def test_what_is_no_operation_is_refused(scene: Scene, method: str, path: str) -> None:
    assert 400 <= scene.by_hand(method, path, body=b"").status <= 501


def test_bytes_that_are_no_http_are_refused_and_the_front_goes_on(scene: Scene) -> None:
    with socket.create_connection(("127.0.0.1", int(scene.server.server_address[1]))) as connection:
        connection.sendall(b"\x00\x01\x02 nonsense\r\n\r\n")
        connection.recv(1000)
    assert scene.ask()["InvokedProductionVariant"] == "live"


def test_a_capture_has_both_sides_and_the_clients_inference_id(scene: Scene) -> None:
    scene.ask(InferenceId="inference-1", CustomAttributes="trace=7")
    scene.ask(Body=b"\xff\x00", ContentType="application/octet-stream", InferenceId="inference-2")
    told = {event["eventMetadata"]["inferenceId"]: event for event in scene.captured()}
    first, second = told["inference-1"], told["inference-2"]
    assert first["eventVersion"] == "0"
    assert first["eventMetadata"]["customAttributes"] == ["trace=7"]
    assert first["captureData"]["endpointInput"] == {
        "observedContentType": "application/json",
        "mode": "INPUT",
        "data": "{}",
        "encoding": "JSON",
    }
    assert json.loads(first["captureData"]["endpointOutput"]["data"])["version"] == "v1"
    assert second["captureData"]["endpointInput"]["encoding"] == "BASE64"
    assert base64.b64decode(second["captureData"]["endpointInput"]["data"]) == b"\xff\x00"
    put = next(item for item in scene.s3.put if "/live/" in item["Key"])
    assert put["Key"].startswith(f"captured/{ENDPOINT}/live/{time.strftime('%Y/%m/%d/', time.gmtime())}")
    assert (put["Bucket"], put["SSEKMSKeyId"]) == ("zone", "alias/zone")


def test_a_failed_invocation_is_not_captured(scene: Scene) -> None:
    scene.stage.models.say("v1", status=500)
    scene.refused(InferenceId="failed")
    assert [event for event in scene.captured() if event["eventMetadata"].get("inferenceId") == "failed"] == []


def test_a_shadow_gets_a_copy_whose_answer_is_captured_and_never_returned(scene: Scene) -> None:
    assert json.loads(scene.ask(InferenceId="copied")["Body"].read())["version"] == "v1"
    deadline = time.monotonic() + 10
    while not (
        copies := [item for item in scene.captured("v2") if item["eventMetadata"].get("inferenceId") == "copied"]
    ):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert json.loads(copies[0]["captureData"]["endpointOutput"]["data"])["version"] == "v2"


def test_invocations_are_counted_by_variant_and_configuration(scene: Scene) -> None:
    scene.runtime.metrics.publish()
    scene.stage.alarms.published.clear()
    scene.ask()
    scene.stage.models.say("v1", status=500)
    scene.refused()
    scene.runtime.metrics.publish()
    errors = [datum for datum in scene.stage.alarms.published if datum["MetricName"] == "Invocation5XXErrors"]
    found = {tuple(item["Value"] for item in datum["Dimensions"]): datum for datum in errors}
    for place in ((ENDPOINT, "live"), (ENDPOINT, "live", "config-v1")):
        assert dict(zip(found[place]["Values"], found[place]["Counts"], strict=True)) == {0.0: 1.0, 1.0: 1.0}


def test_weights_decide_which_variant_answers(tmp_path: Path) -> None:
    scene = stage(tmp_path)
    both = config("v1")
    second = {**both["variants"][0], "VariantName": "challenger", "ModelName": "v2", "InitialVariantWeight": 0.0}
    both["variants"].append(second)
    both["models"]["v2"] = [{"Image": "i", "ModelDataUrl": "s3://models/v2"}]
    for version in ("v1", "v2"):
        scene.models.say(version)
    scene.control.want("Creating", target=both)
    scene.until(lambda: scene.settled("config-v1"))
    try:
        served = scene.reconciler.endpoints[ENDPOINT]
        draw = random.Random(1)  # noqa: S311 - traffic, no secret
        assert {choose(served.candidates()[0].variants, None, draw) for _ in range(50)} == {"live"}
        weighted = json.loads(json.dumps(both))
        weighted["variants"][0]["InitialVariantWeight"], weighted["variants"][1]["InitialVariantWeight"] = 1, 3
        scene.control.want("InService", live=weighted)
        scene.reconciler.look()
        drawn = [choose(served.candidates()[0].variants, None, draw) for _ in range(2000)]
        assert 0.70 < drawn.count("challenger") / len(drawn) < 0.80
    finally:
        scene.close()


def asynchronous(scene: Scene) -> tuple[Scene, FakeTopics]:
    """The endpoint's twin whose answers go to S3."""
    kinds = {"NotificationConfig": {"SuccessTopic": "good", "ErrorTopic": "bad"}, "KmsKeyId": "alias/zone"}
    places = {"S3OutputPath": "s3://zone/answers/", "S3FailurePath": "s3://zone/failures", **kinds}
    served, topics = scene.stage.reconciler.endpoints[ENDPOINT], scene.runtime.queue.sns
    live = {**(served.wanted.live or {}), "asynchronous": {"OutputConfig": places}}
    served.refresh(dataclasses.replace(served.wanted, live=live))
    return scene, topics


@pytest.mark.parametrize(("status", "topic", "word"), [(200, "good", "Completed"), (500, "bad", "Failed")])
def test_an_asynchronous_answer_goes_to_s3_and_a_topic_tells(scene: Scene, status: int, topic: str, word: str) -> None:
    scene.stage.reconciler.look()
    scene, topics = asynchronous(scene)
    scene.stage.models.say("v1", status=status)
    told = scene.client.invoke_endpoint_async(
        EndpointName=ENDPOINT, InputLocation="s3://zone/in/rows.json", InferenceId=f"async-{status}"
    )
    assert told["InferenceId"] == f"async-{status}"
    deadline = time.monotonic() + 10
    while not (heard := [item for item in topics.published if item["inferenceId"] == f"async-{status}"]):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert (heard[0]["topic"], heard[0]["invocationStatus"]) == (topic, word)
    expected = told["OutputLocation"] if status == 200 else told["FailureLocation"]
    written = next(item for item in scene.s3.put if f"s3://{item['Bucket']}/{item['Key']}" == expected)
    assert json.loads(written["Body"])["bytes"] == len("zone/in/rows.json")
    assert written["SSEKMSKeyId"] == "alias/zone"
    assert code(scene.refused()) == "ValidationError"  # it answers nobody directly


def test_an_endpoint_that_answers_directly_takes_no_asynchronous_request(scene: Scene) -> None:
    scene.stage.reconciler.look()
    with pytest.raises(ClientError) as refused:
        scene.client.invoke_endpoint_async(EndpointName=ENDPOINT, InputLocation="s3://zone/in/rows.json")
    assert code(dict(refused.value.response)) == "ValidationError"
