"""Who may invoke what: signature and policies, with the account's answers kept for a moment."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from govml.local.hosting.control import Control
from govml.local.hosting.errors import RuntimeRefusal
from govml.local.hosting.signature import SignedRequest, verify

# IAM's own changes take seconds to reach a service, too.
_KEEP_SECONDS = 5.0
_MOST_KEPT = 1000


class Callers:
    """Checks requests against the keys and policies of the account.

    Args:
        control: the way to the account.
        region: its region.
    """

    def __init__(self, control: Control, region: str) -> None:
        self._control = control
        self._region = region
        self._kept: dict[tuple[str, ...], tuple[float, dict[str, Any]]] = {}
        self._lock = threading.Lock()

    def authorize(self, request: SignedRequest, action: str, resource: str) -> None:
        """Check signature and permission.

        Args:
            request: as it came.
            action: as in `sagemaker:InvokeEndpoint`.
            resource: ARN of the endpoint.

        Raises:
            RuntimeRefusal: the signature is wrong, or its owner's policies do not allow the action.
        """
        key = verify(request, region=self._region, lookup=self._credential)
        found = self._recent(("may", key, action, resource), lambda: self._control.permission(key, action, resource))
        if not found["allowed"]:
            raise RuntimeRefusal(
                "AccessDeniedException",
                f"User: {found['principal']} is not authorized to perform: {action} on resource: {resource} "
                f"because no identity-based policy allows the {action} action",
                403,
            )

    def _credential(self, key: str) -> dict[str, Any]:
        return self._recent(("key", key), lambda: self._control.credential(key))

    def _recent(self, name: tuple[str, ...], ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        now = time.monotonic()
        with self._lock:
            at, value = self._kept.get(name, (-_KEEP_SECONDS, {}))
        if now - at < _KEEP_SECONDS:
            return value
        value = ask()
        with self._lock:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[name] = (now, value)
        return value
