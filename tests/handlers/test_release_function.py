"""The release function as Lambda loads it: one archive, what the runtime brings, and messages handed back one by one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from release_account import TICK, cloudtrail, refused, state_change
from releasing import Release

from govml.release import handler
from govml.release.revisit import seconds_until
from govml.release.steps import Rest
from govml_constructs.ml.code_archive import archive_bytes
from govml_constructs.release.release_trigger import PATIENCE

REPOSITORY = Path(__file__).resolve().parents[2]
USE_CASES = {"*": {"approvers": ["mini-dev.approver"]}, "hdb-resale": {}, "rainfall": {"consumers": ["FloodApp"]}}
ENVIRONMENT = {
    "ACCOUNT": "123456789012",
    "ALERTS": "arn:aws:sns:ap-southeast-1:123456789012:alerts",
    "ARTIFACTS": "artifacts",
    "ENVIRONMENT": "dev",
    "EVIDENCE": "evidence",
    "PREFIX": "mini-dev",
    "QUEUE": "https://sqs/release",
    "USE_CASES": json.dumps(USE_CASES),
}


class Engines:
    """Stands for the engine: notes what it was asked to release, and fails where a test says so."""

    def __init__(self) -> None:
        self.asked: dict[str, int] = {}
        self.failing: dict[str, Exception] = {}
        self.rest = Rest("nothing is due")

    def __call__(self, _account: Any, _ledger: Any, case: Any, *, alert: Any) -> Any:
        self.slug, self.rules = case.slug, case.rules
        return self

    def reconcile(self, claims: Any) -> Rest:
        self.asked[self.slug] = len(list(claims))
        if self.slug in self.failing:
            raise self.failing[self.slug]
        return self.rest

    def give_cards(self) -> None:
        """No version waits here."""

    def keep_bundles(self) -> None:
        """Nothing is kept here."""

    def keep_live_rows(self) -> None:
        """Nothing here either."""


class Queue:
    """Stands for SQS: receipt handle -> for how many seconds the message is hidden."""

    def __init__(self) -> None:
        self.hidden: dict[str, int] = {}
        self.broken: set[str] = set()

    def change_message_visibility(self, **given: Any) -> None:
        assert given["QueueUrl"] == ENVIRONMENT["QUEUE"]
        if given["ReceiptHandle"] in self.broken:
            raise refused("ThrottlingException")
        self.hidden[given["ReceiptHandle"]] = given["VisibilityTimeout"]


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Queue:
    made = Queue()
    monkeypatch.setattr(handler, "_client", {"sqs": made, "s3": None}.__getitem__)
    return made


@pytest.fixture
def engines(monkeypatch: pytest.MonkeyPatch) -> Engines:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    made = Engines()
    monkeypatch.setattr(handler, "Engine", made)
    return made


def batch(*events: dict[str, Any]) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": f"m{place}",
                "receiptHandle": f"r{place}",
                "attributes": {"ApproximateReceiveCount": str(place + 1)},
                "body": json.dumps(event),
            }
            for place, event in enumerate(events)
        ]
    }


def approval(version: int) -> dict[str, Any]:
    clock = Release().account.clock
    return cloudtrail(
        "lim", "mini-dev.approver", version, at=clock, event=f"e{version}", ModelApprovalStatus="Approved"
    )


def test_events_of_a_use_case_are_handled_together_with_their_claims(engines: Engines) -> None:
    answer = handler.handle(batch(approval(1), approval(2), state_change(1, "Approved")), None)
    assert engines.asked == {"hdb-resale": 2}
    assert answer == {"batchItemFailures": []}


def test_the_clock_looks_at_every_use_case_with_its_own_rules(engines: Engines) -> None:
    handler.handle(batch(TICK), None)
    assert engines.asked == {"hdb-resale": 0, "rainfall": 0}
    assert (engines.rules.approvers, engines.rules.consumers) == (("mini-dev.approver",), ("FloodApp",))


def test_what_is_about_nothing_of_ours_is_done_with(engines: Engines) -> None:
    other = {"detail-type": "SageMaker Model Package State Change", "detail": {"ModelPackageGroupName": "others"}}
    assert handler.handle(batch(other, {}), None) == {"batchItemFailures": []}
    assert engines.asked == {}


@pytest.mark.parametrize("error", [refused("ThrottlingException"), KeyError("a defect")])
def test_messages_of_a_use_case_that_failed_come_again_and_the_others_are_done(
    engines: Engines, queue: Queue, error: Exception
) -> None:
    engines.failing["hdb-resale"] = error
    answer = handler.handle(batch(approval(1), TICK, {}), None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m0"}, {"itemIdentifier": "m1"}]}
    assert engines.asked == {"hdb-resale": 1, "rainfall": 0}
    assert queue.hidden == {"r0": 15, "r1": 30}


def test_a_message_that_cannot_be_shown_early_is_handed_back_all_the_same(engines: Engines, queue: Queue) -> None:
    engines.failing["hdb-resale"], queue.broken = KeyError("a defect"), {"r0"}
    answer = handler.handle(batch(approval(1), approval(2)), None)
    assert answer == {"batchItemFailures": [{"itemIdentifier": "m0"}, {"itemIdentifier": "m1"}]}
    assert queue.hidden == {"r1": 30}


def test_one_failed_look_holds_nothing_up_and_all_of_them_take_eight_hours() -> None:
    waits = [seconds_until(receives) for receives in range(1, PATIENCE.most_receives + 1)]
    assert waits[0] < 60
    assert waits == sorted(waits)
    assert 8 * 3600 <= sum(waits) < 9 * 3600


def test_trouble_is_told_when_somebody_acted_and_not_by_the_clock(
    engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(handler, "_alert", told.append)
    engines.rest = Rest("nothing to fall back to", trouble=True)
    handler.handle(batch(TICK), None)
    assert told == []
    handler.handle(batch(approval(1)), None)
    assert told == ["mini-dev-hdb-resale: nothing to fall back to"]


def test_the_archive_runs_by_itself_on_what_lambda_brings(tmp_path: Path) -> None:
    """An isolated interpreter that sees the archive and boto3 alone: nothing else of ours, and no library beside it."""
    from stacks.serving.release import CODE

    archive = tmp_path / "function.zip"
    archive.write_bytes(archive_bytes({REPOSITORY / part: part for part in CODE}))
    libraries = Path(json.__file__).parents[1], Path(sys.modules["boto3"].__file__ or "").parents[1]
    program = (
        "import sys; sys.path[:0] = sys.argv[1:]; from govml.release.handler import handle; "
        "ours = [name for name in sys.modules if name.partition('.')[0] in ('pydantic', 'click', 'aws_cdk', 'rich')]; "
        "print(handle.__module__, ours, [name for name in sys.modules if name.startswith('govml.settings')])"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, str(archive), *map(str, libraries)],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "govml.release.handler [] []\n", done.stderr
