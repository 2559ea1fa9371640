"""Deployment on approval, as people and CloudFormation drive it, in order."""

from __future__ import annotations

import hashlib

import pytest
from release_account import ARTIFACTS, EVIDENCE, SLUG
from releasing import Release, with_live_version

from govml.release.entry import Evidence
from govml.release.ledger import Ledger
from govml.release.verdict import verdict


class TestDeploy:
    def test_an_approved_version_is_deployed_and_told(self) -> None:
        release = with_live_version()
        assert release.told() == [("approved", 1), ("deploying", 1), ("deployed", 1)]
        parameters = release.account.parameters
        digest = parameters["LiveModelDigest"]
        assert parameters["LiveModelData"] == f"s3://artifacts/hdb-resale/released/{digest}/model.tar.gz"
        assert release.account.objects[ARTIFACTS, f"{SLUG}/released/{digest}/model.tar.gz"] == [b"model 1"]
        assert parameters["LiveImage"].endswith("/mini-dev@sha256:" + "ab" * 32)
        assert parameters["ChallengerVersion"] == ""

    @pytest.mark.parametrize("there", [True, False])
    def test_the_drift_engine_s_baseline_stands_beside_what_is_served(self, there: bool) -> None:
        release = Release()
        release.account.register(1)
        source = f"{SLUG}/runs/1/predictions/baseline.json"
        release.account.packages[1]["CustomerMetadataProperties"] = {"DriftBaseline": f"s3://{ARTIFACTS}/{source}"}
        if there:
            release.account.objects[ARTIFACTS, source] = [b"usual months"]
        release.account.approve(1)
        release.deliver()
        assert release.account.live == "1"
        place = f"{SLUG}/released/{release.account.parameters['LiveModelDigest']}/baseline.json"
        assert release.account.objects.get((ARTIFACTS, place)) == ([b"usual months"] if there else None)

    def test_the_ledger_tells_who_what_when_and_on_which_evidence(self) -> None:
        approved, deploying, deployed = with_live_version().ledger()
        assert (approved.who, approved.environment) == ("lim (mini-dev.approver)", "dev")
        assert approved.evidence[0].uri == "cloudtrail:approval/2026-11-28T09:00:10Z/event-1"
        assert approved.model_digest == deploying.model_digest == deployed.model_digest
        assert approved.image == deployed.image
        assert approved.evidence[1].uri == "trainer:tan"

    def test_the_highest_approved_version_wins(self) -> None:
        release = with_live_version()
        release.account.approve(3)
        release.account.approve(2)
        release.deliver()
        assert release.account.live == "3"
        assert len(release.account.updates) == 2

    def test_nothing_happens_without_a_serving_stack(self) -> None:
        release = Release()
        release.account.register(1)
        release.account.approve(1)
        release.account.status = "absent"
        release.deliver()
        assert release.told() == [("approved", 1)]

    def test_an_update_of_somebody_else_is_waited_for(self) -> None:
        release = with_live_version()
        release.account.status = "UPDATE_IN_PROGRESS"
        release.account.approve(2)
        for event in release.taken():
            assert release.handle(event).why == "the stack is UPDATE_IN_PROGRESS"
        release.account.status = "UPDATE_COMPLETE"
        release.deliver()
        assert release.account.live == "2"

    def test_other_parameters_are_kept(self) -> None:
        release = with_live_version()
        release.account.parameters["ChallengerWeight"] = "10"
        release.account.approve(2)
        release.deliver()
        assert (release.account.live, release.account.parameters["ChallengerWeight"]) == ("2", "10")

    def test_a_change_by_hand_is_put_right(self) -> None:
        release = with_live_version()
        release.account.parameters["LiveModelDigest"] = "0" * 64
        release.handle()
        release.come_to_rest()
        assert release.account.parameters["LiveModelDigest"] != "0" * 64
        assert release.told()[-2:] == [("deploying", 1), ("deployed", 1)]


