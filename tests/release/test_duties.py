"""Who may approve: the person is taken from AWS's own record of the call, and neither trains nor deploys."""

from __future__ import annotations

from typing import Any

import pytest
from release_account import ACCOUNT, cloudtrail
from releasing import Release, with_live_version

from govml.release.events import read_event
from govml.release.identity import from_cloudtrail, from_user_context, person

APPROVER = "mini-dev.approver"


def refusal(release: Release) -> str:
    entries = release.ledger()
    assert (entries[-1].action, entries[-1].version) == ("refused", 2)
    assert release.account.live == "1"
    assert release.account.packages[2]["ModelApprovalStatus"] == "PendingManualApproval"
    assert any("version 2: refused" in alert for alert in release.alerts)
    return entries[-1].why


class TestRefused:
    @pytest.mark.parametrize(
        ("who", "role", "why"),
        [
            ("tan", APPROVER, r"tan \(mini-dev.approver\) trained this version"),
            ("Tan", APPROVER, "trained this version"),
            ("goh", APPROVER, "deploys"),
            ("lim", "mini-dev.ml-engineer", "holds none of the roles that approve: mini-dev.approver"),
            ("botocore-session-1764321000", APPROVER, "does not name a person"),
        ],
    )
    def test_the_wrong_person_is_refused(self, who: str, role: str, why: str) -> None:
        release = with_live_version()
        release.account.approve(2, who, role)
        release.deliver()
        import re

        assert re.search(why, refusal(release))

    def test_who_registered_a_model_by_hand_counts_as_its_trainer(self) -> None:
        release = with_live_version()
        release.account.register(2, trainer="koh", run=False)
        release.account.approve(2, "koh")
        release.deliver()
        assert "trained this version" in refusal(release)

    @pytest.mark.parametrize("run", ["gone", "nobody"])
    def test_where_the_run_tells_nobody_who_registered_counts(self, run: str) -> None:
        release = with_live_version()
        release.account.register(2, trainer=run)
        release.account.approve(2, "SageMaker")
        release.deliver()
        assert "trained this version" in refusal(release)

    def test_a_version_of_unknown_origin_is_refused(self) -> None:
        release = with_live_version()
        release.account.packages[2].update(CreatedBy={}, MetadataProperties={})
        release.account.approve(2)
        release.deliver()
        assert refusal(release) == "nobody knows who trained this version"

    def test_an_approval_of_which_cloudtrail_tells_nothing_is_refused_after_an_hour(self) -> None:
        release = with_live_version()
        release.account.approve(2)
        (_, state_change) = release.taken()
        release.deliver([state_change])
        assert release.told()[-1] == ("deployed", 1)
        release.account.pass_time(3700)
        release.come_to_rest()
        assert "CloudTrail did not tell" in refusal(release)

    def test_a_role_of_the_same_name_in_another_account_does_not_approve(self) -> None:
        release = with_live_version()
        release.account.approve(2)
        events = release.taken()
        user = events[0]["detail"]["userIdentity"]
        user["arn"] = user["arn"].replace(ACCOUNT, "999999999999")
        release.deliver(events)
        assert "holds none of the roles" in refusal(release)

    def test_a_refused_call_is_no_approval(self) -> None:
        event = cloudtrail("lim", APPROVER, 2, at=Release().account.clock, event="e", ModelApprovalStatus="Approved")
        event["detail"]["errorCode"] = "AccessDenied"
        assert read_event(event) is None


class TestIdentity:
    def test_a_source_identity_is_the_person(self) -> None:
        user = {
            "type": "AssumedRole",
            "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/R/console",
            "sessionContext": {"sourceIdentity": "Lim@agency.gov.sg", "sessionIssuer": {"userName": "R"}},
        }
        assert from_cloudtrail(user).is_same_person(person("lim@agency.gov.sg"))

    @pytest.mark.parametrize(
        "user",
        [
            {},
            {"type": "Root", "arn": f"arn:aws:iam::{ACCOUNT}:root"},
            {"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:user/lim", "userName": "lim"},
            {"type": "AWSService", "invokedBy": "sagemaker.amazonaws.com"},
            {"type": "AssumedRole", "arn": f"arn:aws:sts::{ACCOUNT}:federated-user/lim"},
            {
                "type": "AssumedRole",
                "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/R/lim",
                "sessionContext": {"sessionIssuer": {"userName": "Another"}},
            },
        ],
    )
    def test_other_callers_hold_no_role(self, user: dict[str, Any]) -> None:
        assert from_cloudtrail(user).role == ""

    def test_a_studio_user_is_known_by_the_profile(self) -> None:
        context = {
            "UserProfileName": "tan",
            "IamIdentity": {"Arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/Studio/SageMaker"},
        }
        assert from_user_context(context).is_same_person(person("Tan"))


class TestEvents:
    @pytest.mark.parametrize(
        "event",
        [
            {},
            {"detail-type": "SageMaker Model Package State Change", "detail": {"ModelPackageName": "unversioned"}},
            {"detail-type": "CloudFormation Stack Status Change", "detail": {"stack-id": "arn:aws:x:stack/other/1"}},
            {"detail-type": "AWS API Call via CloudTrail", "detail": {"eventName": "CreateModelPackage"}},
            {"detail-type": "AWS API Call via CloudTrail", "detail": {"eventName": "UpdateModelPackage"}},
        ],
    )
    def test_what_is_about_nothing_of_ours_is_passed_over(self, event: dict[str, Any]) -> None:
        assert read_event(event) is None
