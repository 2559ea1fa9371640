"""Which worker runs this account's pipeline executions, if any: a process of this machine, known while it lives."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from govml.local.emulator.backends.errors import ApiError
from govml.local.emulator.processes import lives


@dataclass(frozen=True)
class Worker:
    """An attached worker.

    Args:
        session: proof that a call comes from it.
        pid: its process.
    """

    session: str
    pid: int


_current: list[Worker] = []


def attached() -> bool:
    """Return whether a worker waits for executions; one that has died is forgotten."""
    if _current and not lives(_current[0].pid):
        _current.clear()
    return bool(_current)


def attach(pid: int) -> str:
    """Let a worker take the executions; return its session.

    Raises:
        ApiError: another one has them.
    """
    if attached() and _current[0].pid != pid:
        raise ApiError("ResourceInUse", f"process {_current[0].pid} runs this account's pipelines already")
    _current[:] = [Worker(uuid.uuid4().hex, pid)]
    return _current[0].session


def require(session: str) -> None:
    """Check that a call comes from the attached worker.

    Raises:
        ApiError: it does not.
    """
    if not _current or _current[0].session != session:
        raise ApiError("ResourceInUse", "another worker runs this account's pipelines now")


def detach(session: str) -> None:
    """Let go of the executions."""
    if _current and _current[0].session == session:
        _current.clear()
