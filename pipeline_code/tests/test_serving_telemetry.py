"""Metrics and traces: none unless asked for; then of every request, and nothing of its content."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from typing import Any

import pytest
from asgi import Client
from csvs import ROW
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult

from govml_pipeline.errors import UserError
from govml_pipeline.model.artefact import Model
from govml_pipeline.serving.app import create_app
from govml_pipeline.serving.observation import Observer
from govml_pipeline.serving.telemetry.choice import observers_from
from govml_pipeline.serving.telemetry.emf import MOST, EmbeddedMetrics
from govml_pipeline.serving.telemetry.log import log
from govml_pipeline.serving.telemetry.otlp import OpenTelemetry

INSTANCE = {name: value for name, value in ROW.items() if name != "resale_price"}
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Kept(SpanExporter):
    def __init__(self) -> None:
        self.spans: list[ReadableSpan] = []

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self.spans += spans
        return SpanExportResult.SUCCESS


def send(model: Model, observer: Observer) -> None:
    """Two rows, then a request that is refused."""
    client = Client(create_app(model, observers=(observer,)))
    headers = {"X-Correlation-Id": "case-7", "X-Amzn-SageMaker-Inference-Id": "id-1", "traceparent": PARENT}
    client.post("/invocations", json={"instances": [INSTANCE, INSTANCE]}, headers=headers)
    client.post("/invocations", json={"instances": [{**INSTANCE, "town": "ATLANTIS"}]})


def test_a_span_for_each_request_with_its_ids_and_its_callers_trace(model: Model) -> None:
    kept = Kept()
    with OpenTelemetry(model, [InMemoryMetricReader()], [SimpleSpanProcessor(kept)]) as told:
        send(model, told)
    first, second = kept.spans
    assert first.name == "POST /invocations"
    assert first.parent is not None
    assert f"{first.parent.trace_id:032x}" == PARENT.split("-")[1]
    attributes = dict(first.attributes or {})
    assert (attributes["govml.correlation_id"], attributes["govml.inference_id"]) == ("case-7", "id-1")
    assert (attributes["govml.inference.rows"], attributes["http.response.status_code"]) == (2, 200)
    assert 0 < (first.end_time or 0) - (first.start_time or 0) < 60e9
    assert dict(second.attributes or {})["error.type"] == "contract_violation"
    assert second.status.is_ok  # the caller's fault is no error of the server
    assert "ATLANTIS" not in str(dict(second.attributes or {}))


def test_metrics_of_requests_rows_errors_and_predictions(model: Model) -> None:
    reader = InMemoryMetricReader()
    told = OpenTelemetry(model, [reader], [SimpleSpanProcessor(Kept())])
    send(model, told)
    found = reader.get_metrics_data()
    assert found is not None
    [resource] = found.resource_metrics
    metrics: dict[str, Any] = {metric.name: metric.data for metric in resource.scope_metrics[0].metrics}
    durations = {
        point.attributes.get("error.type"): point for point in metrics["http.server.request.duration"].data_points
    }
    assert {kind: point.count for kind, point in durations.items()} == {None: 1, "contract_violation": 1}
    assert [point.value for point in metrics["govml.inference.rows"].data_points] == [2]
    [prediction] = metrics["govml.inference.prediction"].data_points
    assert prediction.count == 2
    assert 50_000 < prediction.min == prediction.max < 5_000_000
    assert resource.resource.attributes["service.name"] == "govml-hdb_resale"


def test_embedded_metrics_are_lines_that_keep_the_specification(
    model: Model, capsys: pytest.CaptureFixture[str]
) -> None:
    with EmbeddedMetrics("hdb_resale") as told:
        send(model, told)
        assert capsys.readouterr().out == ""
    [line] = map(json.loads, capsys.readouterr().out.splitlines())
    [directive] = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "GovML/Serving"
    assert (line["UseCase"], line["ModelVersion"]) == ("hdb_resale", model.version)
    assert (line["Requests"], line["Rows"], line["Errors.contract_violation"]) == (2, 2, 1)
    assert len(line["Latency"]) == len(line["Prediction"]) == 2
    for metric in directive["Metrics"]:
        assert metric["Name"] in line
    assert all(name in line for name in directive["Dimensions"][0])


def test_embedded_metrics_write_a_line_when_it_is_full(model: Model, capsys: pytest.CaptureFixture[str]) -> None:
    told = EmbeddedMetrics("hdb_resale")
    client = Client(create_app(model, observers=(told,)))
    client.post("/invocations", json={"instances": [INSTANCE] * 1000})
    for _ in range(MOST - 1):
        client.post("/invocations", content=b"{")
    [line] = map(json.loads, capsys.readouterr().out.splitlines())
    assert (line["Requests"], line["Rows"]) == (MOST, 1000)
    assert all(len(value) <= MOST for value in line.values() if isinstance(value, list))


def test_without_a_variable_there_is_the_log_alone_and_no_library_is_loaded(model: Model) -> None:
    with observers_from({}, model) as observers:
        assert observers == [log]
    program = (
        "import govml_pipeline.serving.server, sys; print([n for n in sys.modules if n.startswith('opentelemetry')])"
    )
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert loaded.stdout.strip() == "[]"


def test_variables_choose_the_observers(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        OpenTelemetry,
        "by_environment",
        lambda found: OpenTelemetry(found, [InMemoryMetricReader()], [SimpleSpanProcessor(Kept())]),
    )
    with observers_from(
        {"GOVML_METRICS": "emf", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, model
    ) as found:
        assert [type(observer) for observer in found[1:]] == [EmbeddedMetrics, OpenTelemetry]
    with observers_from({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_SDK_DISABLED": "true"}, model) as found:
        assert found == [log]
    with pytest.raises(UserError, match="GOVML_METRICS"), observers_from({"GOVML_METRICS": "csv"}, model):
        pass


def test_a_collector_that_does_not_answer_does_not_hold_the_server_up(model: Model) -> None:
    never = threading.Event()

    class Stuck(Kept):
        def shutdown(self) -> None:
            never.wait(60)

    begun = time.monotonic()
    with OpenTelemetry(model, [InMemoryMetricReader()], [SimpleSpanProcessor(Stuck())]):
        pass
    assert time.monotonic() - begun < 30
    never.set()