class TestFailure:
    def test_alarms_in_the_canary_roll_back_and_the_version_waits_for_a_new_approval(self) -> None:
        release = with_live_version()
        release.account.approve(2)
        for event in release.taken():
            release.handle(event)
        release.account.pass_time()
        release.account.settle(alarm=True)
        release.deliver()
        assert release.account.live == "1"
        assert release.told()[-1] == ("rolled-back", 2)
        assert release.ledger()[-1].why == "CloudFormation rolled it back: an alarm went off"
        assert release.account.packages[2]["ModelApprovalStatus"] == "PendingManualApproval"
        assert any("version 2: rolled-back" in alert for alert in release.alerts)
        updates = len(release.account.updates)
        release.account.pass_time(7200)
        release.come_to_rest()
        assert len(release.account.updates) == updates
        release.account.approve(2)
        release.deliver()
        assert release.account.live == "2"

    def test_an_archive_that_changed_since_its_approval_is_not_deployed(self) -> None:
        release = with_live_version()
        release.account.status = "UPDATE_IN_PROGRESS"  # the approval is told, but nothing can be deployed yet
        release.account.approve(2)
        for event in release.taken():
            release.handle(event)
        release.account.objects[ARTIFACTS, f"{SLUG}/runs/2/model.tar.gz"].append(b"other bytes")
        release.account.status = "UPDATE_COMPLETE"
        release.come_to_rest()
        assert release.account.live == "1"
        assert release.told()[-1] == ("failed", 2)
        assert "not what was approved" in release.ledger()[-1].why

    def test_a_released_archive_that_was_planted_is_not_served(self) -> None:
        release = with_live_version()
        digest = hashlib.sha256(b"model 2").hexdigest()
        release.account.objects[ARTIFACTS, f"{SLUG}/released/{digest}/model.tar.gz"] = [b"planted"]
        release.account.approve(2)
        release.deliver()
        assert (release.account.live, release.told()[-1]) == ("1", ("failed", 2))

    @pytest.mark.parametrize("missing", ["image", "archive"])
    def test_what_does_not_exist_is_not_approved(self, missing: str) -> None:
        release = with_live_version()
        if missing == "image":
            release.account.images.clear()
        else:
            del release.account.objects[ARTIFACTS, f"{SLUG}/runs/2/model.tar.gz"]
        release.account.approve(2)
        release.deliver()
        assert (release.account.live, release.told()[-1]) == ("1", ("refused", 2))
        assert "does not exist" in release.ledger()[-1].why

    def test_a_stack_that_cannot_be_updated_is_told_to_people(self) -> None:
        release = with_live_version()
        release.account.approve(2)
        for event in release.taken():
            release.handle(event)
        release.account.status = "UPDATE_ROLLBACK_FAILED"
        rest = release.handle()
        assert rest.trouble
        assert release.told()[-1] == ("failed", 2)


class TestStepsBack:
    def test_a_rejected_live_version_gives_way_to_the_one_before(self) -> None:
        release = with_live_version()
        release.account.approve(2)
        release.deliver()
        release.account.pass_time()
        release.account.reject(2)
        release.deliver()
        assert release.account.live == "1"
        assert release.told()[-3:] == [("rolled-back", 2), ("deploying", 1), ("deployed", 1)]
        assert release.ledger()[-3].who == "lim (mini-dev.approver)"
        assert release.ledger()[-1].why == "back from version 2"

    def test_a_version_rejected_during_its_canary_is_stopped(self) -> None:
        release = with_live_version()
        release.account.approve(2)
        for event in release.taken():
            release.handle(event)
        release.account.pass_time()
        release.account.reject(2)
        for event in release.taken():
            release.handle(event)
        assert release.account.status == "UPDATE_ROLLBACK_IN_PROGRESS"
        release.account.pass_time()
        release.deliver()
        assert release.account.live == "1"
        assert release.told()[-2:] == [("rolled-back", 2), ("rolled-back", 2)]

    def test_the_only_version_stays_when_it_is_rejected_and_people_are_told(self) -> None:
        release = with_live_version()
        release.account.reject(1)
        for event in release.taken():
            rest = release.handle(event)
        assert rest.trouble
        assert "approve one, or retire" in rest.why
        assert release.account.live == "1"

    def test_frozen_means_that_nothing_new_is_deployed(self) -> None:
        release = with_live_version()
        release.account.mark("frozen")
        release.account.approve(2)
        release.deliver()
        assert release.account.live == "1"
        release.account.pass_time()
        release.account.mark("open")
        release.deliver()
        assert release.account.live == "2"
        orders = [(each.action, each.who) for each in release.ledger() if not each.version]
        assert orders == [("frozen", "goh (mini-dev.ml-engineer)"), ("unfrozen", "goh (mini-dev.ml-engineer)")]

    def test_the_mark_alone_freezes_before_cloudtrail_tells_of_it(self) -> None:
        release = with_live_version()
        release.account.mark("frozen")
        release.account.events.clear()
        release.account.approve(2)
        release.deliver()
        assert release.account.live == "1"

    @pytest.mark.parametrize("order", ["open", "retired"])
    def test_the_mark_of_a_wrong_person_neither_opens_nor_ends(self, order: str) -> None:
        release = with_live_version()
        release.account.mark("frozen")
        release.deliver()
        release.account.approve(2)
        release.account.pass_time()
        release.account.mark(order, "tan", "mini-dev.data-scientist")
        release.deliver()
        assert release.account.live == "1"
        assert ("refused", 0) in release.told()
        assert any("may not order" in each.why for each in release.ledger())

    def test_a_step_back_is_taken_while_frozen(self) -> None:
        release = with_live_version()
        release.account.approve(2)
        release.deliver()
        release.account.mark("frozen")
        release.account.pass_time()
        release.account.approve(3)
        release.account.reject(2)
        release.deliver()
        assert release.account.live == "1"

    def test_retired_ends_the_service_until_a_version_is_approved_anew(self) -> None:
        release = with_live_version()
        release.account.pass_time()
        release.account.mark("retired")
        release.deliver()
        assert release.account.parameters["LiveModelData"] == ""
        assert release.told()[-2:] == [("deploying", 0), ("deployed", 0)]
        assert release.account.packages[1]["ModelApprovalStatus"] == "PendingManualApproval"
        release.account.pass_time()
        release.account.approve(2)
        release.deliver()
        assert release.account.live == "2"


