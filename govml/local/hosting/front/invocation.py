"""One invocation: a live process answers it, whatever happens to the others meanwhile."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from govml.local.hosting.errors import unavailable
from govml.local.hosting.fleet.fleet import Fleet
from govml.local.hosting.fleet.instance import REQUEST_SECONDS, Answer
from govml.local.hosting.front.variants import choose
from govml.local.hosting.served import Served

_AGAIN_SECONDS = 0.02
# Headers that SageMaker hands on to the container; it strips all others.
PASSED_ON = (
    "content-type",
    "accept",
    "x-amzn-sagemaker-custom-attributes",
    "x-amzn-sagemaker-inference-id",
    "x-amzn-sagemaker-session-id",
    "x-amzn-sagemaker-target-model",
)
# ... and those of the container's answer that it hands back.
HANDED_BACK = (
    "content-type",
    "x-amzn-sagemaker-custom-attributes",
    "x-amzn-sagemaker-new-session-id",
    "x-amzn-sagemaker-closed-session-id",
)


@dataclass(frozen=True)
class Outcome:
    """What became of an invocation.

    Args:
        fleet: who answered.
        variant: name of the variant that answered.
        answer: the model's answer; status 0 when it took too long.
        seconds: how long the model took.
    """

    fleet: Fleet
    variant: str
    answer: Answer
    seconds: float


def only(headers: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """Return those of the headers that are named."""
    return {name: headers[name] for name in names if name in headers}


def invoke(
    served: Served,
    body: bytes,
    headers: Mapping[str, str],
    *,
    target: str | None,
    draw: random.Random,
    patience: float = REQUEST_SECONDS,
) -> Outcome:
    """Let one of the endpoint's processes answer.

    A process that ends while it answers leaves the request to another one, or to its successor: predictions change
    nothing, so asking twice is safe.

    Args:
        served: the endpoint.
        body: request body.
        headers: request headers, names in small letters.
        target: variant that the client asks for.
        draw: source of the draws.
        patience: seconds to wait for a process that could answer.

    Raises:
        RuntimeRefusal: the variant does not exist, or no process could answer in time.
    """
    passed = only(headers, PASSED_ON)
    deadline = time.monotonic() + patience
    while True:
        for fleet in served.candidates():
            variant = choose(fleet.variants, target, draw)
            outcome = _ask(fleet, variant, body, passed)
            if outcome is not None:
                return outcome
        if time.monotonic() > deadline:
            raise unavailable(f"no model process of endpoint {served.wanted.name} could answer")
        time.sleep(_AGAIN_SECONDS)


def _ask(fleet: Fleet, variant: str, body: bytes, headers: Mapping[str, str]) -> Outcome | None:
    """Ask one process; None when it is not there, or ended."""
    instance = fleet.instances[variant]
    begun = time.perf_counter()
    with fleet.using():
        if not instance.ready.is_set():
            return None
        try:
            answer = instance.invoke(body, headers)
        except TimeoutError:
            answer = Answer(0, {}, b"Your invocation timed out while waiting for a response from container primary.")
        except OSError:
            instance.ready.clear()
            return None
    return Outcome(fleet, variant, answer, time.perf_counter() - begun)
