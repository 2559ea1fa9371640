"""A front that is killed in the middle of a rollout: no process is left behind, and its successor goes on with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hosting_stage import archive

from govml.local import Connection

BUCKET, ENDPOINT = "restart-test-models", "restart-test"
REPOSITORY = Path(__file__).resolve().parents[2]
FRONT = REPOSITORY / "tests" / "support" / "front_process.py"
SIZE = {"Type": "CAPACITY_PERCENT", "Value": 50}
ROUTING = {"Type": "CANARY", "CanarySize": SIZE, "WaitIntervalInSeconds": 3600}
ROLLOUT = {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": ROUTING, "TerminationWaitInSeconds": 0}}


def until(reached: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@dataclass
class Scene:
    """The account with two configurations, and fronts that come and go."""

    account: Connection
    folder: Path
    front: subprocess.Popen[str] | None = None

    def start(self, speed: float) -> None:
        """Start a front and wait until it answers."""
        paths = [str(REPOSITORY), str(REPOSITORY / "tests" / "support")]
        self.front = subprocess.Popen(
            [sys.executable, str(FRONT), str(self.folder), str(speed)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.front.stdout is not None
        assert self.front.stdout.readline().startswith("url ")

    def end(self, number: signal.Signals) -> None:
        if self.front is not None:
            self.front.send_signal(number)
            self.front.wait(30)
            assert self.front.stdout is not None
            self.front.stdout.close()
            self.front = None

    def described(self) -> dict[str, Any]:
        told: dict[str, Any] = self.account.client("sagemaker").describe_endpoint(EndpointName=ENDPOINT)
        return told

    def version(self) -> str:
        """Version that answers a request; empty while the front has no model process."""
        try:
            told = self.account.client("sagemaker-runtime").invoke_endpoint(EndpointName=ENDPOINT, Body=b"{}")
        except ClientError:
            return ""
        return str(json.loads(told["Body"].read())["version"])

    def models(self) -> list[str]:
        """Command lines of the model processes of this test."""
        found = []
        for place in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                line = place.read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if "fake_model.py" in line and str(self.folder) in line:
                found.append(line)
        return found


@pytest.fixture
def scene(bare_account: Connection, tmp_path: Path) -> Iterator[Scene]:
    s3, sagemaker = bare_account.client("s3"), bare_account.client("sagemaker")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": bare_account.region})
    role = f"arn:aws:iam::{bare_account.account}:role/any"
    for version in ("v1", "v2"):
        s3.put_object(Bucket=BUCKET, Key=f"{version}.tar.gz", Body=archive(version))
        container = {"Image": "serving", "ModelDataUrl": f"s3://{BUCKET}/{version}.tar.gz"}
        name = f"restart-test-{version}"
        sagemaker.create_model(ModelName=name, ExecutionRoleArn=role, PrimaryContainer=container)
        variant = {"VariantName": "live", "ModelName": name, "InstanceType": "ml.m5.large", "InitialInstanceCount": 2}
        sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    found = Scene(bare_account, tmp_path)
    yield found
    found.end(signal.SIGTERM)
    sagemaker.delete_endpoint(EndpointName=ENDPOINT)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a process to the one that started it")
def test_a_front_that_is_killed_in_a_canary_leaves_nothing_and_its_successor_ends_the_rollout(scene: Scene) -> None:
    sagemaker = scene.account.client("sagemaker")
    scene.start(speed=1.0)
    sagemaker.create_endpoint(EndpointName=ENDPOINT, EndpointConfigName="restart-test-v1")
    until(lambda: scene.version() == "v1")
    sagemaker.update_endpoint(EndpointName=ENDPOINT, EndpointConfigName="restart-test-v2", DeploymentConfig=ROLLOUT)
    until(lambda: scene.version() == "v2")  # the canary answers: the rollout is in its hour of waiting
    assert len(scene.models()) == 2

    scene.end(signal.SIGKILL)
    until(lambda: scene.models() == [])
    told = scene.described()
    assert (told["EndpointStatus"], told["EndpointConfigName"]) == ("Updating", "restart-test-v1")
    assert scene.version() == ""

    scene.start(speed=3600.0)
    until(lambda: scene.described()["EndpointStatus"] == "InService")
    assert scene.described()["EndpointConfigName"] == "restart-test-v2"
    assert {scene.version() for _ in range(20)} == {"v2"}
    until(lambda: len(scene.models()) == 1)
