"""Running the application: bind, announce, answer, and finish what was begun when asked to stop."""

from __future__ import annotations

import signal
import socket
from pathlib import Path

import uvicorn

from govml_pipeline.errors import UserError
from govml_pipeline.model.artefact import load_model
from govml_pipeline.serving.app import MAX_BYTES, create_app

#: SageMaker kills a container 30 s after SIGTERM.
_GRACE_SECONDS = 25


def serve(model_dir: Path, *, host: str, port: int, max_bytes: int = MAX_BYTES) -> None:
    """Serve a model until SIGTERM or SIGINT; requests under way are answered first.

    Args:
        model_dir: folder of an unpacked model artefact.
        host: address to listen on.
        port: port to listen on; 0 takes a free one, which is announced on standard output.
        max_bytes: largest request body.

    Raises:
        UserError: no usable model, or the address is taken.
    """
    model = load_model(model_dir)
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)  # before the announcement: whoever reads it may connect at once
    except (OSError, OverflowError) as error:
        listener.close()
        raise UserError(f"cannot listen on {host}:{port}: {error}", hint="choose another port with --port") from error
    # uvicorn raises the signal again when it has shut down, for handlers that were there before: end with 0, not -15.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    config = uvicorn.Config(
        create_app(model, max_bytes=max_bytes),
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    with listener:
        print(f"serving model {model.version} on http://{host}:{listener.getsockname()[1]}", flush=True)
        uvicorn.Server(config).run(sockets=[listener])
