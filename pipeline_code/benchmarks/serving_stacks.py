"""The servers that benchmarks/serving.py compares: each answers the same model in processes of its own.

All predict by the same code (`Model.predict` or what the server calls of it), so what differs is the way there and back.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

START_SECONDS = 120.0


@dataclass(frozen=True)
class Stack:
    """A serving stack.

    Args:
        title: what the table calls it.
        command: model folder, MLflow model folder, port and processes to a command line.
        path: path of predictions.
        body: an instance to a request.
    """

    title: str
    command: Callable[[Path, Path, int, int], list[str]]
    path: str
    body: Callable[[dict[str, Any]], dict[str, Any]]


def _ours(model: Path, _: Path, port: int, processes: int) -> list[str]:
    command = [sys.executable, "-m", "govml_pipeline.serving", "--model-dir", str(model), "--port", str(port)]
    return [*command, "--processes", str(processes)]


def _mlflow(_: Path, flavoured: Path, port: int, processes: int) -> list[str]:
    command = [sys.executable, "-m", "mlflow", "models", "serve", "--model-uri", str(flavoured), "--port", str(port)]
    return [*command, "--env-manager", "local", "--workers", str(processes)]


def _litserve(model: Path, _: Path, port: int, processes: int) -> list[str]:
    return [sys.executable, str(Path(__file__).with_name("serving_litserve.py")), str(model), str(port), str(processes)]


STACKS = {
    "govml": Stack("govml_pipeline.serving", _ours, "/invocations", lambda row: {"instances": [row]}),
    "mlflow": Stack("mlflow models serve", _mlflow, "/invocations", lambda row: {"dataframe_records": [row]}),
    "litserve": Stack("LitServe", _litserve, "/predict", lambda row: {"instances": [row]}),
}


@contextmanager
def running(
    stack: Stack, model: Path, flavoured: Path, *, processes: int, row: dict[str, Any], log: Path
) -> Iterator[tuple[int, int]]:
    """Start a stack, wait until it predicts, yield its port and process group, and end it with all its processes."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    with log.open("ab") as output:
        process = subprocess.Popen(
            stack.command(model, flavoured, port, processes),
            env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not predicts(port, stack, row):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"{stack.title} did not start: see {log}")
            time.sleep(0.3)
        yield port, process.pid
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def predicts(port: int, stack: Stack, row: dict[str, Any]) -> bool:
    """Whether a prediction comes back."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("POST", stack.path, json.dumps(stack.body(row)), {"Content-Type": "application/json"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def cpu_seconds(group: int) -> float:
    """CPU seconds that the living processes of a group have used."""
    ticks = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = status.read_text(encoding="utf-8").rpartition(")")[2].split()
            if int(fields[2]) == group:
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
