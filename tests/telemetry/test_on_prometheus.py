"""From the container's server to a real Prometheus by the forwarder's own code: counts, rules and an alert that fires."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from telemetry_stage import ROW, Prometheus, Server, prometheus, serving, trained, until

from govml.service_levels.objective import Objective
from govml.telemetry.forwarder.delivery import deliver, poster
from govml.telemetry.forwarder.lines import read
from govml.telemetry.metrics import CLASSES, METRICS, RECORDED
from govml.telemetry.rules import all_groups

PROGRAM = shutil.which("prometheus")
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="prometheus is not installed (Debian package prometheus)")
ENDPOINT = "mini-dev-hdb-resale"
OBJECTIVES = [Objective(ENDPOINT, "availability", 99.5), Objective(ENDPOINT, "latency", 99, 300)]
VARIABLES = {
    "OTEL_SERVICE_NAME": ENDPOINT,
    "OTEL_METRIC_EXPORT_INTERVAL": "500",
    "GOVML_METRICS": "emf,otlp",
    "GOVML_TRACES": "otlp",
    "GOVML_LATENCY_LIMITS_MS": "300",
    "GOVML_MODEL_DIGEST": "d1",
    # Large requests fail: that is how errors of the server are made here.
    "GOVML_SERVING_ANSWER_SECONDS": "0.0001",
    "GOVML_SERVING_WAITING": "64",
}
GOOD, REFUSED, FAILED = 150, 10, 25


@dataclass(frozen=True)
class Scene:
    """What was sent, and where it arrived."""

    prometheus: Prometheus
    log: Path
    statuses: dict[str, int]


def ask(server: Server) -> dict[str, int]:
    """Send good, refused and failing requests; return how many got which status."""
    found: dict[str, int] = {}
    for instances, times in (([ROW], GOOD), ([{**ROW, "town": "ATLANTIS"}], REFUSED), ([ROW] * 500, FAILED)):
        for _ in range(times):
            status = str(server.ask(instances))
            found[status] = found.get(status, 0) + 1
    return found


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A server that is asked, started anew and asked again; its log is delivered piecemeal, late, twice and shuffled."""
    folder = tmp_path_factory.mktemp("telemetry")
    monitor = folder / "monitor.log"
    model, log, draw = trained(folder / "model", monitor), folder / "log", random.Random(3)  # noqa: S311
    with prometheus(str(PROGRAM), folder / "prometheus", all_groups(OBJECTIVES)) as found:
        post = poster(found.remote_write)
        statuses: dict[str, int] = {}
        before = 0
        for _ in range(2):
            with serving(model, log, VARIABLES) as server:
                for status, count in ask(server).items():
                    statuses[status] = statuses.get(status, 0) + count
            told = read(log.read_text().splitlines()).metrics
            fresh, before = told[before:], len(told)
            for start in range(0, len(fresh), 7):
                deliver(fresh[start : start + 7], post)
                again = [*fresh[: start + 7]]
                draw.shuffle(again)
                deliver(again[:10], post)
        deliver(read(monitor.read_text().splitlines()).metrics, post)
        yield Scene(found, log, statuses)


def test_the_server_did_what_it_was_asked_for(scene: Scene) -> None:
    assert scene.statuses == {"200": 2 * GOOD, "422": 2 * REFUSED, "504": 2 * FAILED}


def test_every_request_is_counted_once_over_restarts_and_repeated_delivery(scene: Scene) -> None:
    found = scene.prometheus.query(
        "sum by (http_response_status_code) (max_over_time(http_server_request_duration_seconds_count[1h]))"
    )
    assert {dict(labels)["http_response_status_code"]: value for labels, value in found.items()} == scene.statuses
    [rows] = scene.prometheus.query("sum(max_over_time(govml_inference_rows_total[1h]))").values()
    assert rows == 2 * GOOD


def test_series_begin_with_zero_so_that_rates_see_the_first_requests(scene: Scene) -> None:
    counts = "http_server_request_duration_seconds_count"
    [grown] = scene.prometheus.query(f"sum(max_over_time({counts}[1h]) - min_over_time({counts}[1h]))").values()
    assert grown == sum(scene.statuses.values())


def test_recorded_shares_are_those_of_the_requests(scene: Scene) -> None:
    def share() -> float | None:
        found = scene.prometheus.query('govml:bad_requests:share1h{objective="availability"}')
        return next(iter(found.values()), None)

    # Over the few seconds of the test Prometheus extrapolates by up to half: its rates become exact with more samples.
    assert until(share) == pytest.approx(FAILED / (GOOD + REFUSED + FAILED), rel=0.5)


def test_an_alert_fires_on_failures_and_none_on_latency(scene: Scene) -> None:
    def firing() -> set[str] | None:
        alerts = scene.prometheus.get("alerts")["alerts"]
        return {each["labels"]["alertname"] for each in alerts if each["state"] == "firing"} or None

    found = until(firing)
    assert "AvailabilityBudgetBurns14_4X" in found
    assert not any(name.startswith("Latency") for name in found)


def test_everything_exported_stands_in_the_catalogue_and_the_other_way_round(scene: Scene) -> None:
    catalogue = {name: set(each.labels) for each in METRICS for name in each.series()}
    recorded = {each.name: set(each.labels) for each in RECORDED}
    seen: dict[str, set[str]] = {}
    for labels in scene.prometheus.query('{job="' + ENDPOINT + '"}'):
        name = dict(labels)["__name__"]
        seen.setdefault(name, set()).update(set(dict(labels)) - {"__name__", "le"})
    for name, labels in seen.items():
        if not name.startswith("ALERTS"):
            assert labels == (catalogue | recorded)[name], name
    assert {name for each in METRICS if each != CLASSES for name in each.series()} <= set(seen)


def test_what_the_monitor_found_is_recorded_and_rings(scene: Scene) -> None:
    [change] = scene.prometheus.query('govml_monitoring_change_over_limit{signal="data_quality"}').values()
    assert change == 20  # all rows are missing, a twentieth may be

    def verdicts() -> dict[str, float]:
        found = scene.prometheus.query("govml:monitoring_verdict:last")
        return {dict(labels)["verdict"]: value for labels, value in found.items()}

    told = until(verdicts)
    assert {name for name, value in told.items() if value == 1} == {"broken-feed"}

    def rings() -> bool:
        alerts = scene.prometheus.get("alerts")["alerts"]
        return any(each["labels"]["alertname"] == "FeedBroken" for each in alerts)

    assert until(rings)


def test_failures_are_traced(scene: Scene) -> None:
    traces = read(scene.log.read_text().splitlines()).traces
    assert sum('"status":504' in trace for trace in traces) == 2 * FAILED
    assert len(traces) < sum(scene.statuses.values()) / 2  # of the others 5 %
