"""OTLP in its JSON form, a line for each few data points or spans: small enough to be written to a pipe in one piece.

Form: OpenTelemetry protocol specification, "JSON Protobuf Encoding" (ids in hexadecimal, 64-bit integers as text). A write to
a pipe is undivided up to 4096 bytes (POSIX, `PIPE_BUF`), and several processes write to the container's log.

Counters are cumulative, since the log may be delivered late, twice or not at all: a lost line costs a sample and no count. A
series' first value is preceded by its zero, without which Prometheus' `rate()` misses what was counted before.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from opentelemetry.sdk.metrics.export import Gauge, HistogramDataPoint, Metric, MetricsData, Sum
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan

#: Bytes of a line's data points at most, unless one alone takes more; around them stand some 400.
MOST: Final = 3_400
#: Of the resource only what tells series apart: it stands in every line.
_RESOURCE: Final = ("service.name", "service.instance.id", "govml.use_case")
_CUMULATIVE: Final = 2
_SERVER: Final = 2
_MILLISECOND: Final = 1_000_000
Point = Any  # a NumberDataPoint or a HistogramDataPoint: of other kinds there are none here
Json = dict[str, Any]


def metric_lines(data: MetricsData, begun: set[Any]) -> Iterator[str]:
    """Yield the lines of collected metrics.

    Args:
        data: what a reader collected; explicit-bucket histograms, cumulative.
        begun: series that were written before; new ones are added.
    """
    for found in data.resource_metrics:
        resource = _resource(found.resource)
        for scope in found.scope_metrics:
            for metric in scope.metrics:
                points = [told for point in metric.data.data_points for told in _points(metric.name, point, begun)]
                for part in _parts(points):
                    told = _metric(metric, part)
                    yield _line({"resourceMetrics": [{"resource": resource, "scopeMetrics": [{"metrics": [told]}]}]})


def span_lines(spans: Sequence[ReadableSpan]) -> Iterator[str]:
    """Yield the lines of spans that have ended."""
    for span in spans:
        scope = {"spans": [_span(span)]}
        yield _line({"resourceSpans": [{"resource": _resource(span.resource), "scopeSpans": [scope]}]})


def _parts(points: Sequence[Json]) -> Iterator[list[Json]]:
    """Cut points into parts that a line holds."""
    part: list[Json] = []
    size = 0
    for point in points:
        more = len(_line(point))
        if part and size + more > MOST:
            yield part
            part, size = [], 0
        part.append(point)
        size += more
    if part:
        yield part


def _line(entry: Json) -> str:
    return json.dumps(entry, separators=(",", ":"))


def _resource(resource: Resource) -> Json:
    return {
        "attributes": _attributes({name: value for name, value in resource.attributes.items() if name in _RESOURCE})
    }


def _metric(metric: Metric, points: Sequence[Json]) -> Json:
    told: Json = {"name": metric.name, "unit": metric.unit or ""}
    if isinstance(metric.data, Gauge):
        return {**told, "gauge": {"dataPoints": points}}
    data: Json = {"aggregationTemporality": _CUMULATIVE, "dataPoints": points}
    if isinstance(metric.data, Sum):
        return {**told, "sum": {**data, "isMonotonic": metric.data.is_monotonic}}
    return {**told, "histogram": data}


def _points(name: str, point: Point, begun: set[Any]) -> Iterator[Json]:
    key = (name, frozenset((point.attributes or {}).items()))
    start = point.start_time_unix_nano
    if key not in begun and start is not None:
        begun.add(key)
        # A millisecond before at the latest: two values at one time, in Prometheus' unit, are refused.
        at = min(start, point.time_unix_nano - _MILLISECOND)
        yield _point(point, at, zero=True)
    yield _point(point, point.time_unix_nano, zero=False)


def _point(point: Point, at: int, *, zero: bool) -> Json:
    told: Json = {"attributes": _attributes(point.attributes or {}), "timeUnixNano": str(at)}
    if point.start_time_unix_nano is not None:
        told["startTimeUnixNano"] = str(min(point.start_time_unix_nano, at))
    if isinstance(point, HistogramDataPoint):
        counts = [0] * len(point.bucket_counts) if zero else point.bucket_counts
        return {
            **told,
            "count": "0" if zero else str(point.count),
            "sum": 0.0 if zero else point.sum,
            "bucketCounts": [str(count) for count in counts],
            "explicitBounds": list(point.explicit_bounds),
        }
    value = 0 if zero else point.value
    return {**told, "asInt": str(value)} if isinstance(value, int) else {**told, "asDouble": value}


def _span(span: ReadableSpan) -> Json:
    context = span.get_span_context()
    if context is None:
        raise ValueError(f"span {span.name} has no context")
    told: Json = {
        "traceId": f"{context.trace_id:032x}",
        "spanId": f"{context.span_id:016x}",
        "name": span.name,
        "kind": _SERVER,
        "startTimeUnixNano": str(span.start_time),
        "endTimeUnixNano": str(span.end_time),
        "attributes": _attributes(span.attributes or {}),
        "status": {"code": span.status.status_code.value},
    }
    if span.parent is not None:
        told["parentSpanId"] = f"{span.parent.span_id:016x}"
    return told


def _attributes(attributes: Mapping[str, Any]) -> list[Json]:
    return [{"key": name, "value": _value(value)} for name, value in sorted(attributes.items())]


def _value(value: Any) -> Json:
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    return {"doubleValue": value} if isinstance(value, float) else {"stringValue": str(value)}
