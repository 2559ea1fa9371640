"""What stands around the front in its tests: models of a line each, and an account in memory."""

from __future__ import annotations

import dataclasses
import io
import json
import sys
import tarfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from govml.local.hosting.clock import Clock
from govml.local.hosting.control import Wanted
from govml.local.hosting.deployment.rollout import Tools
from govml.local.hosting.fleet.builder import FleetBuilder
from govml.local.hosting.fleet.spawner import Spawner
from govml.local.hosting.reconcile import Reconciler

ACCOUNT, REGION, ENDPOINT = "111122223333", "ap-southeast-1", "sandbox-dev-hdb-resale"
MODEL = Path(__file__).with_name("fake_model.py")


class FakeProgram:
    """Starts `fake_model.py`."""

    def command(self, model: Path, port: int) -> list[str]:
        return [sys.executable, "-I", "-S", str(MODEL), str(model), str(port)]

    def environment(self, job: Mapping[str, str], folder: Path) -> dict[str, str]:
        return dict(job)


def archive(version: str, **told: Any) -> bytes:
    """A `model.tar.gz` of the fake model."""
    out, content = io.BytesIO(), json.dumps({"version": version, **told}).encode()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        member = tarfile.TarInfo("behaviour.json")
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
    return out.getvalue()


@dataclass
class Models:
    """Folders of models by URI."""

    folder: Path

    def say(self, version: str, **told: Any) -> None:
        """Say what a version does from now on."""
        place = self.folder / version
        place.mkdir(parents=True, exist_ok=True)
        fresh = place / "fresh.json"
        fresh.write_text(json.dumps({"version": version, **told}))
        fresh.rename(place / "behaviour.json")

    def fetch(self, uri: str) -> Path:
        return self.folder / uri.rpartition("/")[2]


class FakeControl:
    """Endpoints in memory, as the emulator keeps them."""

    def __init__(self) -> None:
        self.endpoints: dict[str, Wanted] = {}
        self.reports: list[tuple[str, dict[str, Any], str]] = []
        self.lock = threading.Lock()

    def want(self, status: str, **changes: Any) -> None:
        """Set what the endpoint is to be."""
        with self.lock:
            old = self.endpoints.get(ENDPOINT)
            generation = old.generation + 1 if old else 1
            base = old or Wanted(
                ENDPOINT, f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint/{ENDPOINT}", status, generation
            )
            fresh = {"status": status, "generation": generation, "progress": {}, **changes}
            self.endpoints[ENDPOINT] = dataclasses.replace(base, **fresh)

    def sync(self) -> list[Wanted]:
        with self.lock:
            return list(self.endpoints.values())

    def report(self, wanted: Wanted, status: str, *, taken: bool, reason: str, progress: dict[str, Any]) -> bool:
        with self.lock:
            self.reports.append((status, progress, reason))
            now = self.endpoints.get(wanted.name)
            if now is None or now.generation != wanted.generation:
                return False
            moving = status in ("Creating", "Updating", "RollingBack")
            self.endpoints[wanted.name] = dataclasses.replace(
                now,
                status=status,
                progress=progress,
                live=now.target if taken else now.live,
                target=now.target if moving else None,
            )
            return True

    def credential(self, access_key: str) -> dict[str, Any]:
        return {"secret": "local", "token": None, "expires": None} if access_key == ACCOUNT else {}

    def permission(self, access_key: str, action: str, resource: str) -> dict[str, Any]:
        return {"allowed": True, "principal": access_key}


@dataclass
class FakeAlarms:
    """CloudWatch, as far as alarms and metrics go."""

    loud: set[str] = field(default_factory=set)
    published: list[dict[str, Any]] = field(default_factory=list)

    def describe_alarms(self, AlarmNames: list[str], AlarmTypes: list[str]) -> dict[str, Any]:  # noqa: N803
        states = {name: "ALARM" if name in self.loud else "OK" for name in AlarmNames}
        return {"MetricAlarms": [{"AlarmName": name, "StateValue": state} for name, state in states.items()]}

    def put_metric_data(self, Namespace: str, MetricData: list[dict[str, Any]]) -> None:  # noqa: N803
        self.published += MetricData


def config(version: str, *, shadows: tuple[str, ...] = (), capture: dict[str, Any] | None = None) -> dict[str, Any]:
    """A configuration with one variant, `live`, that serves a version."""
    variant = {"VariantName": "live", "ModelName": version, "InitialInstanceCount": 2, "InitialVariantWeight": 1.0}
    return {
        "config": f"config-{version}",
        "variants": [variant],
        "shadows": [{"VariantName": name, "ModelName": name, "InitialVariantWeight": 1.0} for name in shadows],
        "capture": capture or {},
        "asynchronous": {},
        "models": {name: [{"Image": "i", "ModelDataUrl": f"s3://models/{name}"}] for name in (version, *shadows)},
    }


def canary(percent: int = 50, wait: int = 60, bake: int = 60, alarms: tuple[str, ...] = ("errors",)) -> dict[str, Any]:
    """A canary rollout that alarms guard."""
    size = {"Type": "CAPACITY_PERCENT", "Value": percent}
    routing = {"Type": "CANARY", "CanarySize": size, "WaitIntervalInSeconds": wait}
    return {
        "BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing, "TerminationWaitInSeconds": bake},
        "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": name} for name in alarms]},
    }


@dataclass
class Stage:
    """A reconciler over the account in memory."""

    models: Models
    control: FakeControl
    alarms: FakeAlarms
    tools: Tools
    reconciler: Reconciler
    spawner: Spawner

    def until(self, reached: Callable[[], bool], seconds: float = 30.0) -> None:
        """Let the reconciler look until something is so."""
        deadline = time.monotonic() + seconds
        while not reached():
            assert time.monotonic() < deadline, (self.control.reports, self.control.endpoints)
            self.reconciler.look()
            time.sleep(0.01)

    def settled(self, config_name: str) -> bool:
        """Whether the endpoint is in service and one fleet, of this configuration, serves it alone."""
        now, served = self.control.endpoints[ENDPOINT], self.reconciler.endpoints.get(ENDPOINT)
        if served is None or served.blue is None or now.status != "InService":
            return False
        return served.green is None and served.blue.config == config_name and served.blue.ready

    def close(self) -> None:
        self.tools.stop.set()
        self.reconciler.close()
        self.spawner.close()


def stage(folder: Path, *, speed: float = 600.0, control: FakeControl | None = None) -> Stage:
    """Set the stage; a minute of the service is a tenth of a second."""
    models, alarms, spawner = Models(folder / "models"), FakeAlarms(), Spawner()
    builder = FleetBuilder(FakeProgram(), models, spawner, folder / "run")
    account = control or FakeControl()
    tools = Tools(account, alarms, builder, Clock(speed), lambda _: None)
    return Stage(models, account, alarms, tools, Reconciler(tools), spawner)
