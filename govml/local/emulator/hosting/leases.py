"""Which front serves this account's endpoints, if any: it says so every moment, and is gone when it no longer does."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass

from govml.local.emulator.backends.errors import ApiError
from govml.local.emulator.processes import lives

# A front asks about the endpoints several times a second. That its process has ended shows at once; this is for one that
# hangs, and long enough for a machine that is busy with other things.
LEASE_SECONDS = 60.0


@dataclass
class Lease:
    """An attached front.

    Args:
        session: proof that a call comes from it.
        url: its address on loopback.
        pid: its process on this machine.
        speed: how much faster than the service's its clock runs.
        renewed: monotonic time of its last call.
    """

    session: str
    url: str
    pid: int
    speed: float
    renewed: float


_current: list[Lease] = []


def attached() -> Lease | None:
    """Return the front that serves; None when there is none."""
    if _current and time.monotonic() - _current[0].renewed <= LEASE_SECONDS and lives(_current[0].pid):
        return _current[0]
    return None


def attach(url: str, pid: int, speed: float) -> Lease:
    """Let a front take the endpoints over.

    Raises:
        ApiError: another one serves them.
    """
    other = attached()
    if other is not None:
        raise ApiError("ResourceInUse", f"a front serves this account's endpoints already, at {other.url}")
    _current[:] = [Lease(uuid.uuid4().hex, url, pid, speed, time.monotonic())]
    return _current[0]


def renew(session: str) -> None:
    """Note that a front still serves.

    Raises:
        ApiError: another front has taken its place.
    """
    if not _current or _current[0].session != session:
        raise ApiError("ResourceInUse", "another front serves this account's endpoints now")
    _current[0].renewed = time.monotonic()


def detach(session: str) -> None:
    """Let go of the endpoints."""
    if _current and _current[0].session == session:
        _current.clear()
