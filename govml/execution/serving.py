"""Serves a registered model on loopback by the code that serves it in its container (`/ping`, `/invocations`)."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from govml.errors import UserError
from govml.execution.archive import extract_archive
from govml.execution.environment import child_environment
from govml.execution.failures import StepFailed
from govml.execution.objects import ObjectStore
from govml.execution.processes import signal_group
from govml.execution.registry import ModelPackage

LOOPBACK = "127.0.0.1"
START_SECONDS = 60.0
REQUEST_SECONDS = 60.0  # SageMaker's own limit for one invocation of a real-time endpoint
_POLL_SECONDS = 0.1
_SIGNAL_SECONDS = 1.0


@dataclass(frozen=True)
class Server:
    """A model server that has answered `/ping`."""

    url: str
    process: subprocess.Popen[bytes]

    def wait(self) -> int:
        """Wait for the server to end by itself; return its exit code."""
        while True:
            # In short turns: a signal that arrives just before a call blocks is seen when the call returns.
            with suppress(subprocess.TimeoutExpired):
                return self.process.wait(_SIGNAL_SECONDS)


@contextmanager
def served(
    package: ModelPackage,
    *,
    store: ObjectStore,
    interpreter: Path,
    port: int,
    home: Path,
    log: IO[bytes] | None = None,
) -> Iterator[Server]:
    """Serve a model package while the block lasts.

    Args:
        package: what to serve; its archive is fetched and unpacked into a temporary directory.
        store: where the archive is.
        interpreter: Python that has the pipeline's dependencies.
        port: TCP port on loopback.
        home: home directory of the server's process.
        log: takes the server's output; None lets it through to ours.

    Raises:
        UserError: the port is taken, the archive is missing or damaged, or the server does not come up.
    """
    require_free(port)
    with tempfile.TemporaryDirectory(prefix="govml-model-") as temporary:
        archives, model = Path(temporary, "archive"), Path(temporary, "model")
        for directory in (archives, model):
            directory.mkdir()
        try:
            store.download(package.model_data, archives)
        except StepFailed as error:
            raise UserError(f"the archive of version {package.version} cannot be fetched: {error}") from error
        extract_archive(archives / package.model_data.rsplit("/", 1)[-1], model)
        environment = child_environment(
            interpreter=interpreter,
            home=home,
            base_dir=Path(temporary),
            platform={},
            job={},
            overrides={},
            account=None,
        )
        arguments = ["--model-dir", str(model), "--host", LOOPBACK, "--port", str(port)]
        process = subprocess.Popen(
            [str(interpreter), "-m", "govml_pipeline.serving", *arguments],
            env=environment,
            cwd=temporary,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT if log else None,
            start_new_session=True,
        )
        try:
            _wait_for_ping(process, port)
            yield Server(f"http://{LOOPBACK}:{port}", process)
        finally:
            _end(process)


def require_free(port: int) -> None:
    """Check that nothing listens on a port of loopback.

    Raises:
        UserError: something does, or the port may not be used.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except (OSError, OverflowError) as error:
            raise UserError(f"port {port} cannot be used: {error}", hint="choose another with --port") from error


def _wait_for_ping(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise UserError(f"the model server ended with exit code {process.returncode} before it answered")
        with suppress(OSError):  # not listening yet
            if request(port, "GET", "/ping")[0] == http.HTTPStatus.OK:
                return
        time.sleep(_POLL_SECONDS)
    raise UserError(f"the model server has not answered /ping within {START_SECONDS:.0f} s")


def request(port: int, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    """Send one request to the server on loopback; return status code and body.

    Raises:
        OSError: nothing listens, or it does not answer in time.
    """
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=REQUEST_SECONDS)
    try:
        headers = {"Content-Type": "application/json", "Accept": "application/json"} if body is not None else {}
        connection.request(method, path, body=body, headers=headers)
        response = connection.getresponse()
        return response.status, response.read()
    except http.client.HTTPException as error:
        raise OSError(f"the answer is not HTTP: {error!r}") from error
    finally:
        connection.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    signal_group(process, signal.SIGTERM)
    try:
        process.wait(10)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):  # a second Ctrl-C: no more patience
        signal_group(process, signal.SIGKILL)
        process.wait()
    signal_group(process, signal.SIGKILL)
