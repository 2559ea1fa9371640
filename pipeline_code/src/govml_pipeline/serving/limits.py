"""How much a request may ask, and for how long: real-time by default, larger where SageMaker starts a batch transform.

A batch transform's container has `SAGEMAKER_BATCH=true` in its environment. Source: "Use Your Own Inference Code with Batch
Transform" and "Endpoints and quotas" in the SageMaker developer guide: real-time requests have up to 6 MB and 60 s, those of
a batch transform up to 100 MB and an hour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Final

from govml_pipeline.errors import UserError

_MB: Final = 1024 * 1024
_PREFIX: Final = "GOVML_SERVING_"
#: Largest payload of a batch transform, in MB.
_BATCH_MB: Final = 100


@dataclass(frozen=True)
class Limits:
    """Limits of one process.

    Args:
        max_bytes: largest request body.
        read_seconds: a body must have come within.
        answer_seconds: an answer must be found within, once the body is there.
        under_way: requests that are read or answered at the same time; more are told to come again.
        waiting: of these, large ones, which are answered one after the other.
        connections: open connections; more are told to come again.
        head_seconds: a request's head must have come within.
        head_bytes: largest head.
        idle_seconds: a connection without a request is closed after.
        explained_rows: rows of one request that are explained at most.
    """

    max_bytes: int = 6 * _MB
    read_seconds: float = 15.0
    answer_seconds: float = 55.0
    under_way: int = 64
    waiting: int = 8
    connections: int = 512
    head_seconds: float = 10.0
    head_bytes: int = 32 * 1024
    idle_seconds: float = 75.0
    explained_rows: int = 100


#: Of a batch transform: one client, few and large requests.
BATCH: Final = Limits(max_bytes=_BATCH_MB * _MB, read_seconds=300.0, answer_seconds=3500.0)


def limits_from(environment: Mapping[str, str], *, batch: bool = False) -> Limits:
    """Return the limits for how this process was started.

    Args:
        environment: environment variables: SageMaker's, and `GOVML_SERVING_<LIMIT>` for any of the limits.
        batch: take the limits of a batch transform, whatever the environment says.

    Raises:
        UserError: a variable is not a number above 0.
    """
    limits = Limits()
    if batch or environment.get("SAGEMAKER_BATCH", "").lower() == "true":
        limits = BATCH
        # 0 means that requests are streamed without a limit of SageMaker's: ours stays.
        if megabytes := _number(environment, "SAGEMAKER_MAX_PAYLOAD_IN_MB", zero=True):
            limits = replace(limits, max_bytes=int(megabytes * _MB))
    for field in fields(Limits):
        value = _number(environment, f"{_PREFIX}{field.name.upper()}")
        if value is not None:
            limits = replace(limits, **{field.name: type(field.default)(value)})
    return limits


def _number(environment: Mapping[str, str], name: str, *, zero: bool = False) -> float | None:
    text = environment.get(name)
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not (0 < value < float("inf") or (zero and value == 0)):
        raise UserError(f"{name}: {text!r} is no number above 0", hint="set a number, or leave the variable out")
    return value
