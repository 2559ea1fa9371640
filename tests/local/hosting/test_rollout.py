"""Create and update with real processes: traffic shifting, bakes, roll-back, restarts of the front and of models."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hosting_stage import ENDPOINT, Stage, canary, config, stage

from govml.local.hosting.fleet.fleet import Fleet
from govml.local.hosting.front.invocation import invoke

DRAW = random.Random(7)  # noqa: S311 - traffic, no secret


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Stage]:
    scene = stage(tmp_path)
    for version in ("v1", "v2"):
        scene.models.say(version)
    yield scene
    scene.close()


def created(scene: Stage) -> None:
    scene.control.want("Creating", target=config("v1"))
    scene.until(lambda: scene.settled("config-v1"))


def ask(scene: Stage) -> str:
    """One request; the version that answered it."""
    outcome = invoke(scene.reconciler.endpoints[ENDPOINT], b"{}", {}, target=None, draw=DRAW)
    assert outcome.answer.status == 200
    return str(json.loads(outcome.answer.body)["version"])


class Load:
    """Requests from four threads for as long as the block lasts."""

    def __init__(self, scene: Stage) -> None:
        self.scene, self.stop, self.seen, self.failed = scene, threading.Event(), Counter[str](), list[BaseException]()
        self.threads = [threading.Thread(target=self._run) for _ in range(4)]

    def _run(self) -> None:
        while not self.stop.is_set():
            try:
                self.seen[ask(self.scene)] += 1
            except BaseException as error:  # noqa: BLE001 - any of them is the finding
                self.failed.append(error)

    def __enter__(self) -> Load:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()


def fleet(found: Fleet | None) -> Fleet:
    assert found is not None
    return found


def test_an_endpoint_is_created_and_answers(scene: Stage) -> None:
    created(scene)
    assert ask(scene) == "v1"
    assert [report[0] for report in scene.control.reports] == ["Creating", "InService"]


def test_a_model_that_does_not_start_fails_the_creation_with_its_own_words(scene: Stage) -> None:
    scene.models.say("v1", broken=True)
    scene.control.want("Creating", target=config("v1"))
    scene.until(lambda: scene.control.endpoints[ENDPOINT].status == "Failed")
    assert "the model cannot be loaded" in scene.control.reports[-1][2]


def test_a_canary_shifts_in_steps_and_no_request_is_lost(scene: Stage) -> None:
    created(scene)
    with Load(scene) as load:
        scene.control.want("Updating", target=config("v2"), deployment=canary())
        scene.until(lambda: scene.settled("config-v2"))
    assert load.failed == []
    assert load.seen["v1"] > 0 and load.seen["v2"] > 0
    shares = [progress["share"] for status, progress, _ in scene.control.reports if status == "Updating"]
    assert shares == [0.5, 1.0]
    assert ask(scene) == "v2"


def test_an_alarm_in_the_canary_moves_everything_back_and_no_request_is_lost(scene: Stage) -> None:
    created(scene)
    with Load(scene) as load:
        scene.control.want("Updating", target=config("v2"), deployment=canary(wait=3600))
        scene.until(lambda: load.seen["v2"] > 0)
        scene.alarms.loud.add("errors")
        scene.until(lambda: scene.settled("config-v1"))
        after = load.seen["v2"]
        seen = load.seen["v1"]
        scene.until(lambda: load.seen["v1"] > seen + 20)
    assert load.failed == []
    assert load.seen["v2"] == after
    states = [status for status, _, _ in scene.control.reports]
    assert states == ["Creating", "InService", "Updating", "RollingBack", "InService"]
    assert "errors" in scene.control.reports[-1][2]


def test_a_new_model_that_does_not_start_never_gets_a_request(scene: Stage) -> None:
    created(scene)
    scene.models.say("v2", broken=True)
    with Load(scene) as load:
        scene.control.want("Updating", target=config("v2"), deployment=canary())
        scene.until(lambda: scene.settled("config-v1"))
    assert load.failed == []
    assert set(load.seen) == {"v1"}
    assert [status for status, _, _ in scene.control.reports][2:] == ["RollingBack", "InService"]


def test_a_killed_model_process_is_started_again_and_its_requests_are_answered(scene: Stage) -> None:
    created(scene)
    instance = fleet(scene.reconciler.endpoints[ENDPOINT].blue).instances["live"]
    first = instance.pid
    with Load(scene) as load:
        scene.until(lambda: load.seen["v1"] > 10)
        os.kill(int(first or 0), signal.SIGKILL)
        seen = load.seen["v1"]
        scene.until(lambda: load.seen["v1"] > seen + 20)
    assert load.failed == []
    assert instance.pid != first


def test_a_new_process_that_dies_under_requests_does_not_lose_them(scene: Stage) -> None:
    created(scene)
    with Load(scene) as load:
        scene.control.want("Updating", target=config("v2"), deployment=canary(wait=3600))
        scene.until(lambda: load.seen["v2"] > 0)
        scene.models.say("v2", die=True)
        seen = load.seen["v1"]
        scene.until(lambda: load.seen["v1"] > seen + 20)
        scene.alarms.loud.add("errors")
        scene.until(lambda: scene.settled("config-v1"))
    assert load.failed == []


def test_a_front_that_ended_during_a_shift_goes_on_with_it_after_the_next_start(scene: Stage, tmp_path: Path) -> None:
    created(scene)
    scene.control.want("Updating", target=config("v2"), deployment=canary(wait=3600, alarms=()))
    scene.until(lambda: scene.control.endpoints[ENDPOINT].progress.get("stage") == 0)
    scene.tools.stop.set()
    scene.reconciler.close()
    assert scene.control.endpoints[ENDPOINT].status == "Updating"

    successor = stage(tmp_path, speed=1e6, control=scene.control)
    try:
        successor.until(lambda: successor.settled("config-v2"))
    finally:
        successor.close()
    assert scene.control.endpoints[ENDPOINT].live == config("v2")


def test_an_endpoint_that_is_deleted_during_a_shift_leaves_no_process(scene: Stage) -> None:
    created(scene)
    served = scene.reconciler.endpoints[ENDPOINT]
    scene.control.want("Updating", target=config("v2"), deployment=canary(wait=3600))
    scene.until(lambda: served.green is not None)
    pids = [fleet(found).instances["live"].pid for found in (served.blue, served.green)]
    with scene.control.lock:
        scene.control.endpoints.clear()
    scene.reconciler.look()
    scene.tools.stop.set()
    scene.reconciler.close()
    assert not [pid for pid in pids if Path(f"/proc/{pid}/stat").exists()]
