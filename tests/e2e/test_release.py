"""A release from end to end in the local account: the deployed rules, queue and function do the work, people only decide."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from runbook_pages import following

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

    def let_the_clocks_tell_it_from_what_follows(self) -> None:
        """Wait until a change of the registry is later than the ledger's last entry by more than CloudTrail's seconds.

        Of two people who decide sooner after each other, the second has to do it again: the registry shows what has been
        refused, so it is set back.
        """
        last = Ledger(self.account.client("s3"), self.evidence, "hdb-resale").entries()[-1]
        clear = datetime.fromisoformat(last.at) + timedelta(seconds=2)
        _eventually(lambda: datetime.now(UTC), lambda now: now > clear)

    def look_at_the_endpoint(self, version: int) -> None:
        """Take the first look of two runbooks at the endpoint that serves a version."""
        place = {"endpoint": NAMES.endpoint(USE_CASE), "use_case": USE_CASE, "use-case": "hdb-resale"}
        with following(self.account, "endpoint", **place) as page:
            page.run("aws logs tail")
            assert page.run("aws sagemaker describe-endpoint")["EndpointName"] == NAMES.endpoint(USE_CASE)
            page.run("govml release status", who="auditor/rao")
            page.run("govml release ledger", who="auditor/rao")
            page.seen("govml release", "tests/e2e/test_release.py")
            page.seen("govml cost advise", "tests/cost/test_advice.py")
            page.seen("govml local serve", "tests/e2e/test_release_rehearsal.py")
        with following(self.account, "canary", **place, artifacts=self.artifacts) as page:
            page.run("govml release status", who="auditor/rao")
            page.run("aws sagemaker describe-endpoint")
            s3, key = self.account.client("s3"), "hdb-resale/released/live.json"
            _eventually(lambda: "Contents" in s3.list_objects_v2(Bucket=self.artifacts, Prefix=key), bool)
            assert json.loads(page.run("aws s3 cp"))["version"] == version
            page.seen("govml release", "tests/e2e/test_release.py")

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


def test_a_version_goes_from_approval_to_traffic_and_back_by_the_runbooks(release: Release) -> None:
    first, second = release.register(b"first"), release.register(b"second")
    group = f"arn:aws:sagemaker:{release.account.region}:{release.account.account}:model-package-group/{GROUP}"
    group_arn = {"group_arn": group}

    release.run("approve", str(first), who="approver/tan")
    release.told(("refused", first))
    assert _eventually(lambda: release.status_of(first), "PendingManualApproval".__eq__) == "PendingManualApproval"
    with following(release.account, "approval-refused") as page:
        assert "refused" in page.run("govml release ledger", who="auditor/rao")
        page.run("govml release status", who="auditor/rao")

    release.let_the_clocks_tell_it_from_what_follows()
    release.run("approve", str(first), who="approver/lim")
    release.told(("approved", first), ("deploying", first), ("deployed", first))
    assert release.live == str(first)
    release.look_at_the_endpoint(first)

    with following(release.account, "freeze", **group_arn) as page:
        page.run("govml release freeze", who="ml-engineer/goh")
        release.told(("frozen", 0))
        assert "frozen" in page.run("govml release status", who="auditor/rao")
        page.run("aws sagemaker add-tags")
        release.run("approve", str(second), who="approver/lim")
        release.told(("approved", second))
        assert release.live == str(first)
        page.run("govml release unfreeze", who="ml-engineer/goh")
    release.told(("unfrozen", 0), ("deploying", second), ("deployed", second))
    assert release.live == str(second)

    with following(release.account, "rollback") as page:
        page.run("govml release rollback", who="approver/lim")
        release.told(("rolled-back", second), ("deploying", first), ("deployed", first))
        assert release.live == str(first)
        status = page.run("govml release status", who="auditor/rao")
        assert f"live      version {first}," in status
        page.run("govml release ledger", who="auditor/rao")
    assert "verified: " in release.run("ledger", "--verify", who="auditor/rao")

    end = datetime.now(UTC)
    with following(
        release.account, "retire", endpoint=NAMES.endpoint(USE_CASE), start=str(end.date()), end=end.isoformat()
    ) as page:
        page.run("aws cloudwatch get-metric-statistics")
        page.run("govml release retire", more="--yes", who="ml-engineer/goh")
        release.told(("retired", 0), ("deploying", 0), ("deployed", 0))
        assert release.live == ""
        page.run("govml release status", who="auditor/rao")


def test_an_event_that_was_laid_aside_is_found_and_cleared_by_the_runbook(release: Release) -> None:
    place = {"agency": "sandbox", "environment": "dev", "use_case": USE_CASE, "use-case": "hdb-resale"}
    with following(release.account, "release", **place) as page:
        (url,) = page.run("aws sqs list-queues")["QueueUrls"]
        release.account.client("sqs").send_message(QueueUrl=url, MessageBody="{}")
        assert page.run("aws sqs receive-message", url=url)["Messages"]
        assert page.run("aws cloudformation describe-stack-events")["StackEvents"]
        page.run("govml release status", who="auditor/rao")
        page.run("govml release ledger", who="auditor/rao")
        page.seen("govml release freeze", "tests/e2e/test_release.py")
        page.run("aws sqs purge-queue", url=url)
    left = release.account.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert left["ApproximateNumberOfMessages"] == left["ApproximateNumberOfMessagesNotVisible"] == "0"


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
