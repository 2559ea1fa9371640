"""One executor at a time works on a run; the operating system lets go of the lock when the executor ends, however it ends."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from govml.errors import UserError


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Hold the lock of the run in `directory` while the block lasts.

    Raises:
        UserError: another process works on this run.
    """
    with (directory / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UserError(
                f"run {directory.name} is still going on in another process", hint="wait for it, or stop it with Ctrl-C"
            ) from error
        yield


def is_locked(directory: Path) -> bool:
    """Tell whether some process works on the run in `directory`."""
    try:
        with locked(directory):
            return False
    except UserError:
        return True
