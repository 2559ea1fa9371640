"""Carries one create or update of an endpoint out: new fleet, traffic shifting, bakes, and the way back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from govml.errors import UserError
from govml.local.hosting.clock import Clock
from govml.local.hosting.control import Control, Snapshot, Wanted
from govml.local.hosting.deployment.alarms import ringing
from govml.local.hosting.deployment.plan import Plan, Stage, plan
from govml.local.hosting.fleet.builder import FleetBuilder
from govml.local.hosting.fleet.fleet import Fleet
from govml.local.hosting.served import Served

Tell = Callable[[str], None]
# Time for the containers to become healthy. SageMaker's is a property of the variant, and longer: images are pulled there.
START_SECONDS = 120.0
_POLL_SECONDS = 0.1


def label(config: str) -> str:
    """Return a configuration's name without the stack's, for lines on a terminal."""
    return config.rpartition("-")[2]


class RolledBack(Exception):
    """The new configuration is not to serve; the message is the endpoint's `FailureReason`."""


@dataclass(frozen=True)
class Tools:
    """What rollouts share.

    Args:
        control: the way to the account's endpoints.
        cloudwatch: boto3 client.
        builder: makes fleets.
        clock: how fast the waits pass.
        tell: takes one line for the terminal.
        stop: set when the front ends; a rollout then stays as it is, and goes on after the next start.
    """

    control: Control
    cloudwatch: Any
    builder: FleetBuilder
    clock: Clock
    tell: Tell
    stop: threading.Event = field(default_factory=threading.Event)


class Rollout:
    """One create or update.

    Args:
        served: the endpoint.
        wanted: what it is to become.
        tools: shared by all rollouts.
    """

    def __init__(self, served: Served, wanted: Wanted, tools: Tools) -> None:
        self.served = served
        self.wanted = wanted
        self.tools = tools
        self._deadline: float | None = None

    def run(self) -> None:
        """Bring the endpoint to where it is wanted, or back. Leaves it where it is when the front ends."""
        left_behind = self.served.close()  # by a rollout that lost the account for a moment
        if left_behind is not None:
            left_behind.retire()
        if self.served.blue is None and self.wanted.live is not None:
            restore(self.served, self.wanted.live, self.wanted.name, self.tools)
        if self.tools.stop.is_set() or self.wanted.target is None:
            return
        if self.wanted.status == "RollingBack":  # the front ended while it went back; the old fleet serves again
            self._tell_back(str(self.wanted.progress.get("reason", "")))
            return
        try:
            self._forward(self.wanted.target)
        except RolledBack as reason:
            self._back(str(reason))

    def _forward(self, target: Snapshot) -> None:
        green = self._provision(target)
        if self.tools.stop.is_set():
            green.stop()
            return
        stages = self._stages(target)
        for number, stage in stages:
            if not self._step(green, number, stage) or self.tools.stop.is_set():
                self._abandon(green)
                return
        former = self.served.promote(green)
        accepted = self._report("InService", taken=True)
        self.tools.tell(f"{self.wanted.name}: {label(green.config)} serves all requests")
        if former is not None:
            former.retire()
        if not accepted:  # it was deleted meanwhile
            self.served.stop()

    def _provision(self, target: Snapshot) -> Fleet:
        self.tools.tell(f"{self.wanted.name}: starting the model processes of {label(target['config'])}")
        try:
            green = self.tools.builder.build(self.wanted.name, target)
        except UserError as error:
            raise RolledBack(str(error)) from error
        try:
            green.await_ready(self.tools.stop, seconds=START_SECONDS)
        except UserError as error:
            green.stop()
            raise RolledBack(str(error)) from error
        return green

    def _stages(self, target: Snapshot) -> list[tuple[int, Stage]]:
        """The steps that are left: all of them, or those that an earlier front had not finished."""
        steps = self._plan(target).stages if self.served.blue is not None else (Stage(1.0, 0.0),)
        begun = int(self.wanted.progress.get("stage", 0))
        return list(enumerate(steps))[begun:]

    def _plan(self, target: Snapshot) -> Plan:
        count = sum(int(variant.get("InitialInstanceCount") or 1) for variant in target["variants"])
        made = plan(self.wanted.deployment, count)
        if made.limit is not None and self._deadline is None:
            self._deadline = time.monotonic() + self.tools.clock.real(made.limit)
        self._alarms = made.alarms
        return made

    _alarms: tuple[str, ...] = ()

    def _step(self, green: Fleet, number: int, stage: Stage) -> bool:
        """Move the traffic one step and bake; whether the rollout is still wanted."""
        self.served.open(green, stage.share)
        if not self._report(self.wanted.status, progress={"stage": number, "share": stage.share}):
            return False
        if self.served.blue is not None:
            self.tools.tell(f"{self.wanted.name}: {stage.share:.0%} of the requests go to {label(green.config)}")
        self._bake(stage.seconds)
        return True

    def _bake(self, seconds: float) -> None:
        """Watch the alarms for a while.

        Raises:
            RolledBack: one of them rings, or the whole rollout takes too long.
        """
        end = time.monotonic() + self.tools.clock.real(seconds)
        while True:
            loud = ringing(self.tools.cloudwatch, self._alarms) if self.served.blue is not None else []
            if loud:
                raise RolledBack(f"auto-rollback: alarm {', '.join(loud)} is in the state ALARM")
            if self._deadline is not None and time.monotonic() > self._deadline:
                raise RolledBack("the deployment took longer than MaximumExecutionTimeoutInSeconds")
            left = end - time.monotonic()
            if left <= 0 or self.tools.clock.wait(min(_POLL_SECONDS, left), self.tools.stop):
                return

    def _back(self, reason: str) -> None:
        gone = self.served.close()
        self.tools.tell(f"{self.wanted.name}: {reason}")
        if self.served.blue is None:
            self._report("Failed", reason=reason)
            if gone is not None:
                gone.stop()
            return
        self._report("RollingBack", reason=reason, progress={"reason": reason})
        if gone is not None:
            gone.retire()
        self._tell_back(reason)

    def _tell_back(self, reason: str) -> None:
        self._report("InService", reason=reason)
        config = label(self.served.blue.config) if self.served.blue is not None else "nothing"
        self.tools.tell(f"{self.wanted.name}: rolled back, {config} serves all requests")

    def _abandon(self, green: Fleet) -> None:
        if self.served.close() is None:  # never opened
            green.stop()
            return
        green.retire()

    def _report(
        self, status: str, *, taken: bool = False, reason: str = "", progress: dict[str, Any] | None = None
    ) -> bool:
        return self.tools.control.report(self.wanted, status, taken=taken, reason=reason, progress=progress or {})


def restore(served: Served, live: Snapshot, name: str, tools: Tools) -> None:
    """Start the fleet of a configuration that is in service already, and end the one that it takes the place of."""
    tools.tell(f"{name}: starting the model processes of {label(live['config'])}, which is in service")
    try:
        fleet = tools.builder.build(name, live)
    except UserError as error:
        tools.tell(f"{name}: {error}")
        return
    try:
        fleet.await_ready(tools.stop, seconds=START_SECONDS)
    except UserError as error:
        tools.tell(f"{name}: {error}")
    former = served.promote(fleet)
    tools.tell(f"{name}: {label(fleet.config)} serves all requests")
    if former is not None:
        former.retire()
