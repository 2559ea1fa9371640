"""Puts the front together and runs it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from govml.errors import UserError
from govml.local.access import Connection
from govml.local.hosting.capture.writer import CaptureWriter
from govml.local.hosting.clock import Clock
from govml.local.hosting.control import EmulatorControl
from govml.local.hosting.deployment.rollout import Tools
from govml.local.hosting.fleet.builder import FleetBuilder
from govml.local.hosting.fleet.models import ModelStore
from govml.local.hosting.fleet.program import LOOPBACK, Program
from govml.local.hosting.fleet.spawner import Spawner
from govml.local.hosting.front.asynchronous import AsyncQueue
from govml.local.hosting.front.callers import Callers
from govml.local.hosting.front.runtime import Runtime
from govml.local.hosting.front.server import attend, bind
from govml.local.hosting.logs import Forwarding, LogFollower
from govml.local.hosting.metrics import Metrics
from govml.local.hosting.reconcile import Reconciler

_PUBLISH_SECONDS = 0.25
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Front:
    """A running front.

    Args:
        url: its address.
        reconciler: keeps the processes; `reconciler.endpoints` is what is served.
        stop: ends it when set.
        metrics: figures that are not published yet.
        captures: captured requests that are not written yet.
        logs: what the processes say.
    """

    url: str
    reconciler: Reconciler
    stop: threading.Event
    metrics: Metrics
    captures: CaptureWriter
    logs: LogFollower

    def flush(self) -> None:
        """Publish and write now what would be so in a moment."""
        self.metrics.publish()
        self.captures.flush()
        self.logs.flush()


@contextmanager
def fronted(
    connection: Connection,
    program: Program,
    folder: Path,
    *,
    port: int = 0,
    speed: float = 1.0,
    remote_write: str | None = None,
    tell: Tell,
) -> Iterator[Front]:
    """Serve the account's endpoints while the block lasts; the block calls `reconciler.run()`.

    Args:
        connection: the running local account.
        program: how a model process is started.
        folder: where models, logs and working directories are kept.
        port: TCP port on loopback; 0 takes a free one.
        speed: how many seconds of a deployment's waits pass in one second.
        remote_write: address of a Prometheus that takes what the containers' logs tell of metrics.
        tell: takes lines for the terminal.

    Raises:
        UserError: the port is taken, or another front serves the account.
    """
    try:
        server = bind(port)
    except (OSError, OverflowError) as error:
        raise UserError(f"port {port} cannot be used: {error}", hint="choose another with --port") from error
    url = f"http://{LOOPBACK}:{server.server_address[1]}"
    try:
        control = EmulatorControl(connection, url=url, speed=speed)
    except UserError:
        server.server_close()
        raise
    spawner, cloudwatch = Spawner(), connection.client("cloudwatch")
    logs = LogFollower(connection.client("logs"), Forwarding(remote_write, tell) if remote_write else None)
    models = ModelStore(connection.client("s3"), folder / "models")
    builder = FleetBuilder(program, models, spawner, folder / "run", follow=logs.follow)
    tools = Tools(control, cloudwatch, builder, Clock(speed), tell)
    reconciler = Reconciler(tools)
    metrics, captures = Metrics(cloudwatch), CaptureWriter(connection.client("s3"), tell)
    callers = Callers(control, connection.region)
    queue = AsyncQueue(connection.client("s3"), connection.client("sns"), connection.region, tell)
    served = reconciler.endpoints
    runtime = Runtime(connection.account, connection.region, served, callers, metrics, captures, queue)
    threads = [
        threading.Thread(target=attend, args=(server, runtime), name="front", daemon=True),
        threading.Thread(target=_publish, args=(tools.stop, metrics, captures, logs), name="publisher", daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        yield Front(url, reconciler, tools.stop, metrics, captures, logs)
    finally:
        tools.stop.set()
        server.shutdown()
        runtime.close()
        reconciler.close()
        threads[1].join()
        logs.flush()  # what the processes said at their end
        control.detach()
        server.server_close()
        spawner.close()


def _publish(stop: threading.Event, metrics: Metrics, captures: CaptureWriter, logs: LogFollower) -> None:
    """Send metrics, captures and logs again and again, and what is left at the end."""
    ended = False
    while not ended:
        ended = stop.wait(_PUBLISH_SECONDS)
        try:
            metrics.publish()
            captures.flush()
            logs.flush()
        except Exception:  # noqa: BLE001, S110 - the account is busy or gone; the reconciler tells
            pass
