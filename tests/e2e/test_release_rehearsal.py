"""A release with its endpoint: the deployed function, the stack, a canary that alarms watch, and signed requests all the while."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pytest
from botocore.exceptions import ClientError
from click.testing import CliRunner
from hosting_stage import FakeProgram, archive

from govml.cli.main import govml
from govml.local import Connection
from govml.local.hosting.service import fronted
from govml.local.images import named_images
from govml.local.people import acting_as
from govml.release.ledger import Ledger
from govml.settings.names import Names

pytestmark = pytest.mark.local_account

USE_CASE = "hdb_resale"
NAMES = Names("sandbox", "dev")
GROUP = NAMES.model_package_group(USE_CASE)
# Ten minutes of a bake pass in two seconds.
SPEED = 300.0


@dataclass
class Rehearsal:
    """The sandbox's use case, released and asked."""

    account: Connection
    seen: Counter[str] = field(default_factory=Counter)

    @cached_property
    def runtime(self) -> Any:
        """One client for all requests: the canary lasts seconds, and making a client takes a share of that."""
        return self.account.client("sagemaker-runtime")

    @cached_property
    def ledger(self) -> Ledger:
        return Ledger(self.account.client("s3"), self.parameter(NAMES.evidence_bucket()), "hdb-resale")

    def parameter(self, name: str) -> str:
        return str(self.account.client("ssm").get_parameter(Name=name)["Parameter"]["Value"])

    def register(self, version: str, **told: Any) -> int:
        """Register a fake model as a data scientist does by hand; return its number."""
        arn = f"arn:aws:iam::{self.account.account}:role/{NAMES.persona_role('data-scientist')}"
        sagemaker = acting_as(self.account, arn, "tan")("sagemaker")
        bucket, key = self.parameter(NAMES.zone_bucket("artifacts")), f"hdb-resale/by-hand/{version}.tar.gz"
        self.account.client("s3").put_object(Bucket=bucket, Key=key, Body=archive(version, **told))
        pipeline = self.account.client("sagemaker").describe_pipeline(PipelineName=NAMES.pipeline(USE_CASE))
        repository, tag = sorted(named_images(pipeline["PipelineDefinition"], self.account.account))[0]
        registry = f"{self.account.account}.dkr.ecr.{self.account.region}.amazonaws.com"
        container = {"Image": f"{registry}/{repository}:{tag}", "ModelDataUrl": f"s3://{bucket}/{key}"}
        package = sagemaker.create_model_package(
            ModelPackageGroupName=GROUP,
            ModelApprovalStatus="PendingManualApproval",
            InferenceSpecification={
                "Containers": [container],
                "SupportedContentTypes": ["application/json"],
                "SupportedResponseMIMETypes": ["application/json"],
            },
        )
        return int(package["ModelPackageArn"].rpartition("/")[2])

    def approve(self, number: int) -> None:
        given = ["release", "approve", USE_CASE, str(number), "--local", "--as", "approver/lim"]
        done = CliRunner().invoke(govml, given)
        assert done.exit_code == 0, (done.output, done.exception)

    def ask(self) -> str:
        """One signed request: the version that answered, or the error's name."""
        try:
            told = self.runtime.invoke_endpoint(
                EndpointName=NAMES.endpoint(USE_CASE), Body=b"{}", ContentType="application/json"
            )
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return str(json.loads(told["Body"].read())["version"])

    def last(self) -> tuple[str, int]:
        """The ledger's last entry: action and version."""
        entries = self.ledger.entries()
        return (entries[-1].action, entries[-1].version) if entries else ("", 0)

    def until(self, reached: Callable[[], bool]) -> None:
        """Ask again and again until something is so; it takes seconds, and looking costs more than asking."""
        self.seen = Counter()
        deadline = time.monotonic() + 300
        while not reached():
            assert time.monotonic() < deadline, (self.seen, self.last())
            for _ in range(10):
                self.seen[self.ask()] += 1
                time.sleep(0.03)


@pytest.fixture(scope="module")
def rehearsal(local_account: Connection, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    folder = tmp_path_factory.mktemp("front")
    with fronted(local_account, FakeProgram(), folder, speed=SPEED, tell=lambda _: None) as front:
        threading.Thread(target=front.reconciler.run, daemon=True).start()
        yield Rehearsal(local_account)


def test_approved_versions_take_over_by_canary_and_a_bad_one_is_taken_back(rehearsal: Rehearsal) -> None:
    first, second = rehearsal.register("good-1"), rehearsal.register("good-2")
    bad = rehearsal.register("bad", status=500)

    rehearsal.approve(first)
    rehearsal.until(lambda: rehearsal.last() == ("deployed", first))
    assert rehearsal.ask() == "good-1"

    rehearsal.approve(second)
    rehearsal.until(lambda: rehearsal.last() == ("deployed", second))
    assert set(rehearsal.seen) == {"good-1", "good-2"}  # no request was lost, and both answered in the canary
    assert rehearsal.ask() == "good-2"

    rehearsal.approve(bad)
    rehearsal.until(lambda: rehearsal.last() == ("rolled-back", bad))
    assert set(rehearsal.seen) == {"good-2", "ModelError"}
    assert {rehearsal.ask() for _ in range(20)} == {"good-2"}
    stack = rehearsal.account.client("cloudformation").describe_stacks(StackName=NAMES.serving_stack(USE_CASE))
    outputs = {item["OutputKey"]: item["OutputValue"] for item in stack["Stacks"][0]["Outputs"]}
    assert outputs["LiveVersion"] == str(second)
