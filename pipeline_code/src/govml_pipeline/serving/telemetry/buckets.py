"""Bounds of histograms, as Prometheus' rules ask for them: `le="0.5"` must be there if a promise is about 500 ms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from govml_pipeline.errors import UserError

LIMITS: Final = "GOVML_LATENCY_LIMITS_MS"
#: Seconds. Those that OpenTelemetry advises for `http.server.request.duration` (semantic conventions, "HTTP metrics"), fewer
#: above, where nothing is promised, and two more below: a row takes some 2 ms.
DURATION: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
#: Of the unit of the predictions nothing is known beforehand: 1, 2 and 5 of each power of ten, from a hundredth to 5 million.
PREDICTION: Final = tuple(float(f"{digit}e{power}") for power in range(-2, 7) for digit in (1, 2, 5))


def duration_bounds(environment: Mapping[str, str]) -> tuple[float, ...]:
    """Bounds of durations in seconds, those in milliseconds of the variable `GOVML_LATENCY_LIMITS_MS` among them.

    Raises:
        UserError: the variable holds something other than positive numbers with commas between.
    """
    text = environment.get(LIMITS, "")
    try:
        limits = {float(part) / 1000 for part in text.split(",") if part.strip()}
    except ValueError:
        limits = {-1.0}
    if not all(0 < limit < float("inf") for limit in limits):
        raise UserError(f"{LIMITS}: {text!r}", hint="write milliseconds with commas between, as in 250,500")
    return tuple(sorted(limits | set(DURATION)))
