"""What is known about each endpoint beyond its description: which configuration serves, and which is on its way."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from govml.local.emulator.account import current_account, current_region

Snapshot = dict[str, Any]

IN_SERVICE = "InService"
MOVING = ("Creating", "Updating", "RollingBack")


@dataclass
class Record:
    """One endpoint.

    Args:
        name: endpoint name.
        status: as DescribeEndpoint tells it.
        live: the configuration that answers requests, with its models; None until the first one does.
        target: the configuration that a deployment moves to; None when nothing moves.
        deployment: `DeploymentConfig` of the last create or update.
        generation: counts creations and updates, so that a late report about an earlier one is known.
        reason: `FailureReason`.
        progress: how far the deployment has come, in the words of the process that serves; it reads them after a restart.
        started: Unix time at which the deployment began.
    """

    name: str
    status: str = IN_SERVICE
    live: Snapshot | None = None
    target: Snapshot | None = None
    deployment: dict[str, Any] = field(default_factory=dict)
    generation: int = 1
    reason: str = ""
    progress: dict[str, Any] = field(default_factory=dict)
    started: float = 0.0


lock = threading.RLock()
_records: dict[tuple[str, str], dict[str, Record]] = {}


def shelf() -> dict[str, Record]:
    """Return the endpoints of the current account and region by name. Hold `lock` while you change one."""
    return _records.setdefault((current_account(), current_region()), {})