class TestConditions:
    def test_consumers_sign_off_before_anything_is_deployed(self) -> None:
        release = with_live_version(consumers=("housing-app", "valuation"))
        release.account.approve(2)
        release.account.sign_off(2, "housing-app")
        release.deliver()
        assert release.account.live == "1"
        release.account.pass_time()
        release.account.sign_off(2, "valuation")
        release.deliver()
        assert release.account.live == "2"
        assert ("signed-off", 2) in release.told()

    def test_nobody_signs_off_for_another(self) -> None:
        release = with_live_version(consumers=("housing-app",))
        release.account.approve(2)
        release.account.update("ong", "other-app", 2, CustomerMetadataProperties={"signed-off.housing-app": "yes"})
        release.deliver()
        assert release.account.live == "1"

    def test_a_promoted_version_must_have_been_received_with_the_same_digest(self) -> None:
        release = Release(promoted=True)
        release.account.register(1)
        release.account.approve(1)
        release.deliver()
        assert release.account.live == ""
        digest = release.ledger()[0].model_digest
        for received in ("0" * 64, digest):
            s3 = release.account.client("s3")
            book = Ledger(s3, EVIDENCE, SLUG, now=release.account.now)
            book.append("received", environment="uat", version=1, model_digest=received)
            release.come_to_rest()
            assert release.account.live == ("1" if received == digest else "")

    def test_a_challenger_stands_beside_the_live_version_until_it_was_tested(self) -> None:
        release = with_live_version(challenger=True)
        release.account.approve(2)
        release.deliver()
        parameters = release.account.parameters
        assert (parameters["LiveVersion"], parameters["ChallengerVersion"]) == ("1", "2")
        book = Ledger(release.account.client("s3"), EVIDENCE, SLUG, now=release.account.now)
        for outcome in (False, True):
            digest = parameters["ChallengerModelDigest"]
            book.append("tested", environment="dev", version=2, model_digest=digest, evidence=[verdict(outcome)])
            release.come_to_rest()
            assert release.account.live == ("2" if outcome else "1")
        assert release.account.parameters["ChallengerVersion"] == ""

    def test_who_trained_a_promoted_version_does_not_approve_it(self) -> None:
        release = Release(promoted=True)
        release.account.register(1, trainer="promoter", run=False)
        book = Ledger(release.account.client("s3"), EVIDENCE, SLUG, now=release.account.now)
        book.append("received", environment="uat", version=1, evidence=[Evidence("trainer:lim")])
        release.account.approve(1)
        release.deliver()
        assert release.ledger()[-1].why == "lim (mini-dev.approver) trained this version"
