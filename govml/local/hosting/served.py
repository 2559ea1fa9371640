"""One endpoint as the front serves it: the old fleet, the new one, and how the requests are divided between them."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field
from typing import Any

from govml.local.hosting.control import Wanted
from govml.local.hosting.fleet.fleet import Fleet


@dataclass
class Served:
    """An endpoint.

    Args:
        wanted: what the account says it is to be.
        blue: the fleet that serves; None until there is one.
        green: the fleet that a rollout moves to; None outside of rollouts.
        share: part of the requests that green answers, 0 to 1.
    """

    wanted: Wanted
    blue: Fleet | None = None
    green: Fleet | None = None
    share: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def candidates(self) -> list[Fleet]:
        """Return the fleets that may answer the next request, the one that is drawn for it first.

        The other one stands in when the first cannot answer; green never does before traffic was moved to it.
        """
        with self._lock:
            fleets = [fleet for fleet in (self.blue, self.green if self.share > 0 else None) if fleet is not None]
            if self.green in fleets and random.random() < self.share:  # noqa: S311 - a share of traffic, no secret
                fleets.reverse()
            return fleets

    def open(self, green: Fleet, share: float) -> None:
        """Let a new fleet answer a part of the requests."""
        with self._lock:
            self.green, self.share = green, share

    def close(self) -> Fleet | None:
        """Take the traffic back from the new fleet; return it, to be ended."""
        with self._lock:
            gone, self.green, self.share = self.green, None, 0.0
            return gone

    def promote(self, fleet: Fleet) -> Fleet | None:
        """Let a fleet be the one that serves; return the former one, to be ended."""
        with self._lock:
            former, self.blue, self.green, self.share = self.blue, fleet, None, 0.0
            return former

    def refresh(self, wanted: Wanted) -> None:
        """Take over what the account says now, the weights of the variants included."""
        with self._lock:
            self.wanted = wanted
            if self.blue is not None and wanted.live is not None and self.blue.config == wanted.live["config"]:
                self.blue.variants = wanted.live["variants"]

    def capture(self, config: str) -> dict[str, Any]:
        """Return the `DataCaptureConfig` of one of the endpoint's configurations; empty where it has none."""
        for taken in (self.wanted.live, self.wanted.target):
            if taken is not None and taken["config"] == config:
                return dict(taken["capture"])
        return {}

    def stop(self) -> None:
        """End both fleets."""
        with self._lock:
            fleets, self.blue, self.green, self.share = (self.blue, self.green), None, None, 0.0
        for fleet in fleets:
            if fleet is not None:
                fleet.stop()
