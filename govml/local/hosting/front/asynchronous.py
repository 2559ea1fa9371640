"""InvokeEndpointAsync: the request waits in a queue, its answer goes to S3, and a topic tells.

Members: SageMaker Runtime's API reference, "InvokeEndpointAsync"; notifications: SageMaker developer guide, "Check prediction
results".
"""

from __future__ import annotations

import datetime
import json
import random
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from govml.local.hosting.errors import RuntimeRefusal, validation_error
from govml.local.hosting.fleet.instance import Answer
from govml.local.hosting.front.invocation import invoke
from govml.local.hosting.served import Served
from govml.local.hosting.signature import SignedRequest

_PREFIX = "x-amzn-sagemaker-"


@dataclass(frozen=True)
class Job:
    """One queued request.

    Args:
        served: the endpoint.
        config: its `AsyncInferenceConfig`.
        identifier: inference id.
        source: S3 URI of the input.
        output: S3 URI of the answer.
        failure: S3 URI of what is written in its place when the model fails; empty where none is configured.
        headers: what the container gets.
        received: when it came.
    """

    served: Served
    config: dict[str, Any]
    identifier: str
    source: str
    output: str
    failure: str
    headers: dict[str, str]
    received: datetime.datetime


@dataclass
class AsyncQueue:
    """Takes requests and works them off.

    Args:
        s3: boto3 client.
        sns: boto3 client.
        region: region, for the notifications.
        tell: takes a line for the terminal when an answer cannot be written.
        draw: source of the draws.
    """

    s3: Any
    sns: Any
    region: str
    tell: Callable[[str], None]
    draw: random.Random = field(default_factory=random.Random)
    _workers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2, thread_name_prefix="async"))

    def accept(self, served: Served, request: SignedRequest) -> Answer:
        """Queue one request.

        Raises:
            RuntimeRefusal: the endpoint is not asynchronous, or the request names no input.
        """
        config = asynchronous(served)
        source = request.headers.get(f"{_PREFIX}inputlocation", "")
        if not config:
            raise validation_error(f"Endpoint {served.wanted.name} is not asynchronous.")
        if not source.startswith("s3://"):
            raise validation_error("InputLocation must name an object in S3.")
        identifier = request.headers.get(f"{_PREFIX}inference-id") or str(uuid.uuid4())
        places, name = config["OutputConfig"], uuid.uuid4()
        output = f"{str(places['S3OutputPath']).rstrip('/')}/{name}.out"
        failed = places.get("S3FailurePath")
        failure = f"{str(failed).rstrip('/')}/{name}-error.out" if failed else ""
        passed = {
            header: request.headers[_PREFIX + header]
            for header in ("content-type", "accept")
            if _PREFIX + header in request.headers
        }
        now = datetime.datetime.now(datetime.UTC)
        self._workers.submit(self._work, Job(served, config, identifier, source, output, failure, passed, now))
        told = {f"{_PREFIX}outputlocation": output, "content-type": "application/json"}
        if failure:
            told[f"{_PREFIX}failurelocation"] = failure
        return Answer(202, told, json.dumps({"InferenceId": identifier}).encode())

    def _work(self, job: Job) -> None:
        try:
            body = self.s3.get_object(**_place(job.source))["Body"].read()
            answer = invoke(job.served, body, job.headers, target=None, draw=self.draw).answer
        except RuntimeRefusal as refusal:
            answer = Answer(refusal.status, {}, refusal.message.encode())
        except Exception as error:  # noqa: BLE001 - the input cannot be read: told as the service tells it
            answer = Answer(0, {}, f"the input {job.source} cannot be read: {error}".encode())
        done = 200 <= answer.status < 300
        try:
            self._write(job, answer, done)
            self._notify(job, answer, done)
        except Exception as error:  # noqa: BLE001 - the account refuses or is gone; the queue goes on
            self.tell(f"{job.served.wanted.name}: the answer of {job.identifier} is lost: {error}")

    def _write(self, job: Job, answer: Answer, done: bool) -> None:
        target = job.output if done else job.failure
        if target:
            key = job.config["OutputConfig"].get("KmsKeyId")
            encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key} if key else {}
            kind = answer.headers.get("content-type", "application/octet-stream")
            self.s3.put_object(**_place(target), Body=answer.body, ContentType=kind, **encryption)

    def _notify(self, job: Job, answer: Answer, done: bool) -> None:
        topics = job.config["OutputConfig"].get("NotificationConfig") or {}
        topic = topics.get("SuccessTopic" if done else "ErrorTopic")
        if not topic:
            return
        answered = {"contentType": answer.headers.get("content-type", ""), "outputLocation": job.output}
        message = {
            "awsRegion": self.region,
            "eventTime": datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds"),
            "receivedTime": job.received.isoformat(timespec="milliseconds"),
            "invocationStatus": "Completed" if done else "Failed",
            "requestParameters": {"endpointName": job.served.wanted.name, "inputLocation": job.source},
            "responseParameters" if done else "failureReason": answered
            if done
            else answer.body.decode(errors="replace"),
            "inferenceId": job.identifier,
            "eventVersion": "1.0",
            "eventSource": "aws:sagemaker",
            "eventName": "InferenceResult",
        }
        self.sns.publish(TopicArn=topic, Message=json.dumps(message))

    def close(self) -> None:
        """Work off what is queued."""
        self._workers.shutdown()


def asynchronous(served: Served) -> dict[str, Any]:
    """Return the `AsyncInferenceConfig` of what an endpoint serves; empty for one that answers at once."""
    taken = served.wanted.live or served.wanted.target
    return dict(taken["asynchronous"]) if taken is not None else {}


def _place(uri: str) -> dict[str, str]:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return {"Bucket": bucket, "Key": key}
