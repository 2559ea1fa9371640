"""Running the application: bind, load, announce, answer, and finish what was begun when asked to stop."""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Final

import uvicorn
from starlette.applications import Starlette

from govml_pipeline.errors import UserError
from govml_pipeline.model.artefact import Model, load_model
from govml_pipeline.serving import workers
from govml_pipeline.serving.app import create_app
from govml_pipeline.serving.limits import Limits, limits_from
from govml_pipeline.serving.protocol import guarded
from govml_pipeline.serving.telemetry.choice import observers_from
from govml_pipeline.serving.warming import warm

#: SageMaker kills a container 30 s after SIGTERM.
_GRACE_SECONDS: Final = 25
#: Seconds after which a thread that computes a large request lets the others have a turn; Python's own value is five times
#: as much, which single rows would wait for.
_TURN_SECONDS: Final = 0.001


def serve(
    model_dir: Path, *, host: str, port: int, max_bytes: int | None = None, batch: bool = False, processes: int = 1
) -> None:
    """Serve a model until SIGTERM or SIGINT; requests under way are answered first.

    Args:
        model_dir: folder of an unpacked model artefact.
        host: address to listen on.
        port: port to listen on; 0 takes a free one, which is announced on standard output.
        max_bytes: largest request body; that of the limits when None.
        batch: take the limits of a batch transform.
        processes: how many processes answer.

    Raises:
        UserError: no usable model, the address is taken, a setting is wrong, or a process ended by itself.
    """
    limits = limits_from(os.environ, batch=batch)
    if max_bytes is not None:
        limits = limits_from({**os.environ, "GOVML_SERVING_MAX_BYTES": str(max_bytes)}, batch=batch)
    role = workers.role()
    if role is not None:  # a process of several, which has got the socket
        _answer(load_model(model_dir), role.listener, limits, announce=role.announce, lifeline=role.lifeline)
        return
    if processes == 1:
        model = load_model(model_dir)
        with bound(host, port) as listener:
            _answer(model, listener, limits, announce=lambda: _announce(model, listener))
        return
    with bound(host, port) as listener:
        workers.supervise(listener, processes)


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that has the address but does not listen yet.

    Raises:
        UserError: the address is taken or not ours.
    """
    # The protocol is named, since asyncio sends without delay (TCP_NODELAY) only where it can see that it is TCP.
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise UserError(f"cannot listen on {host}:{port}: {error}", hint="choose another port with --port") from error
    return listener


def _announce(model: Model, listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    print(f"serving model {model.version} on http://{host}:{port}", flush=True)


class Server(uvicorn.Server):
    """uvicorn's server that looks after its connections, and says so when it is to stop.

    Args:
        config: its configuration.
        app: the application; `state.draining` is set when the server is to stop.
        lifeline: whether to go on; None: until a signal.
    """

    def __init__(self, config: uvicorn.Config, app: Starlette, lifeline: Callable[[], bool] | None) -> None:
        super().__init__(config)
        self._app = app
        self._lifeline = lifeline

    async def on_tick(self, counter: int) -> bool:
        """Check the connections every second, and whether to go on."""
        if counter % 10 == 0:
            for connection in list(self.server_state.connections):
                connection.check()  # of `protocol.GuardedProtocol`
            if self._lifeline is not None and not self._lifeline():
                self._app.state.draining = self.should_exit = True
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take no more requests."""
        self._app.state.draining = True
        super().handle_exit(sig, frame)


def make_server(app: Starlette, limits: Limits, *, lifeline: Callable[[], bool] | None = None) -> Server:
    """Return a server for an application; `run(sockets=[...])` runs it.

    Args:
        app: see `app.create_app`.
        limits: limits of the process.
        lifeline: asked every second whether to go on.
    """
    config = uvicorn.Config(
        app,
        http=guarded(limits),
        ws="none",
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        timeout_keep_alive=int(limits.idle_seconds),
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    return Server(config, app, lifeline)


def _answer(
    model: Model,
    listener: socket.socket,
    limits: Limits,
    *,
    announce: Callable[[], None],
    lifeline: Callable[[], bool] | None = None,
) -> None:
    """Answer requests until told to stop."""
    warm(model)
    sys.setswitchinterval(_TURN_SECONDS)
    gc.collect()
    gc.freeze()  # the model lives as long as the process: no collection has to look through it, while requests wait
    with observers_from(os.environ, model) as observers:
        app = create_app(model, limits=limits, observers=observers)
        server = make_server(app, limits, lifeline=lifeline)
        # For a signal before uvicorn looks for them; and uvicorn raises it again when it has shut down: end with 0, not -15.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, server.handle_exit)
        try:
            listener.listen(2048)  # before the announcement: whoever reads it may connect at once
        except OSError as error:  # another process began to listen between binding and now
            raise UserError(f"cannot listen: {error}", hint="choose another port with --port") from error
        announce()
        server.run(sockets=[listener])
