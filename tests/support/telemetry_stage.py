"""A model server as in its container, and a Prometheus that takes what its log tells."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from ruamel.yaml import YAML

from govml.local.hosting.fleet.spawner import free_port

REPOSITORY = Path(__file__).resolve().parents[2]
PIPELINE = REPOSITORY / "pipeline_code"
PYTHON = PIPELINE / ".venv" / "bin" / "python"
ROW = {
    "month": "2020-01",
    "town": "ANG MO KIO",
    "flat_type": "4 ROOM",
    "block": "308B",
    "street_name": "ANG MO KIO AVE 1",
    "storey_range": "10 TO 12",
    "floor_area_sqm": 92.0,
    "flat_model": "New Generation",
    "lease_commence_date": 1980,
    "remaining_lease": "59 years 01 month",
}
T = TypeVar("T")
_TRAIN = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from govml_pipeline import notebook
from govml_pipeline.monitoring.deciding.decision import decide
from govml_pipeline.monitoring.report.emission import emf_lines, otlp_lines
from govml_pipeline.monitoring.judging.judged import Judged
from govml_pipeline.monitoring.judging.signals import Signal
from govml_pipeline.monitoring.deciding.state import State
from govml_pipeline.model.algorithms.base import Trial
from govml_pipeline.model.artefact import save_model
from govml_pipeline.model.training import run_trial, train

case = notebook.load_use_case("hdb_resale")
prepared = notebook.prepare(case, notebook.sample_rows(case, rows=3000))
split, changed = prepared.split, prepared.transformation
found = run_trial(case, changed, split.train, split.validation, parameters=case.training.parameters, seed=1)
trial = Trial(**{name: value for name, value in found.items() if name != "seconds"})
save_model(Path(sys.argv[1]), case, train(case, changed, split.train, split.validation, trial=trial, seed=1), changed, archive=None)
broken = Judged("2024-02", "feed", (Signal("data_quality", "no rows", "2024-02", 1.0),), 0)
_, decision = decide(State("v1"), [broken], case.monitoring)
who = ("hdb_resale", "mini-dev-hdb-resale", "v1", decision)
now = datetime.now(UTC)
Path(sys.argv[2]).write_text("\\n".join([*emf_lines(*who, now=now), *otlp_lines(*who, now=now)]) + "\\n")
"""


def trained(folder: Path, monitor_log: Path) -> Path:
    """Train a model on the synthetic sample, and let the monitor log that its feed is broken."""
    subprocess.run(
        [str(PYTHON), "-c", _TRAIN, str(folder), str(monitor_log)], check=True, env=_environment({}), cwd=PIPELINE
    )
    return folder


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "PYTHONPATH": f"{PIPELINE / 'src'}:{PIPELINE}", **more}


@dataclass(frozen=True)
class Server:
    """A running server and its log."""

    port: int
    log: Path

    def ask(self, instances: list[dict[str, Any]]) -> int:
        """Send a request; return its status."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            body = json.dumps({"instances": instances})
            connection.request("POST", "/invocations", body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            response.read()
            return response.status
        finally:
            connection.close()


@contextmanager
def serving(model: Path, log: Path, environment: Mapping[str, str]) -> Iterator[Server]:
    """Run a server whose log is appended to a file."""
    command = [str(PYTHON), "-m", "govml_pipeline.serving", "--model-dir", str(model), "--port", "0"]
    before = log.stat().st_size if log.exists() else 0
    with log.open("ab") as output:
        process = subprocess.Popen(command, env=_environment(environment), stdout=output, stderr=output, cwd=PIPELINE)
    try:

        def port() -> int | None:
            told = re.search(rb"on http://[\d.]+:(\d+)", log.read_bytes()[before:])
            assert process.poll() is None, log.read_text()
            return int(told[1]) if told else None

        yield Server(until(port), log)
    finally:
        process.terminate()
        process.wait(30)


@dataclass(frozen=True)
class Prometheus:
    """A running Prometheus."""

    url: str

    @property
    def remote_write(self) -> str:
        """Address that takes samples."""
        return f"{self.url}/api/v1/write"

    def get(self, path: str) -> Any:
        """Ask its API; return the data."""
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=10)
        try:
            connection.request("GET", f"/api/v1/{path}")
            told = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        assert told["status"] == "success", told
        return told["data"]

    def query(self, expression: str) -> dict[tuple[tuple[str, str], ...], float]:
        """Evaluate an expression now; labels -> value."""
        found = self.get(f"query?query={quote(expression)}")["result"]
        return {tuple(sorted(each["metric"].items())): float(each["value"][1]) for each in found}


@contextmanager
def prometheus(program: str, folder: Path, rules: Mapping[str, Any], *, port: int = 0) -> Iterator[Prometheus]:
    """Run Prometheus with rules that are evaluated each second."""
    folder.mkdir(parents=True, exist_ok=True)
    yaml = YAML()
    with (folder / "rules.yaml").open("w") as stream:
        yaml.dump(dict(rules), stream)
    settings = {"global": {"evaluation_interval": "1s"}, "rule_files": [str(folder / "rules.yaml")]}
    with (folder / "prometheus.yaml").open("w") as stream:
        yaml.dump(settings, stream)
    address = f"127.0.0.1:{port or free_port()}"
    command = [
        program,
        f"--config.file={folder / 'prometheus.yaml'}",
        f"--storage.tsdb.path={folder / 'tsdb'}",
        f"--web.listen-address={address}",
        "--web.enable-remote-write-receiver",
        "--log.level=warn",
    ]
    log = folder / "prometheus.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=folder)
    found = Prometheus(f"http://{address}")
    try:

        def answers() -> bool:
            assert process.poll() is None, log.read_text()
            try:
                return bool(found.get("rules"))
            except (OSError, ValueError):
                return False

        until(answers)
        yield found
    finally:
        process.terminate()
        process.wait(30)


def until(look: Callable[[], T | None], *, seconds: float = 30) -> T:
    """Look again and again until there is something."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.1)
    return found
