"""OTLP metrics in their JSON form -> samples of Prometheus."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from govml.telemetry.forwarder.spelling import bound, label_name, metric_name

Json = Mapping[str, Any]
Labels = tuple[tuple[str, str], ...]
_NAME: Final = "__name__"
_CUMULATIVE: Final = (2, "AGGREGATION_TEMPORALITY_CUMULATIVE")
#: Attributes of a resource that become labels: the service as `job`, its process as `instance`, and ours by their names.
_RESOURCE: Final = {"service.name": "job", "service.instance.id": "instance"}
_OWN: Final = "govml."


@dataclass(frozen=True)
class Sample:
    """One value of one series.

    Args:
        labels: names and values in the order of the names, `__name__` among them.
        milliseconds: its time since 1970.
        value: its value.
    """

    labels: Labels
    milliseconds: int
    value: float


def samples(entry: Json) -> list[Sample]:
    """Return the samples of one line: an `ExportMetricsServiceRequest` in JSON.

    Args:
        entry: the line, parsed.

    Raises:
        ValueError: it is none, or has counters that are not cumulative, which Prometheus cannot add up.
    """
    try:
        return list(_samples(entry))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no OTLP metrics: {error!r}") from error


def _samples(entry: Json) -> Iterator[Sample]:
    for resource in entry["resourceMetrics"]:
        shared = _resource(resource.get("resource", {}).get("attributes", ()))
        for scope in resource["scopeMetrics"]:
            for metric in scope["metrics"]:
                yield from _of_metric(metric, shared)


def _of_metric(metric: Json, shared: Mapping[str, str]) -> Iterator[Sample]:
    name, unit = metric["name"], metric.get("unit", "")
    [(kind, data)] = [(kind, metric[kind]) for kind in ("gauge", "sum", "histogram") if kind in metric]
    if kind != "gauge" and data.get("aggregationTemporality") not in _CUMULATIVE:
        raise ValueError(f"{name} is not cumulative")
    spelt = metric_name(name, unit, counter=kind == "sum" and bool(data.get("isMonotonic")))
    for point in data["dataPoints"]:
        labels = {**shared, **{label_name(key): text for key, text in _attributes(point.get("attributes", ()))}}
        at = int(point["timeUnixNano"]) // 1_000_000
        if kind == "histogram":
            yield from _buckets(spelt, labels, at, point)
        else:
            yield _sample(spelt, labels, at, float(point["asInt"] if "asInt" in point else point["asDouble"]))


def _buckets(name: str, labels: Mapping[str, str], at: int, point: Json) -> Iterator[Sample]:
    bounds: Sequence[float] = [*point.get("explicitBounds", ()), math.inf]
    counts = [int(count) for count in point.get("bucketCounts", ())] or [int(point["count"])]
    if len(counts) != len(bounds):
        raise ValueError(f"{name} has {len(counts)} buckets between {len(bounds) - 1} bounds")
    below = 0
    for upper, count in zip(bounds, counts, strict=True):
        below += count
        text = "+Inf" if upper == math.inf else bound(float(upper))
        yield _sample(f"{name}_bucket", {**labels, "le": text}, at, below)
    yield _sample(f"{name}_sum", labels, at, float(point.get("sum", 0.0)))
    yield _sample(f"{name}_count", labels, at, int(point["count"]))


def _sample(name: str, labels: Mapping[str, str], at: int, value: float) -> Sample:
    return Sample(tuple(sorted({**labels, _NAME: name}.items())), at, value)


def _resource(attributes: Sequence[Json]) -> dict[str, str]:
    found = {}
    for key, text in _attributes(attributes):
        if key in _RESOURCE:
            found[_RESOURCE[key]] = text
        elif key.startswith(_OWN):
            found[label_name(key)] = text
    return found


def _attributes(attributes: Sequence[Json]) -> Iterator[tuple[str, str]]:
    for item in attributes:
        [value] = item["value"].values()
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if text:  # an empty label is no label
            yield item["key"], text
