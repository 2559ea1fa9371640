"""Start the local account: `python -m govml.local.emulator`, as `govml local up` does it."""

from __future__ import annotations

import asyncio
import functools
import gc
import os
import resource
import sys

import botocore.session

from govml.errors import UserError
from govml.local.emulator import versions
from govml.local.emulator.settings import EmulatorSettings

LOOPBACK = "127.0.0.1"
# Requests make and drop objects by the ten thousand: with Python's default of 700, the collector looks too often.
_COLLECT_AFTER = (50_000, 20, 100)


def _configure(settings: EmulatorSettings) -> None:
    """Set what MiniStack and moto read from the environment when they are imported."""
    os.environ.update(
        {
            "GATEWAY_PORT": str(settings.port),
            "MINISTACK_ACCOUNT_ID": settings.account,
            "MINISTACK_REGION": settings.region,
            "MOTO_ACCOUNT_ID": settings.account,
            "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",  # no instance is started here, and making 600 images takes half a second
            "AWS_ENDPOINT_URL": settings.endpoint_url,  # Lambda handlers run as our child processes
            "LAMBDA_EXECUTOR": "local",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "DOCKER_HOST": "unix:///nonexistent",  # never touch the containers of this machine
        }
    )


def _serve(settings: EmulatorSettings) -> None:
    # MiniStack and moto make sessions of botocore by the hundred, and each parses the models of its services anew.
    botocore.session.create_loader = functools.cache(botocore.session.create_loader)
    # MiniStack reads the environment when it is imported, so `_configure` comes first.
    import ministack.app
    from hypercorn.asyncio import serve
    from hypercorn.config import Config

    from govml.local.emulator import gateway
    from govml.local.emulator.cloudformation.install import install as install_types
    from govml.local.emulator.events.install import install as install_events

    gateway.install(ministack.app.SERVICE_HANDLERS)
    install_types()
    install_events()
    gc.enable()
    gc.collect()
    gc.freeze()  # what was imported stays
    config = Config()
    config.bind = [f"{LOOPBACK}:{settings.port}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1
    config.loglevel = "WARNING"
    asyncio.run(serve(ministack.app.app, config))


def main() -> int:
    """Guard the versions, then serve until the process is told to stop."""
    try:
        versions.require_supported()
    except UserError as error:
        sys.stderr.write(f"error: {error}\n")
        return error.exit_code
    gc.disable()  # until everything is imported
    gc.set_threshold(*_COLLECT_AFTER)
    settings = EmulatorSettings.from_environment()
    _configure(settings)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    _serve(settings)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # the state is in memory only: taking it down object by object takes seconds and leaves the same


if __name__ == "__main__":
    sys.exit(main())
