"""The state of the local account on disk, and the lock that tells surely whether its process lives."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from govml.local.paths import state_directory


@dataclass(frozen=True)
class State:
    """What is known about a started account.

    Args:
        pid: process id, which is also the id of its process group.
        port: TCP port on 127.0.0.1.
        account: 12-digit account id.
        region: AWS region.
        started: time of start, ISO 8601, UTC.
    """

    pid: int
    port: int
    account: str
    region: str
    started: str


def state_file() -> Path:
    """Path of the state file."""
    return state_directory() / "state.json"


def log_file() -> Path:
    """Path of the emulator's log."""
    return state_directory() / "emulator.log"


def fidelity_file() -> Path:
    """Path of the audit of lost properties."""
    return state_directory() / "fidelity.json"


def read_state() -> State | None:
    """Return what the last start wrote; None when there is nothing, or nothing that can be read."""
    try:
        return State(**json.loads(state_file().read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def write_state(state: State) -> None:
    """Replace the state file as a whole, so that a reader never sees half of it."""
    scratch = state_file().with_suffix(".tmp")
    scratch.write_text(json.dumps(asdict(state), indent=1) + "\n")
    scratch.replace(state_file())


@contextmanager
def alive_lock() -> Iterator[int | None]:
    """Try to take the lock that the emulator's process holds while it lives.

    A started process inherits the lock's file descriptor, so the lock ends with the process, however that ends; a
    process id alone could belong to somebody else by now.

    Yields:
        The descriptor while nothing runs, so that a process can be started with it; None while one runs.
    """
    state_directory().mkdir(parents=True, exist_ok=True)
    descriptor = os.open(state_directory() / "alive.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield descriptor
    finally:
        os.close(descriptor)  # a child that inherited the descriptor keeps the lock


def is_running() -> bool:
    """Whether a started account lives."""
    if not (state_directory() / "alive.lock").exists():
        return False
    with alive_lock() as descriptor:
        return descriptor is None
