"""Metrics and traces by OpenTelemetry, sent by OTLP over HTTP from threads beside the event loop.

A request is told when it has been answered: its span is made then, with the times that it had. Names follow the semantic
conventions for HTTP servers where these have one. Exporters, intervals, sampling and headers are configured by
OpenTelemetry's own environment variables.
"""

from __future__ import annotations

import threading
from typing import Any, Final, Self

from opentelemetry.sdk.metrics import Histogram, MeterProvider
from opentelemetry.sdk.metrics.export import MetricReader, PeriodicExportingMetricReader
from opentelemetry.sdk.metrics.view import ExponentialBucketHistogramAggregation, View
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from govml_pipeline.model.artefact import Model
from govml_pipeline.serving.observation import Observation
from govml_pipeline.serving.telemetry.summary import counts, numbers

_NAME: Final = "govml.serving"
_FLUSH_SECONDS: Final = 1.5
_ROUTE: Final = "POST /invocations"
#: Of the unit of the predictions nothing is known beforehand: buckets that grow with the values.
_GROWING: Final = View(instrument_type=Histogram, aggregation=ExponentialBucketHistogramAggregation())


class OpenTelemetry:
    """Tells OpenTelemetry about requests; an `observation.Observer`.

    Args:
        model: the model that is served.
        reader: collects the metrics.
        processor: takes the spans.
    """

    def __init__(self, model: Model, reader: MetricReader, processor: SpanProcessor) -> None:
        resource = Resource.create()  # by OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES
        if str(resource.attributes["service.name"]).startswith("unknown_service"):
            resource = resource.merge(Resource({"service.name": f"govml-{model.use_case.name}"}))
        self._meters = MeterProvider([reader], resource=resource, views=[_GROWING], shutdown_on_exit=False)
        self._tracers = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._tracers.add_span_processor(processor)
        self._tracer = self._tracers.get_tracer(_NAME)
        self._context = TraceContextTextMapPropagator()
        meter = self._meters.get_meter(_NAME)
        self._duration = meter.create_histogram("http.server.request.duration", "s", "Duration of requests.")
        self._rows = meter.create_counter("govml.inference.rows", "{row}", "Rows predicted.")
        self._prediction = meter.create_histogram("govml.inference.prediction", "1", "Predicted numbers.")
        self._classes = meter.create_counter("govml.inference.classes", "{row}", "Rows by predicted class.")

    @classmethod
    def by_environment(cls, model: Model) -> Self:
        """Send by OTLP where the environment variables say.

        Raises:
            ModuleNotFoundError: the exporter is not installed.
        """
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        return cls(model, PeriodicExportingMetricReader(OTLPMetricExporter()), BatchSpanProcessor(OTLPSpanExporter()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Side by side, and given up if nobody takes it: the container has 30 s in all, of which requests may need 25.
        closing = [threading.Thread(target=one.shutdown, daemon=True) for one in (self._meters, self._tracers)]
        for thread in closing:
            thread.start()
        for thread in closing:
            thread.join(_FLUSH_SECONDS)

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
        self._duration.record(observation.seconds, attributes)
        if observation.predictions is not None:
            version = {"govml.model.version": observation.model_version}
            self._rows.add(observation.rows, version)
            for number in numbers(observation.predictions):
                self._prediction.record(number, version)
            for name, count in counts(observation.predictions).items():
                self._classes.add(count, {**version, "govml.inference.class": name})
        self._trace(observation, attributes)

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
