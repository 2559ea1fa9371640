"""Every panel's query, asked of a real Prometheus with the rules that are deployed: each finds something."""

from __future__ import annotations

import math
import shutil
import time
from collections.abc import Iterator

import pytest
from grafana_boards import Question, filled, questions
from telemetry_stage import Prometheus, prometheus, until

from govml.grafana.publishing.tailoring import error_budgets
from govml.service_levels.objective import Objective
from govml.telemetry.forwarder.delivery import deliver, poster
from govml.telemetry.forwarder.samples import Sample
from govml.telemetry.metrics import METRICS, Metric
from govml.telemetry.rules import all_groups

PROGRAM = shutil.which("prometheus")
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="prometheus is not installed (Debian package prometheus)")
ENDPOINT = "mini-dev-hdb-resale"
PROMISES = [Objective(ENDPOINT, "availability", 99.5), Objective(ENDPOINT, "latency", 99, 300)]
BOUNDS = (0.1, 0.3, 1.0, math.inf)
MINUTES = 30
# What tells the series of one metric apart, where the catalogue's labels leave a choice.
VARIANTS = {
    "http_server_request_duration_seconds": [
        {"http_response_status_code": "200", "http_route": "/invocations"},
        {"http_response_status_code": "504", "http_route": "/invocations", "error_type": "timeout"},
    ],
    "govml_inference_classes_total": [{"govml_inference_class": name} for name in ("late", "in_time")],
    "govml_monitoring_change_over_limit": [{"signal": name} for name in ("performance", "data_drift")],
    "govml_monitoring_verdict": [{"verdict": "drifted"}],
}


def series(metric: Metric, labels: dict[str, str], minute: int, at: int) -> Iterator[Sample]:
    """Give a metric's samples of one minute: a counter grows by sixty, a gauge is one."""
    shared = {"job": ENDPOINT, **{name: f"{name}-1" for name in metric.labels if name != "job"}, **labels}
    shared = {name: value for name, value in shared.items() if value != "error_type-1"}

    def sample(name: str, value: float, **more: str) -> Sample:
        return Sample(tuple(sorted({**shared, **more, "__name__": name}.items())), at, value)

    if metric.kind == "histogram":
        for share, bound in enumerate(BOUNDS, 1):
            yield sample(
                f"{metric.name}_bucket", 15.0 * minute * share, le="+Inf" if bound == math.inf else f"{bound:g}"
            )
        yield sample(f"{metric.name}_sum", 20.0 * minute)
        yield sample(f"{metric.name}_count", 60.0 * minute)
    else:
        newest = at / 1000 if metric.unit.startswith("seconds since") else 1.0
        yield sample(metric.name, 60.0 * minute if metric.kind == "counter" else newest)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    """Prometheus with half an hour of an endpoint of which every second request fails."""
    folder = tmp_path_factory.mktemp("prometheus")
    with prometheus(str(PROGRAM), folder, all_groups(PROMISES)) as found:
        now = int(time.time()) * 1000
        lines = [
            [
                each
                for metric in METRICS
                for labels in VARIANTS.get(metric.name, [{}])
                for each in series(metric, labels, minute, now - (MINUTES - minute) * 60_000)
            ]
            for minute in range(MINUTES + 1)
        ]
        deliver(lines, poster(found.remote_write))
        until(lambda: found.query("ALERTS") and found.query("govml:monitoring_verdict:last"))
        yield found


@pytest.mark.parametrize("question", list(questions("prometheus")), ids=str)
def test_a_panel_finds_something(running: Prometheus, question: Question) -> None:
    expression = filled(question.target["expr"], budgets=error_budgets(PROMISES))
    assert until(lambda: running.query(expression), seconds=10), expression


def test_the_budget_that_is_left_is_what_the_promise_leaves(running: Prometheus) -> None:
    (question,) = [each for each in questions("prometheus") if each.panel == "Error budget left of thirty days"]
    found = running.query(filled(question.target["expr"], budgets=error_budgets(PROMISES)))
    left = {dict(labels)["objective"]: value for labels, value in found.items()}
    # Half of the requests fail where one in two hundred may: a hundred budgets are gone.
    assert left["availability"] == pytest.approx(1 - 0.5 / 0.005, rel=0.01)
    assert left["latency"] < 0


def test_without_promises_the_panels_of_promises_are_empty(running: Prometheus) -> None:
    for question in questions("prometheus"):
        if "$budgets" in question.target["expr"]:
            assert running.query(filled(question.target["expr"], budgets=error_budgets([]))) == {}
