"""Objectives of one served model: so many requests answered, and so many of them in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["availability", "latency"]


@dataclass(frozen=True)
class Objective:
    """A share of good requests that a service promises over thirty days.

    Args:
        endpoint: name of the endpoint, as in `sandbox-dev-hdb-resale`.
        kind: `availability` (not answered with a 5xx) or `latency` (answered within `milliseconds`).
        percent: promised share of good requests, above 0 and below 100.
        milliseconds: what counts as in time; for `latency` alone.

    Raises:
        ValueError: a share that promises nothing or leaves no room, or a limit where there is none to be.
    """

    endpoint: str
    kind: Kind
    percent: float
    milliseconds: float | None = None

    def __post_init__(self) -> None:
        """Check the figures."""
        if not 0 < self.percent < 100:
            raise ValueError(f"{self.endpoint}: an objective lies between 0 and 100 percent, not at {self.percent:g}")
        if (self.kind == "latency") != (self.milliseconds is not None):
            raise ValueError(f"{self.endpoint}: a latency objective, and no other, has a limit in milliseconds")

    @property
    def error_budget(self) -> float:
        """Share of the requests that may be bad, 0 to 1."""
        return 1 - self.percent / 100

    def breaking_share(self, rate: float) -> float:
        """Return the share of bad requests, 0 to 1, at which the budget is used up `rate` times too fast; at most 1."""
        return min(1.0, rate * self.error_budget)
