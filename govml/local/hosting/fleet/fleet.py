"""The processes of one configuration: its production variants, and the shadows beside them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from govml.errors import UserError
from govml.local.hosting.fleet.instance import Instance

_CHECK_SECONDS = 0.05
_EXAMINE_SECONDS = 5.0
# A process that has ended so often before it was healthy once will not become so.
MOST_STARTS = 3
DRAIN_SECONDS = 30.0


class Fleet:
    """What answers the requests of one endpoint configuration.

    Args:
        config: name of the endpoint configuration.
        variants: production variants as the configuration has them.
        shadows: shadow variants.
        instances: one process for each variant and shadow, by variant name.
    """

    def __init__(
        self,
        config: str,
        variants: list[dict[str, Any]],
        shadows: list[dict[str, Any]],
        instances: dict[str, Instance],
    ) -> None:
        self.config = config
        self.variants = variants
        self.shadows = shadows
        self.instances = instances
        self.in_flight = 0
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name=f"fleet-{config}", daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        examined = time.monotonic()
        while not self._stop.wait(_CHECK_SECONDS):
            for instance in self.instances.values():
                instance.check()
            if time.monotonic() - examined > _EXAMINE_SECONDS:
                examined = time.monotonic()
                for instance in self.instances.values():
                    instance.examine()

    @property
    def ready(self) -> bool:
        """Whether every process is healthy."""
        return all(instance.ready.is_set() for instance in self.instances.values())

    def await_ready(self, stop: threading.Event, *, seconds: float) -> None:
        """Wait until every process is healthy, or `stop` is set.

        Raises:
            UserError: one of them does not become so.
        """
        deadline = time.monotonic() + seconds
        while not self.ready and not stop.wait(_CHECK_SECONDS):
            for name, instance in self.instances.items():
                if not instance.ready.is_set() and instance.starts > MOST_STARTS:
                    raise UserError(
                        f"the container of variant {name} did not pass the ping health check: {instance.tail()}"
                    )
            if time.monotonic() > deadline:
                raise UserError(f"the containers of {self.config} were not healthy within {seconds:.0f} s")

    @contextmanager
    def using(self) -> Iterator[None]:
        """Count a request that is under way, so that the fleet is not ended below it."""
        with self._lock:
            self.in_flight += 1
        try:
            yield
        finally:
            with self._lock:
                self.in_flight -= 1

    def retire(self) -> None:
        """End the processes once the requests under way have been answered."""
        deadline = time.monotonic() + DRAIN_SECONDS
        while self.in_flight and time.monotonic() < deadline:
            time.sleep(_CHECK_SECONDS)
        self.stop()

    def stop(self) -> None:
        """End the processes at once."""
        self._stop.set()
        self._thread.join()
        for instance in self.instances.values():
            instance.stop()
