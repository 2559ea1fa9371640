"""Runs a transform beside the model's server, in the job's own network: `python -m govml.execution.transforming SPEC.json`.

The specification is `{"server": {"command", "env", "cwd"}, "arguments": <of the step>, "files": [[source, target], ...],
"port": <0: any free one>, "failure": <file for the reason>}`. The exit code is 0 if every file was transformed, 1 if not.
"""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from govml.execution.transforming.client import LOOPBACK
from govml.execution.transforming.records import TransformFailed
from govml.execution.transforming.settings import client_of, file_transform

#: A container has as long to come up; a real-time model has 8 minutes, of which a plain process needs seconds.
START_SECONDS = 120.0
#: What SageMaker gives a container between SIGTERM and SIGKILL.
GRACE_SECONDS = 30.0


def transform(spec: Mapping[str, Any]) -> list[str]:
    """Transform every file; return what went wrong, a text for each file that failed."""
    port = spec["port"] or _free_port()
    arguments = spec["arguments"]
    client = client_of(arguments, port)
    wrong = []
    with _server(spec["server"], port) as process:
        client.wait(START_SECONDS, alive=lambda: process.poll() is None)
        work = file_transform(arguments, client.parameters())
        for source, target in spec["files"]:
            try:
                count = work.run(Path(source), Path(target), client.transform)
            except TransformFailed as error:
                wrong.append(f"{Path(target).name.removesuffix('.out')}: {error}")
                print(f"failed: {wrong[-1]}", flush=True)
            else:
                print(f"transformed {source} in {count} requests", flush=True)
    return wrong


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _server(server: Mapping[str, Any], port: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [word.replace("{port}", str(port)) for word in server["command"]]
    process = subprocess.Popen(
        command, env=server["env"], cwd=server["cwd"], stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def main(arguments: Sequence[str]) -> int:
    """Run the specification of a file; return the exit code."""
    file = Path(arguments[0])
    spec = json.loads(file.read_text(encoding="utf-8"))
    file.unlink()  # it holds the environment of the server
    try:
        wrong = transform(spec)
    except TransformFailed as error:
        wrong = [str(error)]
    if wrong:
        Path(spec["failure"]).write_text("; ".join(wrong), encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
