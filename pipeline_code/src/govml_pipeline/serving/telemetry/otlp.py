"""Metrics and traces by OpenTelemetry, from threads beside the event loop: sent by OTLP over HTTP, or written to the log.

A request is told when it has been answered: its span is made then, with the times that it had. Names follow the semantic
conventions for HTTP servers where these have one. Intervals, and for OTLP over HTTP exporters, sampling and headers, are
configured by OpenTelemetry's own environment variables.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Sequence
from typing import Any, Final, Self

from opentelemetry.metrics import CallbackOptions
from opentelemetry.metrics import Observation as Measured
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from govml_pipeline.model.artefact import Model
from govml_pipeline.serving.observation import Observation
from govml_pipeline.serving.telemetry.buckets import DURATION, PREDICTION, duration_bounds
from govml_pipeline.serving.telemetry.otlp_log import MetricLines, SpanLines, TimedIds, sampler_from
from govml_pipeline.serving.telemetry.summary import counts, numbers

_NAME: Final = "govml.serving"
_FLUSH_SECONDS: Final = 1.5
_ROUTE: Final = "POST /invocations"


class OpenTelemetry:
    """Tells OpenTelemetry about requests; an `observation.Observer`.

    Args:
        model: the model that is served.
        readers: collect the metrics; none: there are none.
        processors: take the spans; none: none are made.
        tracers: makes the spans; None: a provider that samples as OpenTelemetry's variables say.
        bounds: bounds of the durations' buckets in seconds.
        digest: digest of the model's archive, by which its release is known; empty: unknown.
    """

    def __init__(
        self,
        model: Model,
        readers: Sequence[MetricReader],
        processors: Sequence[SpanProcessor],
        *,
        tracers: TracerProvider | None = None,
        bounds: Sequence[float] = DURATION,
        digest: str = "",
    ) -> None:
        resource = described(model)
        self._meters = MeterProvider(readers, resource=resource, shutdown_on_exit=False)
        self._tracers = tracers or TracerProvider(resource=resource, shutdown_on_exit=False)
        for processor in processors:
            self._tracers.add_span_processor(processor)
        self._measures, self._traces = bool(readers), bool(processors)
        self._tracer = self._tracers.get_tracer(_NAME)
        self._context = TraceContextTextMapPropagator()
        self._up = {"govml.model.version": model.version, **({"govml.model.digest": digest} if digest else {})}
        meter = self._meters.get_meter(_NAME)
        self._duration = meter.create_histogram(
            "http.server.request.duration",
            "s",
            "Duration of requests.",
            explicit_bucket_boundaries_advisory=list(bounds),
        )
        self._rows = meter.create_counter("govml.inference.rows", "{row}", "Rows predicted.")
        self._prediction = meter.create_histogram(
            "govml.inference.prediction",
            "",
            "Predicted numbers, in the target's unit.",
            explicit_bucket_boundaries_advisory=list(PREDICTION),
        )
        self._classes = meter.create_counter("govml.inference.classes", "{row}", "Rows by predicted class.")
        meter.create_observable_gauge("govml.serving.up", [self._alive], "", "1 while the process serves.")

    def _alive(self, _: CallbackOptions) -> Iterable[Measured]:
        yield Measured(1, self._up)

    @classmethod
    def by_environment(cls, model: Model) -> Self:
        """Send by OTLP where the environment variables say.

        Raises:
            ModuleNotFoundError: the exporter is not installed.
            UserError: a limit of a duration is none.
        """
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        return cls(
            model,
            [PeriodicExportingMetricReader(OTLPMetricExporter())],
            [BatchSpanProcessor(OTLPSpanExporter())],
            bounds=duration_bounds(os.environ),
            digest=os.environ.get("GOVML_MODEL_DIGEST", ""),
        )

    @classmethod
    def to_log(cls, model: Model, *, metrics: bool, traces: bool) -> Self:
        """Write lines to the log.

        Raises:
            UserError: a limit of a duration, or the share of traced requests, is none.
        """
        tracers = TracerProvider(
            resource=described(model),
            sampler=sampler_from(os.environ),
            id_generator=TimedIds(),
            shutdown_on_exit=False,
        )
        return cls(
            model,
            [PeriodicExportingMetricReader(MetricLines())] if metrics else [],
            [BatchSpanProcessor(SpanLines())] if traces else [],
            tracers=tracers,
            bounds=duration_bounds(os.environ),
            digest=os.environ.get("GOVML_MODEL_DIGEST", ""),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Side by side, and given up if nobody takes it: the container has 30 s in all, of which requests may need 25.
        closing = [threading.Thread(target=one.shutdown, daemon=True) for one in (self._meters, self._tracers)]
        for thread in closing:
            thread.start()
        for thread in closing:
            thread.join(_FLUSH_SECONDS)

    def flush(self) -> None:
        """Send what there is now."""
        self._meters.force_flush()
        self._tracers.force_flush()

    def __call__(self, observation: Observation) -> None:
        """Tell about a request."""
        attributes: dict[str, Any] = {
            "http.request.method": "POST",
            "http.route": "/invocations",
            "http.response.status_code": observation.status,
            "govml.model.version": observation.model_version,
        }
        if observation.error is not None:
            attributes["error.type"] = observation.error
        if self._measures:
            self._measure(observation, attributes)
        if self._traces:
            self._trace(observation, attributes)

    def _measure(self, observation: Observation, attributes: dict[str, Any]) -> None:
        self._duration.record(observation.seconds, attributes)
        if observation.predictions is not None:
            version = {"govml.model.version": observation.model_version}
            self._rows.add(observation.rows, version)
            for number in numbers(observation.predictions):
                self._prediction.record(number, version)
            for name, count in counts(observation.predictions).items():
                self._classes.add(count, {**version, "govml.inference.class": name})

    def _trace(self, observation: Observation, attributes: dict[str, Any]) -> None:
        attributes = {
            **attributes,
            "govml.correlation_id": observation.identity.correlation,
            "govml.inference.rows": observation.rows,
        }
        if observation.identity.inference is not None:
            attributes["govml.inference_id"] = observation.identity.inference
        span = self._tracer.start_span(
            _ROUTE,
            context=self._context.extract(observation.headers),
            kind=SpanKind.SERVER,
            attributes=attributes,
            start_time=observation.ended - int(observation.seconds * 1e9),
        )
        if observation.status >= 500:
            span.set_status(Status(StatusCode.ERROR, observation.error))
        span.end(observation.ended)


def described(model: Model) -> Resource:
    """Return what serves: by OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES, else named after the use case."""
    resource = Resource.create().merge(Resource({"govml.use_case": model.use_case.name}))
    if str(resource.attributes["service.name"]).startswith("unknown_service"):
        resource = resource.merge(Resource({"service.name": f"govml-{model.use_case.name}"}))
    return resource
