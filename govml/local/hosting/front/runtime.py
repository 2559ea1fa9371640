"""SageMaker Runtime's operations, apart from HTTP: a request in, an answer or a refusal out."""

from __future__ import annotations

import random
import re
import time
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from govml.local.hosting.capture.record import Capture
from govml.local.hosting.capture.writer import CaptureWriter
from govml.local.hosting.errors import RuntimeRefusal, model_error, validation_error
from govml.local.hosting.fleet.instance import Answer
from govml.local.hosting.front.asynchronous import AsyncQueue, asynchronous
from govml.local.hosting.front.callers import Callers
from govml.local.hosting.front.invocation import HANDED_BACK, Outcome, invoke, only
from govml.local.hosting.front.variants import shadowed
from govml.local.hosting.metrics import Figure, Metrics
from govml.local.hosting.served import Served
from govml.local.hosting.signature import SignedRequest

_PATH = re.compile(
    r"/endpoints/([a-zA-Z0-9](?:-*[a-zA-Z0-9]){0,62})/(invocations|async-invocations|invocations-response-stream)"
)

_ACTIONS = {"invocations": "sagemaker:InvokeEndpoint", "async-invocations": "sagemaker:InvokeEndpointAsync"}


@dataclass
class Runtime:
    """The API of one account.

    Args:
        account: account id.
        region: region.
        endpoints: what is served, by name; another thread adds and takes away.
        callers: checks who may invoke.
        metrics: takes the figures.
        captures: takes what is captured.
        queue: takes asynchronous requests.
        draw: source of the draws.
    """

    account: str
    region: str
    endpoints: Mapping[str, Served]
    callers: Callers
    metrics: Metrics
    captures: CaptureWriter
    queue: AsyncQueue
    draw: random.Random = field(default_factory=random.Random)
    _copies: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(4, thread_name_prefix="shadow"))

    def answer(self, request: SignedRequest) -> Answer:
        """Answer one request.

        Raises:
            RuntimeRefusal: as the service refuses it.
        """
        match = _PATH.fullmatch(request.path)
        if match is None or request.method != "POST":
            raise RuntimeRefusal("UnknownOperationException", f"{request.method} {request.path} is no operation", 404)
        name, operation = match.groups()
        if operation not in _ACTIONS:
            raise validation_error(f"the local front serves InvokeEndpoint and InvokeEndpointAsync, not {operation}")
        arn = f"arn:aws:sagemaker:{self.region}:{self.account}:endpoint/{name.lower()}"
        self.callers.authorize(request, _ACTIONS[operation], arn)
        served = self.endpoints.get(name)
        if served is None or (served.blue is None and served.wanted.live is None):
            raise validation_error(f"Endpoint {name} of account {self.account} not found.")
        if operation == "async-invocations":
            return self.queue.accept(served, request)
        if asynchronous(served):
            raise validation_error(f"Endpoint {name} is asynchronous: use InvokeEndpointAsync.")
        return self._invoke(served, request)

    def _invoke(self, served: Served, request: SignedRequest) -> Answer:
        begun = time.perf_counter()
        target = request.headers.get("x-amzn-sagemaker-target-variant")
        outcome = invoke(served, request.body, request.headers, target=target, draw=self.draw)
        overhead = time.perf_counter() - begun - outcome.seconds
        name = served.wanted.name
        figure = Figure(name, outcome.fleet.config, outcome.variant, outcome.answer.status, outcome.seconds, overhead)
        self.metrics.count(figure)
        if not 200 <= outcome.answer.status < 300:
            raise model_error(
                outcome.answer.status,
                outcome.answer.body,
                endpoint=name,
                region=self.region,
                account=self.account,
            )
        event = str(uuid.uuid4())
        self._keep(served, outcome, request, event)
        self._shadow(served, outcome, request, event)
        headers = only(outcome.answer.headers, HANDED_BACK)
        return Answer(200, {**headers, "x-amzn-invoked-production-variant": outcome.variant}, outcome.answer.body)

    def _keep(self, served: Served, outcome: Outcome, request: SignedRequest, event: str) -> None:
        config = served.capture(outcome.fleet.config)
        if not config.get("EnableCapture", bool(config)):
            return
        if self.draw.random() * 100 >= int(config.get("InitialSamplingPercentage", 100)):
            return
        self.captures.put(
            Capture(
                config=config,
                endpoint=served.wanted.name,
                variant=outcome.variant,
                event=event,
                inference=request.headers.get("x-amzn-sagemaker-inference-id"),
                attributes=request.headers.get("x-amzn-sagemaker-custom-attributes"),
                at=time.time(),
                request=(request.headers.get("content-type", ""), request.body),
                response=(outcome.answer.headers.get("content-type", ""), outcome.answer.body),
            )
        )

    def _shadow(self, served: Served, outcome: Outcome, request: SignedRequest, event: str) -> None:
        """Send copies to the shadows of the fleet that answered, beside the answer; theirs are kept, never returned."""
        fleet = outcome.fleet
        for name in shadowed(fleet.shadows, fleet.variants, self.draw):
            self._copies.submit(self._copy, served, outcome, name, request, event)

    def _copy(self, served: Served, outcome: Outcome, name: str, request: SignedRequest, event: str) -> None:
        instance = outcome.fleet.instances[name]
        begun = time.perf_counter()
        try:
            with outcome.fleet.using():
                answer = instance.invoke(request.body, only(request.headers, ("content-type", "accept")))
        except OSError:  # it has ended: a shadow may
            return
        seconds = time.perf_counter() - begun
        self.metrics.count(Figure(served.wanted.name, outcome.fleet.config, name, answer.status, seconds))
        if 200 <= answer.status < 300:
            self._keep(served, Outcome(outcome.fleet, name, answer, seconds), request, event)

    def close(self) -> None:
        """Finish the copies and the asynchronous requests that are under way."""
        self.queue.close()
        self._copies.shutdown()
