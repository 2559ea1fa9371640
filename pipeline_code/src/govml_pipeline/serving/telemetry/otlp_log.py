"""Metrics and traces as lines of the log: the way out of a container that has no network.

What reads the log (docs/telemetry.md) hands them on to Prometheus and X-Ray.
"""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from opentelemetry.context import Context
from opentelemetry.sdk.metrics.export import MetricExporter, MetricExportResult, MetricsData
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult, TraceIdRatioBased
from opentelemetry.trace import Link, SpanKind, TraceState

from govml_pipeline.errors import UserError
from govml_pipeline.serving.telemetry.log import write_line
from govml_pipeline.serving.telemetry.otlp_json import metric_lines, span_lines

PERCENT: Final = "GOVML_TRACE_PERCENT"
_DEFAULT_PERCENT: Final = "5"


class MetricLines(MetricExporter):
    """Writes collected metrics to standard output."""

    def __init__(self) -> None:
        super().__init__()
        self._begun: set[Any] = set()

    def export(self, metrics_data: MetricsData, timeout_millis: float = 0, **_: Any) -> MetricExportResult:  # noqa: ARG002
        """Write the lines."""
        for line in metric_lines(metrics_data, self._begun):
            write_line(line)
        return MetricExportResult.SUCCESS

    def force_flush(self, timeout_millis: float = 0) -> bool:  # noqa: ARG002
        """Nothing is held back."""
        return True

    def shutdown(self, timeout_millis: float = 0, **_: Any) -> None:
        """Nothing is open."""


class SpanLines(SpanExporter):
    """Writes spans to standard output."""

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Write the lines."""
        for line in span_lines(spans):
            write_line(line)
        return SpanExportResult.SUCCESS


class TimedIds(RandomIdGenerator):
    """Trace ids that begin with the time, which X-Ray files traces by (X-Ray developer guide, "Sending trace data")."""

    def generate_trace_id(self) -> int:
        """Seconds since 1970 in 32 bits, then 96 random ones."""
        return (int(time.time()) << 96) | random.getrandbits(96)


class FailuresAndSome(Sampler):
    """Every request that failed by the server's fault, and a share of the others.

    Args:
        share: of the others, 0 to 1.
    """

    def __init__(self, share: float) -> None:
        self._some = TraceIdRatioBased(share)

    def should_sample(  # noqa: PLR0917  the signature is OpenTelemetry's
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Any = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        """Decide on a request that has been answered: its status is known."""
        if int((attributes or {}).get("http.response.status_code", 0)) >= 500:
            return SamplingResult(Decision.RECORD_AND_SAMPLE, attributes, trace_state)
        return self._some.should_sample(parent_context, trace_id, name, kind, attributes, links, trace_state)

    def get_description(self) -> str:
        """Name of the sampler."""
        return f"FailuresAndSome({self._some.rate})"


def sampler_from(environment: Mapping[str, str]) -> FailuresAndSome:
    """Return the sampler by the variable `GOVML_TRACE_PERCENT`.

    Raises:
        UserError: it is no percentage.
    """
    text = environment.get(PERCENT, _DEFAULT_PERCENT)
    try:
        percent = float(text)
    except ValueError:
        percent = -1.0
    if not 0 <= percent <= 100:
        raise UserError(f"{PERCENT}: {text!r}", hint="write a number from 0 to 100")
    return FailuresAndSome(percent / 100)
