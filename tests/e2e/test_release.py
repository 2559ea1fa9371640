"""A release from end to end in the local account: the deployed rules, queue and function do the work, people only decide."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner

from govml.cli.main import govml
from govml.local import Connection
from govml.local.people import acting_as
from govml.release.ledger import Ledger
from govml.settings.names import Names

pytestmark = pytest.mark.local_account

USE_CASE = "hdb_resale"
NAMES = Names("sandbox", "dev")
GROUP = NAMES.model_package_group(USE_CASE)


class Release:
    """The release of the sandbox's use case, as people drive it and look at it."""

    def __init__(self, account: Connection) -> None:
        self.account = account
        ssm = account.client("ssm")
        self.artifacts, self.evidence = (
            ssm.get_parameter(Name=name)["Parameter"]["Value"]
            for name in (NAMES.zone_bucket("artifacts"), NAMES.evidence_bucket())
        )

    def register(self, content: bytes) -> int:
        """Register a version as a data scientist does by hand; return its number."""
        sagemaker, key = self.client("sagemaker", "data-scientist", "tan"), f"hdb-resale/by-hand/{content.hex()}.tar.gz"
        self.account.client("s3").put_object(Bucket=self.artifacts, Key=key, Body=content)
        pipeline = self.account.client("sagemaker").describe_pipeline(PipelineName=NAMES.pipeline(USE_CASE))
        image = pipeline["PipelineDefinition"].partition(f"{self.account.account}.dkr.ecr")[2].partition('"')[0]
        package = sagemaker.create_model_package(
            ModelPackageGroupName=GROUP,
            ModelApprovalStatus="PendingManualApproval",
            InferenceSpecification={
                "Containers": [
                    {
                        "Image": f"{self.account.account}.dkr.ecr{image}",
                        "ModelDataUrl": f"s3://{self.artifacts}/{key}",
                    }
                ],
                "SupportedContentTypes": ["application/json"],
                "SupportedResponseMIMETypes": ["application/json"],
            },
        )
        return int(package["ModelPackageArn"].rpartition("/")[2])

    def client(self, service: str, role: str, person: str) -> Any:
        arn = f"arn:aws:iam::{self.account.account}:role/{NAMES.persona_role(role)}"
        return acting_as(self.account, arn, person)(service)

    def run(self, command: str, *arguments: str, who: str) -> str:
        """Run `govml release COMMAND` in the local account as somebody."""
        done = CliRunner().invoke(govml, ["release", command, USE_CASE, *arguments, "--local", "--as", who])
        assert done.exit_code == 0, (done.output, done.exception)
        return done.output

    def told(self, *wanted: tuple[str, int]) -> None:
        """Wait until the ledger's last entries are these."""
        ledger = Ledger(self.account.client("s3"), self.evidence, "hdb-resale")
        found = _eventually(
            lambda: [(each.action, each.version) for each in ledger.entries()][-len(wanted) :],
            lambda last: last == list(wanted),
        )
        assert found == list(wanted)

    @property
    def live(self) -> str:
        stacks = self.account.client("cloudformation").describe_stacks(StackName=NAMES.serving_stack(USE_CASE))
        return {each["ParameterKey"]: each.get("ParameterValue", "") for each in stacks["Stacks"][0]["Parameters"]}[
            "LiveVersion"
        ]

    def status_of(self, version: int) -> str:
        arn = f"arn:aws:sagemaker:{self.account.region}:{self.account.account}:model-package/{GROUP}/{version}"
        found = self.account.client("sagemaker").describe_model_package(ModelPackageName=arn)
        return str(found["ModelApprovalStatus"])


def _eventually(look: Callable[[], Any], wanted: Callable[[Any], bool]) -> Any:
    """Look again and again, two minutes at most, until what is found is wanted; return what was found last."""
    end = time.monotonic() + 120
    while not wanted(found := look()) and time.monotonic() < end:
        time.sleep(0.2)
    return found


@pytest.fixture(scope="module")
def release(local_account: Connection) -> Release:
    return Release(local_account)


def test_a_version_goes_from_approval_to_traffic_and_back(release: Release) -> None:
    first, second = release.register(b"first"), release.register(b"second")

    release.run("approve", str(first), who="approver/tan")
    release.told(("refused", first))
    assert _eventually(lambda: release.status_of(first), "PendingManualApproval".__eq__) == "PendingManualApproval"

    release.run("approve", str(first), who="approver/lim")
    release.told(("approved", first), ("deploying", first), ("deployed", first))
    assert release.live == str(first)

    release.run("freeze", who="ml-engineer/goh")
    release.told(("frozen", 0))
    release.run("approve", str(second), who="approver/lim")
    release.told(("approved", second))
    assert release.live == str(first)

    release.run("unfreeze", who="ml-engineer/goh")
    release.told(("unfrozen", 0), ("deploying", second), ("deployed", second))
    assert release.live == str(second)

    release.run("rollback", "--why", "complaints", who="approver/lim")
    release.told(("rolled-back", second), ("deploying", first), ("deployed", first))
    assert release.live == str(first)

    status = release.run("status", who="auditor/rao")
    assert f"live      version {first}," in status
    assert "verified: " in release.run("ledger", "--verify", who="auditor/rao")

    release.run("retire", "--yes", who="ml-engineer/goh")
    release.told(("retired", 0), ("deploying", 0), ("deployed", 0))
    assert release.live == ""


def test_what_cannot_be_done_is_told_without_a_traceback(release: Release) -> None:
    for arguments, message in (
        (["rollback", USE_CASE, "--local"], "serves no version of the registry"),
        (["approve", USE_CASE, "999", "--local"], "has no version 999"),
        (["sign-off", USE_CASE, "1", "--local", "--as", "approver/lim"], "signs no version of hdb-resale off"),
        (["status", "hdb_resal", "--local"], "releases no use case hdb_resal"),
        (["approve", USE_CASE, "1", "--as", "approver/lim"], "--as is for the local account"),
        (["approve", USE_CASE, "1", "--local", "--as", "approver"], "write ROLE/PERSON"),
        (["approve", USE_CASE, "1", "--local", "--as", "nobody/lim"], "nobody can be"),
    ):
        done = CliRunner().invoke(govml, ["release", *arguments])
        assert message in str(done.exception), (arguments, done.output)
