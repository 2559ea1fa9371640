"""The way from the front to the emulator: what endpoints are to be, what has become of them, and who may call."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any, Protocol

from govml.errors import UserError
from govml.local.access import Connection
from govml.local.own_operations import ControlLost, Superseded, call

__all__ = ["Control", "ControlLost", "EmulatorControl", "Wanted"]

Snapshot = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """What an endpoint is to be.

    Args:
        name: endpoint name.
        arn: its ARN.
        status: InService, Creating, Updating, RollingBack or Failed.
        generation: number of its create or update.
        live: the configuration that serves; None before the first one does.
        target: the one that is on its way; None when nothing moves.
        deployment: `DeploymentConfig`.
        progress: what this process reported last about the deployment.
    """

    name: str
    arn: str
    status: str
    generation: int
    live: Snapshot | None = None
    target: Snapshot | None = None
    deployment: dict[str, Any] = field(default_factory=dict)
    progress: dict[str, Any] = field(default_factory=dict)


class Control(Protocol):
    """What the front needs of the account; `EmulatorControl` is the real one."""

    def sync(self) -> list[Wanted]:
        """Return every endpoint; this also tells that the front lives."""
        ...

    def report(self, wanted: Wanted, status: str, *, taken: bool, reason: str, progress: dict[str, Any]) -> bool:
        """Tell how far a deployment has come; False when it is no longer wanted."""
        ...

    def credential(self, access_key: str) -> dict[str, Any]:
        """Return `secret`, `token` and `expires` of a key; empty for an unknown one."""
        ...

    def permission(self, access_key: str, action: str, resource: str) -> dict[str, Any]:
        """Return `allowed` and `principal`."""
        ...


class EmulatorControl:
    """Calls the emulator's own operations, which no AWS service has.

    Args:
        connection: the running local account.
        url: where this front answers.
        speed: how much faster its clock runs.

    Raises:
        UserError: another front serves this account's endpoints, or the account does not answer.
    """

    def __init__(self, connection: Connection, *, url: str, speed: float) -> None:
        self._connection = connection
        try:
            self._session = self._call("attach", url=url, pid=os.getpid(), speed=speed)["session"]
        except Superseded as error:
            raise UserError(str(error), hint="end the other `govml local serve` first") from error
        except ControlLost as error:
            raise UserError(str(error), hint="look at it with `govml local status`") from error

    def sync(self) -> list[Wanted]:
        """Return every endpoint; this also renews the lease."""
        return [Wanted(**item) for item in self._call("sync", session=self._session)["endpoints"]]

    def report(self, wanted: Wanted, status: str, *, taken: bool, reason: str, progress: dict[str, Any]) -> bool:
        """Tell how far a deployment has come."""
        told = {"status": status, "taken": taken, "reason": reason, "progress": progress}
        answer = self._call("report", session=self._session, name=wanted.name, generation=wanted.generation, **told)
        return bool(answer["accepted"])

    def credential(self, access_key: str) -> dict[str, Any]:
        """Return what is behind an access key."""
        return self._call("credential", access_key=access_key)

    def permission(self, access_key: str, action: str, resource: str) -> dict[str, Any]:
        """Return the judgement of the key's policies."""
        return self._call("permission", access_key=access_key, action=action, resource=resource)

    def detach(self) -> None:
        """Let go of the endpoints; without the emulator there is nothing to let go of."""
        try:
            self._call("detach", session=self._session)
        except ControlLost:
            return

    def _call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        return call(self._connection, f"/govml-hosting/{operation}", **parameters)
