"""Every panel's query on figures of a real run: a model server under load, its log handed on by the forwarder, a real Prometheus.

    .venv/bin/python benchmarks/dashboards.py [--seconds 60] [--keep FOLDER] [--wait]

Prints what each query found, and exits with 1 when one that a server alone can fill found nothing: the drift engine does not run
here. With --wait Prometheus stays up, so that its own page can be looked at. Needs Prometheus (Debian package) and the
environment of pipeline_code.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import quote

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests" / "support")]

from grafana_boards import filled, questions  # noqa: E402
from telemetry_stage import ROW, Server, prometheus, serving, trained  # noqa: E402

from govml.grafana.publishing.tailoring import error_budgets  # noqa: E402
from govml.service_levels.objective import Objective  # noqa: E402
from govml.telemetry.forwarder.delivery import deliver, poster  # noqa: E402
from govml.telemetry.forwarder.lines import read  # noqa: E402
from govml.telemetry.rules import all_groups  # noqa: E402

ENDPOINT = "sandbox-dev-hdb-resale"
PROMISES = [Objective(ENDPOINT, "availability", 99.5), Objective(ENDPOINT, "latency", 99, 300)]
VARIABLES = {
    "OTEL_SERVICE_NAME": ENDPOINT,
    "OTEL_METRIC_EXPORT_INTERVAL": "1000",
    "GOVML_METRICS": "otlp",
    "GOVML_LATENCY_LIMITS_MS": "300",
    "GOVML_MODEL_DIGEST": "d1",
    "GOVML_SERVING_ANSWER_SECONDS": "0.0001",  # large requests fail, so that there are errors to look at
    "GOVML_SERVING_WAITING": "64",
}
TOWNS = ("ANG MO KIO", "BEDOK", "TAMPINES", "BISHAN", "WOODLANDS")
FOREIGN = ("govml_monitoring", "govml:monitoring", "ALERTS")


def load(server: Server, ends: float, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311
    while time.monotonic() < ends:
        row = {**ROW, "town": draw.choice(TOWNS), "floor_area_sqm": draw.uniform(45, 150)}
        kind = draw.random()
        server.ask(
            [{**row, "town": "ATLANTIS"}] if kind < 0.02 else [row] * (500 if kind < 0.03 else draw.randint(1, 20))
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--wait", action="store_true")
    arguments = parser.parse_args()
    folder = arguments.keep or Path(tempfile.mkdtemp(prefix="govml-dashboards-"))
    program = shutil.which("prometheus")
    if program is None:
        print("prometheus is not installed (Debian package prometheus)", file=sys.stderr)
        return 2
    model, log = trained(folder / "model"), folder / "log"
    with prometheus(program, folder / "prometheus", all_groups(PROMISES)) as running:
        print(f"prometheus {running.url}")
        post, sent = poster(running.remote_write), 0
        with serving(model, log, VARIABLES) as server:
            ends = time.monotonic() + arguments.seconds
            workers = [threading.Thread(target=load, args=(server, ends, seed)) for seed in range(4)]
            for worker in workers:
                worker.start()
            while time.monotonic() < ends:
                time.sleep(1)
                lines = read(log.read_text().splitlines()).metrics
                deliver(lines[sent:], post)
                sent = len(lines)
            for worker in workers:
                worker.join()
        empty = 0
        for each in questions("prometheus"):
            expression = filled(each.target["expr"], budgets=error_budgets(PROMISES), over="1m")
            found = running.query(expression)
            elsewhere = any(name in expression for name in FOREIGN)
            empty += not found and not elsewhere
            value = f"{len(found):3} series, {next(iter(found.values())):.6g}" if found else "nothing"
            print(f"{'-' if elsewhere else ' '} {each!s:75} {value}")
            print(
                f"    {running.url}/graph?g0.expr={quote(expression)}&g0.tab=0&g0.range_input=5m"
            ) if arguments.wait else None
        print(f"{empty} of the panels that a server fills are empty")
        if arguments.wait:
            input("Enter ends it ")
    return 1 if empty else 0


if __name__ == "__main__":
    sys.exit(main())
