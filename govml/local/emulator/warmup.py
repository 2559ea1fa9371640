"""Loads moto's SageMaker, which takes seconds, while the first stacks of a deployment are made."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from typing import Any

from govml.local.emulator.account import client

Handler = Callable[[str, str, dict[str, str], bytes, dict[str, Any]], Awaitable[Any]]


def _load() -> None:
    """A first call makes moto load its part of a service, and botocore the model."""
    for service in ("sagemaker", "codepipeline"):
        client(service).list_pipelines()


def on_first_object(native: Handler) -> Handler:
    """Start loading in the background when the first object is put into S3: a deployment begins with its templates.

    Earlier, at the start or during the bootstrap, it would only slow those down.
    """
    started = threading.Event()

    async def handle(method: str, path: str, headers: dict[str, str], body: bytes, query_params: dict[str, Any]) -> Any:
        if method == "PUT" and "/" in path.strip("/") and not started.is_set():
            started.set()
            threading.Thread(target=_load, name="govml-warm-up", daemon=True).start()
        return await native(method, path, headers, body, query_params)

    return handle
