"""Keeps the processes as the account's endpoints want them: looks again and again, and starts what is missing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from govml.local.hosting.control import ControlLost, Wanted
from govml.local.hosting.deployment.rollout import Rollout, Tools, restore
from govml.local.hosting.served import Served

_LOOK_SECONDS = 0.2
# The local account may be busy for a moment; after this long it is gone.
LOST_SECONDS = 30.0
_MOVING = ("Creating", "Updating", "RollingBack")


class Reconciler:
    """Follows the account's endpoints.

    Args:
        tools: what rollouts share.
    """

    def __init__(self, tools: Tools) -> None:
        self.tools = tools
        self.endpoints: dict[str, Served] = {}
        self._jobs: dict[str, tuple[int, threading.Thread]] = {}

    def run(self) -> str:
        """Follow until the front is told to stop, or the account is lost.

        Returns:
            Why the account is lost; empty when the front was told to stop.
        """
        answered = time.monotonic()
        while not self.tools.stop.wait(_LOOK_SECONDS):
            try:
                self.look()
                answered = time.monotonic()
            except ControlLost as error:
                if time.monotonic() - answered > LOST_SECONDS:
                    return str(error)
        return ""

    def look(self) -> None:
        """Compare once, and begin what is to be done.

        Raises:
            ControlLost: the account does not answer, or another front has taken over.
        """
        wanted = {item.name: item for item in self.tools.control.sync()}
        for name in self.endpoints.keys() - wanted.keys():
            gone = self.endpoints.pop(name)
            self._begin(name, -1, gone.stop)
        for name, item in wanted.items():
            served = self.endpoints.setdefault(name, Served(item))
            served.refresh(item)
            if not self._busy(name):
                self._act(served, item)

    def _act(self, served: Served, item: Wanted) -> None:
        if item.status in _MOVING:
            self._begin(item.name, item.generation, Rollout(served, item, self.tools).run)
        elif item.status == "InService" and item.live is not None:
            live = item.live
            if served.blue is None or served.blue.config != live["config"]:
                self._begin(item.name, item.generation, lambda: restore(served, live, item.name, self.tools))

    def _busy(self, name: str) -> bool:
        return name in self._jobs and self._jobs[name][1].is_alive()

    def _begin(self, name: str, generation: int, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=self._guarded, args=(name, work), name=f"endpoint-{name}", daemon=True)
        self._jobs[name] = (generation, thread)
        thread.start()

    def _guarded(self, name: str, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - the account may be busy or gone; the next look begins it again
            self.tools.tell(f"{name}: {type(error).__name__}: {error}")

    def close(self) -> None:
        """Wait for what was begun, and end every process."""
        for _, thread in list(self._jobs.values()):
            thread.join()
        for served in list(self.endpoints.values()):
            served.stop()
        self.endpoints.clear()
