"""The front's clock: waits of minutes that a rehearsal need not wait out."""

from __future__ import annotations

import threading
from dataclasses import dataclass


@dataclass(frozen=True)
class Clock:
    """A clock that runs faster than the service's.

    Args:
        speed: how many seconds of the service pass in one second here; 1 is real time, 60 makes a minute a second.
    """

    speed: float = 1.0

    def real(self, seconds: float) -> float:
        """Return how many seconds here a wait of the service lasts."""
        return seconds / self.speed

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Wait `seconds` of this machine's time; whether `stop` was set meanwhile."""
        return stop.wait(seconds)
