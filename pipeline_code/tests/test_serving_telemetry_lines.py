"""Telemetry as lines of the log: OTLP in its JSON form, cumulative, each line small, nothing of a request's content."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asgi import Client
from csvs import ROW
from google.protobuf.json_format import Parse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from govml_pipeline.errors import UserError
from govml_pipeline.model.artefact import Model
from govml_pipeline.serving.app import create_app
from govml_pipeline.serving.telemetry.buckets import DURATION, duration_bounds
from govml_pipeline.serving.telemetry.choice import observers_from
from govml_pipeline.serving.telemetry.otlp import OpenTelemetry
from govml_pipeline.serving.telemetry.otlp_log import FailuresAndSome, TimedIds, sampler_from

INSTANCE = {name: value for name, value in ROW.items() if name != "resale_price"}


@pytest.fixture
def lines(model: Model, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """What a container writes for two rows and a refused request."""
    for name, value in {
        "OTEL_SERVICE_NAME": "mini-dev-hdb-resale",
        "GOVML_LATENCY_LIMITS_MS": "300",
        "GOVML_TRACE_PERCENT": "100",
        "GOVML_MODEL_DIGEST": "d1",
    }.items():
        monkeypatch.setenv(name, value)
    with OpenTelemetry.to_log(model, metrics=True, traces=True) as told:
        client = Client(create_app(model, observers=(told,)))
        client.post("/invocations", json={"instances": [INSTANCE, INSTANCE]}, headers={"X-Correlation-Id": "case-7"})
        client.post("/invocations", json={"instances": [{**INSTANCE, "town": "ATLANTIS"}]})
    written = capsys.readouterr().out
    assert "ATLANTIS" not in written
    assert all(len(line.encode()) < 4096 for line in written.splitlines())  # a pipe takes so much in one piece
    return [json.loads(line) for line in written.splitlines()]


def metrics(lines: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Data points by metric."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in lines:
        for entry in line.get("resourceMetrics", ()):
            for metric in entry["scopeMetrics"][0]["metrics"]:
                [kind] = {"sum", "gauge", "histogram"} & set(metric)
                found.setdefault(metric["name"], []).extend(metric[kind]["dataPoints"])
    return found


def test_lines_are_otlp(lines: list[dict[str, Any]]) -> None:
    for line in lines:
        request = ExportTraceServiceRequest if "resourceSpans" in line else ExportMetricsServiceRequest
        Parse(json.dumps(line), request())
    resource = {
        item["key"]: item["value"]["stringValue"]
        for item in lines[0][next(iter(lines[0]))][0]["resource"]["attributes"]
    }
    assert (resource["service.name"], resource["govml.use_case"]) == ("mini-dev-hdb-resale", "hdb_resale")
    assert resource["service.instance.id"]


def test_a_series_begins_with_its_zero(lines: list[dict[str, Any]]) -> None:
    rows = metrics(lines)["govml.inference.rows"]
    assert [point["asInt"] for point in rows] == ["0", "2"]
    assert int(rows[0]["timeUnixNano"]) // 1_000_000 < int(rows[1]["timeUnixNano"]) // 1_000_000
    durations = metrics(lines)["http.server.request.duration"]
    assert sorted(point["count"] for point in durations) == ["0", "0", "1", "1"]
    assert all(0.3 in point["explicitBounds"] for point in durations)
    assert sum(map(int, durations[-1]["bucketCounts"])) == 1


def test_a_series_has_one_zero_and_then_grows(model: Model, capsys: pytest.CaptureFixture[str]) -> None:
    with OpenTelemetry.to_log(model, metrics=True, traces=False) as told:
        client = Client(create_app(model, observers=(told,)))
        for _ in range(2):
            client.post("/invocations", json={"instances": [INSTANCE]})
            told.flush()
    found = metrics([json.loads(line) for line in capsys.readouterr().out.splitlines()])
    assert [point["asInt"] for point in found["govml.inference.rows"]] == ["0", "1", "2", "2"]


def test_a_process_says_that_it_serves_and_what(lines: list[dict[str, Any]], model: Model) -> None:
    [up] = metrics(lines)["govml.serving.up"]
    assert up["asInt"] == "1"
    assert {item["key"]: item["value"]["stringValue"] for item in up["attributes"]} == {
        "govml.model.digest": "d1",
        "govml.model.version": model.version,
    }


def test_spans_have_ids_that_x_ray_takes(lines: list[dict[str, Any]]) -> None:
    spans = [line["resourceSpans"][0]["scopeSpans"][0]["spans"][0] for line in lines if "resourceSpans" in line]
    assert len(spans) == 2
    began = int(spans[0]["startTimeUnixNano"]) // 10**9
    assert abs(int(spans[0]["traceId"][:8], 16) - began) < 60
    ids = {item["key"]: item["value"] for item in spans[0]["attributes"]}
    assert ids["govml.correlation_id"] == {"stringValue": "case-7"}


def test_failures_are_traced_always_and_others_by_share() -> None:
    sampler, ids = FailuresAndSome(0.1), TimedIds()
    for _ in range(100):
        failed = sampler.should_sample(None, ids.generate_trace_id(), "", attributes={"http.response.status_code": 500})
        assert failed.decision.is_sampled()
    taken = sum(
        sampler.should_sample(
            None, ids.generate_trace_id(), "", attributes={"http.response.status_code": 200}
        ).decision.is_sampled()
        for _ in range(4000)
    )
    assert 250 < taken < 550  # 400 are expected, 19 is their standard deviation


def test_promises_are_bounds_of_buckets() -> None:
    assert duration_bounds({}) == DURATION
    assert duration_bounds({"GOVML_LATENCY_LIMITS_MS": "250, 300"}) == tuple(sorted({*DURATION, 0.3}))


@pytest.mark.parametrize("text", ["soon", "0", "-5", "nan", "inf"])
def test_a_limit_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="GOVML_LATENCY_LIMITS_MS"):
        duration_bounds({"GOVML_LATENCY_LIMITS_MS": text})


@pytest.mark.parametrize("text", ["some", "-1", "101", "nan"])
def test_a_share_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="GOVML_TRACE_PERCENT"):
        sampler_from({"GOVML_TRACE_PERCENT": text})


def test_variables_choose_what_is_written(model: Model) -> None:
    with observers_from({"GOVML_METRICS": "emf,otlp", "GOVML_TRACES": "otlp"}, model) as found:
        assert [type(observer).__name__ for observer in found[1:]] == ["EmbeddedMetrics", "OpenTelemetry"]
    with pytest.raises(UserError, match="GOVML_TRACES"), observers_from({"GOVML_TRACES": "emf"}, model):
        pass
