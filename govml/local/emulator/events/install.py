"""Makes the emulator's services put the events that AWS's services put."""

from __future__ import annotations

from govml.local.emulator.events import alarms, functions, stacks


def install() -> None:
    """Install what is hooked into MiniStack's own services; SageMaker's events follow in the gateway."""
    alarms.install()
    functions.install()
    stacks.install()
