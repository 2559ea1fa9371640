"""The catalogue of Prometheus metrics: everything that the platform exports, as Prometheus spells it.

Dashboards and rules ask for nothing else; a test compares the catalogue with what a running server and a monitor really write.
Names follow OpenTelemetry's semantic conventions where these have one, spelt as its specification ("Prometheus and OpenMetrics
Compatibility") says: dots become underscores, the unit and `_total` are appended.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from govml.service_levels.burn_rate import BURN_RATES, window

Kind = Literal["counter", "gauge", "histogram"]
Every = Literal["minute", "run"]


@dataclass(frozen=True)
class Metric:
    """One metric.

    Args:
        name: its name; a histogram has the series `<name>_bucket`, `<name>_sum` and `<name>_count`.
        kind: what may be done with it: `rate()` of a counter or a histogram's series, a gauge as it is.
        unit: unit of its values; empty for a number of things.
        labels: labels that its series may have, without a histogram's `le`.
        every: `minute`: each minute while a container runs. `run`: once for each run of the monitor, so that an instant
            query finds nothing five minutes later; ask for `last_over_time(<name>[8d])`, or for the recorded series.
        meaning: what it tells.
    """

    name: str
    kind: Kind
    unit: str
    labels: tuple[str, ...]
    every: Every
    meaning: str

    def series(self) -> Iterator[str]:
        """Names of its series."""
        yield from (
            (f"{self.name}_{part}" for part in ("bucket", "sum", "count")) if self.kind == "histogram" else (self.name,)
        )


@dataclass(frozen=True)
class Recorded:
    """A series that a recording rule makes of metrics, evaluated each minute.

    Args:
        name: its name.
        unit: unit of its values; empty for a number of things.
        labels: its labels.
        meaning: what it tells.
    """

    name: str
    unit: str
    labels: tuple[str, ...]
    meaning: str


#: `job` is the endpoint's name (`sandbox-dev-hdb-resale`), `instance` one process of one container.
_PROCESS: Final = ("job", "instance", "govml_use_case", "govml_model_version")
_MONITOR: Final = ("job", "govml_use_case", "govml_model_version")

REQUEST_DURATION: Final = Metric(
    "http_server_request_duration_seconds",
    "histogram",
    "seconds",
    (*_PROCESS, "http_request_method", "http_route", "http_response_status_code", "error_type"),
    "minute",
    "Time from a request's head to its answer; `http_route` is /invocations, `error_type` is there for refused requests only. "
    "Its count is the number of requests.",
)
SERVING_UP: Final = Metric(
    "govml_serving_up",
    "gauge",
    "",
    (*_PROCESS, "govml_model_digest"),
    "minute",
    "1 while a process serves a model: which version and digest, how many processes, since when.",
)
INFERENCE_ROWS: Final = Metric(
    "govml_inference_rows_total", "counter", "", _PROCESS, "minute", "Rows that were predicted."
)
PREDICTION: Final = Metric(
    "govml_inference_prediction",
    "histogram",
    "unit of the model's target",
    _PROCESS,
    "minute",
    "Predicted numbers; up to 1000 of a request, evenly spread. Buckets at 1, 2 and 5 of each power of ten. "
    "Nothing for classifications.",
)
CLASSES: Final = Metric(
    "govml_inference_classes_total",
    "counter",
    "",
    (*_PROCESS, "govml_inference_class"),
    "minute",
    "Rows by predicted class, cluster or flag. Nothing for models that predict numbers.",
)
CHANGE_OVER_LIMIT: Final = Metric(
    "govml_monitoring_change_over_limit",
    "gauge",
    "multiples of the limit",
    (*_MONITOR, "signal"),
    "run",
    "By kind of signal (`signal`, such as data_drift) the largest change of "
    "its newest window; 1 or more reaches the limit.",
)
VERDICT: Final = Metric(
    "govml_monitoring_verdict",
    "gauge",
    "",
    (*_MONITOR, "verdict"),
    "run",
    "1 for the run's verdict, 0 for the others: ok, watch, drifted, broken-feed, too-little-data.",
)
RETRAINING_REQUESTED: Final = Metric(
    "govml_monitoring_retraining_requested", "gauge", "", _MONITOR, "run", "1: sustained drift asked for retraining."
)
PAGE: Final = Metric(
    "govml_monitoring_page", "gauge", "", _MONITOR, "run", "1: somebody must look now, retraining would not help."
)
WINDOWS_JUDGED: Final = Metric(
    "govml_monitoring_windows_judged", "gauge", "", _MONITOR, "run", "Windows of data that the run judged."
)
LAST_RUN: Final = Metric(
    "govml_monitoring_run_timestamp_seconds",
    "gauge",
    "seconds since 1970",
    _MONITOR,
    "run",
    "When the monitor ran.",
)

METRICS: Final = (
    REQUEST_DURATION,
    SERVING_UP,
    INFERENCE_ROWS,
    PREDICTION,
    CLASSES,
    CHANGE_OVER_LIMIT,
    VERDICT,
    RETRAINING_REQUESTED,
    PAGE,
    WINDOWS_JUDGED,
    LAST_RUN,
)

#: Windows of the burn rates, each recorded as `govml:bad_requests:share<window>`.
BAD_SHARE: Final = "govml:bad_requests:share"
BURN_WINDOWS: Final = tuple(
    window(minutes)
    for minutes in sorted({minutes for rate in BURN_RATES for minutes in (rate.long_minutes, rate.short_minutes)})
)

REQUEST_RATE: Final = Recorded(
    "govml:requests:rate5m",
    "requests a second",
    ("job", "govml_model_version", "http_response_status_code"),
    "Requests by version and status, over 5 minutes.",
)
LATENCY_P50: Final = Recorded(
    "govml:request_duration_seconds:p50_5m", "seconds", ("job",), "Median duration of requests, over 5 minutes."
)
LATENCY_P99: Final = Recorded(
    "govml:request_duration_seconds:p99_5m", "seconds", ("job",), "99th percentile of their duration, over 5 minutes."
)
LAST_CHANGE: Final = Recorded(
    "govml:monitoring_change_over_limit:last",
    "multiples of the limit",
    (*_MONITOR, "signal"),
    "The newest change over its limit by kind of signal, within 8 days.",
)
LAST_VERDICT: Final = Recorded(
    "govml:monitoring_verdict:last", "", (*_MONITOR, "verdict"), "The newest verdict, within 8 days: 1 for what it is."
)

RECORDED: Final = (
    *(
        Recorded(
            f"{BAD_SHARE}{window}",
            "share, 0 to 1",
            ("job", "objective"),
            f"Requests that break the promise `objective` (availability, latency), over {window}; only where there is one.",
        )
        for window in BURN_WINDOWS
    ),
    REQUEST_RATE,
    LATENCY_P50,
    LATENCY_P99,
    LAST_CHANGE,
    LAST_VERDICT,
)


def queryable() -> frozenset[str]:
    """Names of all the series that a query may ask for, with Prometheus' own `ALERTS`."""
    exported = {name for metric in METRICS for name in metric.series()}
    return frozenset(exported | {each.name for each in RECORDED} | {"ALERTS"})
