"""The server against others, with the same model on the same machine in one run; prints Markdown tables.

    make bench-serving [DATA=FOLDER] [MODEL=FOLDER] [SECONDS=N]

One row at 200 requests a second, open loop; throughput over more and more connections, closed loop, with one process and
with one per core; 100,000 rows in one request of a batch transform. Client and servers share the machine. The model is that
of MODEL, else trained on the CSV files of DATA, else on the synthetic sample; the rows are the sample's.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from serving_stacks import STACKS, Stack, cpu_seconds, running

CONCURRENCY = (1, 2, 4, 8, 16, 32, 64)
RATE = 200
BATCH_ROWS = 100_000
USE_CASE = "hdb_resale"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder of CSV files to train on")
    parser.add_argument("--model", type=Path, help="folder of an unpacked model, instead of training one")
    parser.add_argument("--seconds", type=float, default=6.0, help="of each measurement (default: %(default)s)")
    parser.add_argument("--stacks", nargs="+", choices=STACKS, default=list(STACKS))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="serving-") as temporary:
        work = Path(temporary)
        logs = Path(tempfile.gettempdir())  # a server that does not start is looked into afterwards
        model = options.model or trained(options.data, work / "model")
        rows = sample()
        flavoured = as_mlflow(model, work / "mlflow")
        found: dict[str, dict[str, Any]] = {name: {} for name in options.stacks}
        before = os.getloadavg()[0]
        cores = len(os.sched_getaffinity(0))
        for processes in (1, cores):
            for name in options.stacks:
                stack = STACKS[name]
                bodies = work / f"{name}.json"
                bodies.write_text(json.dumps([json.dumps(stack.body(row)) for row in rows]), encoding="utf-8")
                with running(
                    stack, model, flavoured, processes=processes, row=rows[0], log=logs / f"serving-{name}.log"
                ) as (port, group):
                    print(f"{stack.title}, {processes} processes", file=sys.stderr)
                    found[name][processes] = measured(port, group, stack, bodies, seconds=options.seconds)
        batch = batch_seconds(model, logs)
        report(found, batch, cores, (before, os.getloadavg()[0]))
    return 0


def measured(port: int, group: int, stack: Stack, bodies: Path, *, seconds: float) -> dict[str, Any]:
    """Warm up, then the open loop and the closed loops."""

    def run(*arguments: str, lasting: float = seconds) -> dict[str, Any]:
        client = [sys.executable, str(Path(__file__).with_name("serving_client.py")), "--port", str(port)]
        client += ["--path", stack.path, "--bodies", str(bodies), "--seconds", str(lasting), *arguments]
        answer: dict[str, Any] = json.loads(subprocess.run(client, check=True, capture_output=True).stdout)
        return answer

    run("--concurrency", "4", lasting=2.0)
    opened = run("--rate", str(RATE), lasting=2 * seconds)
    before = cpu_seconds(group)
    closed = [run("--concurrency", str(count)) for count in CONCURRENCY]
    answered = sum(point["per_second"] for point in closed) * seconds
    return {"open": opened, "closed": closed, "cpu_ms": 1000 * (cpu_seconds(group) - before) / answered}


def batch_seconds(model: Path, logs: Path) -> dict[str, float]:
    """Seconds for the request of a batch transform, as CSV and as JSON, without a header as SageMaker sends lines."""
    rows = sample(BATCH_ROWS)
    csv = "\n".join(",".join("" if value is None else str(value) for value in row.values()) for row in rows)
    bodies = {"text/csv": csv.encode(), "application/json": json.dumps({"instances": rows}).encode()}
    stack = STACKS["govml"]
    os.environ["SAGEMAKER_BATCH"] = "true"
    seconds = {}
    with running(stack, model, model, processes=1, row=rows[0], log=logs / "serving-batch.log") as (port, _):
        for media_type, body in bodies.items():
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
            begun = time.perf_counter()
            connection.request("POST", stack.path, body, {"Content-Type": media_type, "Accept": media_type})
            answer = connection.getresponse()
            answer.read()
            seconds[f"{media_type}, {len(body) / 1e6:.0f} MB"] = time.perf_counter() - begun
            if answer.status != 200:
                raise SystemExit(f"batch: status {answer.status}")
    del os.environ["SAGEMAKER_BATCH"]
    return seconds


def report(found: dict[str, Any], batch: dict[str, float], cores: int, load: tuple[float, float]) -> None:
    """Print the tables."""
    print(f"{cores} cores; load average {load[0]:.1f} before, {load[1]:.1f} after.\n")
    print(f"One row at {RATE} requests a second, open loop:\n")
    print("| server | processes | p50 ms | p90 ms | p99 ms | p99.9 ms | failed |\n|---|---|---|---|---|---|---|")
    for name, by_processes in found.items():
        for processes, result in by_processes.items():
            cells = [result["open"][f"p{share}_ms"] for share in ("50", "90", "99", "99.9")]
            print(
                f"| {STACKS[name].title} | {processes} | {' | '.join(map(str, cells))} | {result['open']['failed']} |"
            )
    print("\nRows per second (p99 in ms) by connections, closed loop, one row a request:\n")
    print(f"| server | processes | {' | '.join(map(str, CONCURRENCY))} | CPU ms a request |")
    print(f"|---|---|{'---|' * (len(CONCURRENCY) + 1)}")
    for name, by_processes in found.items():
        for processes, result in by_processes.items():
            cells = [
                f"{point['per_second']:.0f} ({point['p99_ms']:.1f})" + (" failed!" if point["failed"] else "")
                for point in result["closed"]
            ]
            cells.append(f"{result['cpu_ms']:.2f}")
            print(f"| {STACKS[name].title} | {processes} | {' | '.join(cells)} |")
    print(f"\n{BATCH_ROWS:,} rows in one request of a batch transform:\n")
    for form, seconds in batch.items():
        print(f"* {form}: {seconds:.2f} s")


def sample(rows: int = 2000) -> list[dict[str, Any]]:
    """Rows of the synthetic sample as JSON has them."""
    from data_sources.hdb_resale.sample import make_sample
    from govml_pipeline.usecase import load_use_case

    contract = load_use_case(USE_CASE).contract
    return make_sample(seed=7, rows=rows).select(contract.inputs.names).to_dicts()


def trained(data: Path | None, folder: Path) -> Path:
    """Train a model and save it as the pipeline does."""
    from govml_pipeline import notebook
    from govml_pipeline.model.algorithms.base import Trial
    from govml_pipeline.model.artefact import save_model
    from govml_pipeline.model.training import run_trial, train

    use_case = notebook.load_use_case(USE_CASE)
    rows = notebook.load_rows(use_case, data) if data else notebook.sample_rows(use_case, rows=50_000)
    prepared = notebook.prepare(use_case, rows)
    split, transformation = prepared.split, prepared.transformation
    parameters = use_case.training.parameters
    found = run_trial(use_case, transformation, split.train, split.validation, parameters=parameters, seed=1)
    trial = Trial(**{name: value for name, value in found.items() if name != "seconds"})
    fitted = train(use_case, transformation, split.train, split.validation, trial=trial, seed=1)
    save_model(folder, use_case, fitted, transformation, archive=None)
    return folder


def as_mlflow(model: Path, folder: Path) -> Path:
    """The same artefact as an MLflow model, as the step Track logs it."""
    import mlflow

    from govml_pipeline.model.artefact import load_model
    from govml_pipeline.tracking import flavor
    from govml_pipeline.tracking.signature import signature_of

    mlflow.pyfunc.save_model(
        folder,
        loader_module=flavor.__name__,
        data_path=str(model),
        signature=signature_of(load_model(model)),
        pip_requirements=[],
    )
    return folder


if __name__ == "__main__":
    raise SystemExit(main())
