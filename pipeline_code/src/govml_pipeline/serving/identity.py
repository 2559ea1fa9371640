"""Which request this is: the caller's ids where they are harmless to log and to echo.

SageMaker passes two headers of the caller on to a container, and one of the container's back: custom attributes, in both
directions, which carry the correlation id; and the inference id, under which the truth about a prediction is delivered
later.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

CORRELATION: Final = "X-Correlation-Id"
CUSTOM_ATTRIBUTES: Final = "X-Amzn-SageMaker-Custom-Attributes"
INFERENCE: Final = "X-Amzn-SageMaker-Inference-Id"
MODEL_VERSION: Final = "X-Model-Version"
#: Nothing that a log, a header or a file name could take for something else.
FORM: Final = r"[A-Za-z0-9._:=/+-]{1,128}"
_HARMLESS: Final = re.compile(FORM)


@dataclass(frozen=True)
class Identity:
    """Ids of one request.

    Args:
        correlation: the caller's correlation id, or a new one.
        inference: SageMaker's inference id; None: the caller gave none.
    """

    correlation: str
    inference: str | None = None

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> Identity:
        """Read the ids from a request's headers."""
        correlation = _harmless(headers.get(CORRELATION)) or _harmless(headers.get(CUSTOM_ATTRIBUTES))
        return cls(correlation or uuid.uuid4().hex, _harmless(headers.get(INFERENCE)))

    def headers(self) -> dict[str, str]:
        """Headers of the answer."""
        found = {CORRELATION: self.correlation, CUSTOM_ATTRIBUTES: self.correlation}
        return found if self.inference is None else {**found, INFERENCE: self.inference}


def _harmless(value: str | None) -> str | None:
    return value if value is not None and _HARMLESS.fullmatch(value) else None
